"""Owns the pre-flight of a deploy: runs the Worker's top level and takes its memory snapshot.

A deploy imports the entry once, outside of any request, and keeps the memory. Entropy, I/O or a
live JavaScript object in a global make that fail, and a local server does not notice. workerd
itself can do the same here, offline: `workerd test` with a configuration of the staged modules,
told to save the snapshot. The traceback it prints is the one a deploy would show.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

from _lib import project
from _lib.failures import SetupFailure
from _lib.local_runtime import LocalRuntime
from _lib.wrangler import LOCAL_FLAGS, SNAPSHOT_FLAG

PREFLIGHT_SECONDS = 120
SNAPSHOT = "snapshot.bin"
_SHOWN_LINES = 30


def preflight(runtime: LocalRuntime, *, build: Path, scratch: Path) -> int:
    """Bytes of the snapshot that a deploy of `build` would keep.

    SetupFailure with the runtime's words when the top level fails or cannot be kept. Repeatable.
    """
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    (scratch / "worker.capnp").write_text(_configuration(build, scratch), encoding="utf-8")
    output = _run(runtime, scratch)
    snapshot = scratch / SNAPSHOT
    # A Worker without a test exits with 1 either way: the snapshot is the proof.
    if not snapshot.is_file() or "Uncaught" in output:
        raise SetupFailure(
            "a deploy would fail: the Worker's top level cannot be run and kept\n"
            + "\n".join(output.strip().splitlines()[-_SHOWN_LINES:]),
            "mend the module that is named above; entropy, I/O and JavaScript objects in globals "
            "belong into the first request, not into an import",
        )
    return snapshot.stat().st_size


def _run(runtime: LocalRuntime, scratch: Path) -> str:
    command = [
        str(runtime.native_workerd),
        "test",
        "worker.capnp",
        "--experimental",
        f"--pyodide-bundle-disk-cache-dir={runtime.bundle_folder}",
        "--python-snapshot-dir",
        ".",
        "--python-save-snapshot",
    ]
    try:
        done = subprocess.run(
            command,
            cwd=scratch,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=PREFLIGHT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise SetupFailure(
            f"the Worker's top level did not end in {PREFLIGHT_SECONDS} s",
            "look for an endless loop or a wait in a module's top level",
        ) from expired
    return done.stdout


def _configuration(build: Path, scratch: Path) -> str:
    wrangler = tomllib.loads((project.ROOT / "wrangler.toml").read_text(encoding="utf-8"))
    flags = [*LOCAL_FLAGS, SNAPSHOT_FLAG]
    modules = ",\n".join(
        f"    (name = {_quoted(name)}, {kind} = embed {_quoted(os.path.relpath(file, scratch))})"
        for name, kind, file in _modules(build)
    )
    return (
        'using Workerd = import "/workerd/workerd.capnp";\n'
        'const config :Workerd.Config = (services = [(name = "main", worker = .worker)]);\n'
        "const worker :Workerd.Worker = (\n"
        f"  compatibilityDate = {_quoted(wrangler['compatibility_date'])},\n"
        f"  compatibilityFlags = [{', '.join(map(_quoted, flags))}],\n"
        f"  modules = [\n{modules}\n  ],\n);\n"
    )


def _modules(build: Path) -> Iterator[tuple[str, str, Path]]:
    """Name, kind and file of each module, the entry first: workerd runs the first one."""
    entry = build / "entry.py"
    yield "entry.py", "pythonModule", entry
    for folder, prefix in ((build, ""), (project.PYTHON_MODULES, "python_modules/")):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file != entry and "__pycache__" not in file.parts:
                kind = "pythonModule" if file.suffix == ".py" else "data"
                yield prefix + file.relative_to(folder).as_posix(), kind, file.resolve()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
