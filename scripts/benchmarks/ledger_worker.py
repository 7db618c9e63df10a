"""Owns a running Worker that moves credits: its folder, its local D1, start and end."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from _lib import project
from _lib.dev_server import DevServer
from _lib.local_database import MIGRATIONS, migrate_local_databases
from _lib.local_runtime import LocalRuntime
from _lib.settings_file import write_settings_file
from _lib.staging import stage
from _lib.wrangler import LOCAL_FLAGS, LocalServer, free_port, wrangler_environment

ENTRY = "ledger_entry.py"


@contextmanager
def ledger_worker(runtime: LocalRuntime, *, folder: Path, port: int) -> Iterator[None]:
    """Serves `workers/ledger_entry.py` with a new database while the block runs."""
    shutil.rmtree(folder, ignore_errors=True)
    config = _project(folder / "project")
    state = folder / "state"
    settings_file = folder / "settings.env"
    write_settings_file(settings_file, {})
    migrate_local_databases(state)
    local = LocalServer(
        port=port, inspector_port=free_port(), state=state, settings_file=settings_file
    )
    server = DevServer(port=port, say=lambda _line: None, log=folder / "wrangler.log")
    try:
        server.start(
            [*local.command(runtime), "--config", str(config)],
            env=wrangler_environment(runtime, scratch=folder),
            cwd=folder / "project",
        )
        server.wait_ready()
        yield
    finally:
        server.stop()


def _project(folder: Path) -> Path:
    """A folder that wrangler can serve: the staged code with another entry, and only the D1."""
    stage(build=folder / "build")
    shutil.copy(project.ROOT / "scripts" / "benchmarks" / "workers" / ENTRY, folder / "build")
    (folder / "python_modules").symlink_to(project.PYTHON_MODULES)
    (folder / "migrations").symlink_to(MIGRATIONS)
    whole = tomllib.loads((project.ROOT / "wrangler.toml").read_text(encoding="utf-8"))
    config = {
        "name": "ledger-bench",
        "main": f"build/{ENTRY}",
        "compatibility_date": whole["compatibility_date"],
        "compatibility_flags": list(LOCAL_FLAGS),
        "d1_databases": whole["d1_databases"],
    }
    path = folder / "wrangler.json"
    path.write_text(json.dumps(config))
    return path
