"""Owns the server that a load starts for itself: as `./scripts/dev` runs it, limits raised."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from _lib import project
from _lib.container_engine import ContainerEngine
from _lib.dev_server import DevServer
from _lib.load.options import Options
from _lib.local_database import migrate_local_databases
from _lib.local_runtime import LocalRuntime
from _lib.progress import step
from _lib.settings_file import local_settings, session_secret, setting_names, write_settings_file
from _lib.wrangler import LocalServer, free_port, require_free_port, wrangler_environment

CLASSES: Final = (
    "signup",
    "run-start",
    "build-start",
    "function-call",
    "paid-turn",
    "memory",
    "execution",
    "mesh-start",
    "costly",
)
SETTINGS: Final = {
    "DEFAULT_MODEL": "offline",
    "RATE_LIMITS": ", ".join(f"{name}=10000/1" for name in CLASSES),
    "SIGNUP_CREDITS": "1000000",
    "DAILY_BUDGET_CREDITS": "1000000",
    "RUNS_AT_ONCE": "1000",
    "BUILDS_AT_ONCE": "100",
    "JOBS_PER_HOUR": "100000",
    "SANDBOX_IDLE_SECONDS": "30",
}


@contextmanager
def own_server(runtime: LocalRuntime, options: Options) -> Iterator[str]:
    """Its address. Server, sandboxes and everything that they kept end with the block."""
    require_free_port(options.port)
    with tempfile.TemporaryDirectory(prefix="littoral-load-") as name:
        state = Path(name)
        secret = session_secret(state)
        settings = local_settings(setting_names(), SETTINGS, session_secret=secret)
        write_settings_file(state / "settings.env", settings)
        migrate_local_databases(state)
        local = LocalServer(
            port=options.port,
            inspector_port=free_port(),
            state=state,
            settings_file=state / "settings.env",
        )
        engine = ContainerEngine(runtime.python)
        server = DevServer(port=options.port, say=lambda _line: None, log=state / "wrangler.log")
        try:
            engine.start()
            with step("the local server"):
                environment = wrangler_environment(runtime, scratch=state, engine=engine)
                server.start(local.command(runtime), env=environment, cwd=project.ROOT)
                server.wait_ready()
                engine.wait_ready()
            yield f"http://localhost:{options.port}"
        finally:
            server.stop()
            engine.stop()
