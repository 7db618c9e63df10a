"""`scripts/lock`: makes the lock files anew from requirements/*.in and package.json."""

from __future__ import annotations

import argparse
import os
import tomllib
from pathlib import Path

from _lib import project
from _lib.failures import SetupFailure
from _lib.local_runtime import ensure_python
from _lib.npm_lock import fill_platform_holes
from _lib.processes import run_tool
from _lib.progress import step
from _lib.toolchain import ensure_node

_UV = "uv==0.13.8"
_HOW = "read the last lines below"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/lock",
        description="Resolve requirements/*.in and package.json again and write their lock files. "
        "Versions move only where the inputs do, or with --upgrade.",
    )
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    options = parser.parse_args(arguments)
    require_same_pins()
    python = ensure_python()
    with step("requirements/*.txt"):
        _lock_python(python, upgrade=options.upgrade)
    with step("package-lock.json"):
        _lock_npm()
    return 0


def require_same_pins(root: Path = project.ROOT) -> None:
    """pyproject.toml and requirements/worker.in must name the same packages, dev.in must agree."""
    declared = set(tomllib.loads((root / "pyproject.toml").read_text())["project"]["dependencies"])
    vendored = _pins(root / "requirements" / "worker.in")
    if declared != vendored:
        raise SetupFailure(
            "pyproject.toml and requirements/worker.in differ in "
            + ", ".join(sorted(declared ^ vendored)),
            "write the same exact pins in both, then run ./scripts/lock",
        )


def _pins(path: Path) -> set[str]:
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return {line for line in lines if line}


def _lock_python(python: Path, *, upgrade: bool) -> None:
    home = project.CACHE / "uv"
    if not (home / "bin" / "uv").is_file():
        run_tool(
            [python, "-m", "pip", "install", "--quiet", "--target", home, _UV],
            what="uv cannot be installed",
            how=_HOW,
            cwd=project.ROOT,
        )
    for name, output, oldest, constraints in (
        ("worker", "requirements/worker.txt", "3.14", []),
        ("dev", "requirements/dev.txt", "3.11", ["--constraints", "requirements/worker.txt"]),
        # In the folder of the image, which is all that its build sees.
        ("sandbox", "sandbox/requirements.txt", "3.14", ["--constraints", "requirements/dev.txt"]),
    ):
        run_tool(
            [
                home / "bin" / "uv",
                "pip",
                "compile",
                "--quiet",
                "--no-config",
                "--universal",
                "--generate-hashes",
                "--no-emit-index-url",
                "--no-emit-find-links",
                "--python-version",
                oldest,
                *(["--upgrade"] if upgrade else []),
                *constraints,
                f"requirements/{name}.in",
                "--output-file",
                output,
            ],
            what=f"requirements/{name}.in cannot be resolved",
            how=_HOW,
            cwd=project.ROOT,
            env={**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "./scripts/lock"},
        )


def _lock_npm() -> None:
    node = ensure_node()
    run_tool(
        [
            *node.npm,
            "install",
            "--package-lock-only",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--omit-lockfile-registry-resolved",
        ],
        what="package.json cannot be resolved",
        how=_HOW,
        cwd=project.ROOT,
        env=node.environment(),
    )
    fill_platform_holes(project.ROOT / "package-lock.json")
