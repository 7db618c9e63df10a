"""Owns the checks that read the code without running it: lint, format and types."""

from __future__ import annotations

import subprocess
from pathlib import Path

from _lib import project
from _lib.progress import say

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lint", ("ruff", "check", "--quiet", "--output-format=concise", ".")),
    ("format", ("ruff", "format", "--check", "--output-format=concise", ".")),
    ("types", ("mypy", "--no-error-summary")),
)


def run_code_checks(python: Path) -> int:
    """Runs all of them, whichever fails; 0, or 1 after the findings were printed."""
    failed = [name for name, command in CHECKS if not _passes(python, name, command)]
    for name in failed:
        say(f"  {name} failed" + (": ./.venv/bin/ruff format ." if name == "format" else ""))
    return 1 if failed else 0


def _passes(python: Path, name: str, command: tuple[str, ...]) -> bool:
    say(f"  {name} …")
    run = subprocess.run([str(python), "-m", *command], cwd=project.ROOT, check=False)
    return run.returncode == 0
