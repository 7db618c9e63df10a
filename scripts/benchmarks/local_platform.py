"""The whole platform as `./scripts/dev` runs it, for a measurement; its state is its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from _lib import project
from _lib.dev_server import DevServer
from _lib.local_database import migrate_local_databases
from _lib.local_runtime import LocalRuntime
from _lib.progress import step
from _lib.settings_file import local_settings, session_secret, setting_names, write_settings_file
from _lib.wrangler import LocalServer, free_port, wrangler_environment


@contextmanager
def local_platform(runtime: LocalRuntime, port: int, chosen: Mapping[str, str]) -> Iterator[str]:
    """Its address; it ends with the block. ``chosen`` are settings that differ from the usual."""
    with tempfile.TemporaryDirectory(prefix="littoral-bench-") as name:
        state = Path(name)
        secret = session_secret(state)
        settings = local_settings(setting_names(), chosen, session_secret=secret)
        write_settings_file(state / "settings.env", settings)
        migrate_local_databases(state)
        local = LocalServer(
            port=port,
            inspector_port=free_port(),
            state=state,
            settings_file=state / "settings.env",
        )
        server = DevServer(port=port, say=lambda _line: None, log=state / "wrangler.log")
        try:
            with step("the local server"):
                environment = wrangler_environment(runtime, scratch=state)
                server.start(local.command(runtime), env=environment, cwd=project.ROOT)
                server.wait_ready()
            yield f"http://localhost:{port}"
        finally:
            server.stop()
