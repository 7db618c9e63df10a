"""Owns `python_modules/`: the Python packages that are uploaded with the Worker.

They are ordinary wheels of PyPI for Pyodide's platform tag, installed by pip into a folder, so no
interpreter of that platform is needed. Which ones is `requirements/worker.txt`'s business.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from _lib import project
from _lib.files import write_atomically
from _lib.processes import run_tool
from _lib.progress import step

PLATFORM = "pyemscripten_2026_0_wasm32"
PYTHON_VERSION = "3.14"
ABIS = ("cp314", "none", "abi3")


def ensure_python_modules(python: Path) -> Path:
    """Fills `python_modules/` when its lock changed; returns the folder. Repeatable."""
    lock = project.REQUIREMENTS / "worker.txt"
    key = hashlib.sha256(lock.read_bytes() + Path(__file__).read_bytes()).hexdigest()
    stamp = project.CACHE / "python_modules.lock"
    current = stamp.is_file() and stamp.read_text() == key and project.PYTHON_MODULES.is_dir()
    if not current:
        with step("the Worker's packages from PyPI (python_modules)"):
            _install(python, lock)
        write_atomically(stamp, key.encode())
    return project.PYTHON_MODULES


def _install(python: Path, lock: Path) -> None:
    fresh = project.CACHE / f"python_modules.{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        run_tool(
            [
                python,
                "-m",
                "pip",
                "install",
                "--progress-bar=off",
                "--disable-pip-version-check",
                "--require-hashes",
                "--no-deps",
                "--no-compile",
                "--only-binary=:all:",
                "--implementation",
                "cp",
                "--platform",
                PLATFORM,
                "--python-version",
                PYTHON_VERSION,
                *(word for abi in ABIS for word in ("--abi", abi)),
                "--target",
                fresh,
                "-r",
                lock,
            ],
            what="the Worker's packages of requirements/worker.txt cannot be installed",
            how=f"PyPI must have a wheel for {PLATFORM} or for any platform; see pip's last lines",
            cwd=project.ROOT,
        )
        shutil.rmtree(fresh / "bin", ignore_errors=True)
        shutil.rmtree(project.PYTHON_MODULES, ignore_errors=True)
        fresh.rename(project.PYTHON_MODULES)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
