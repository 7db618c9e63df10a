"""`scripts/bench`: runs one of the measurements in scripts/benchmarks/bench_<name>.py.

A measurement is a module with a docstring, whose first line is its summary, and
`main(arguments) -> int`. It runs in `.venv` with the checkout as its folder.
"""

from __future__ import annotations

import argparse
import ast
import os
import subprocess
from pathlib import Path

from _lib import project
from _lib.local_runtime import ensure_runtime

_FOLDER = project.ROOT / "scripts" / "benchmarks"
_PREFIX = "bench_"


def main(arguments: list[str]) -> int:
    known = measurements(_FOLDER)
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        usage="scripts/bench [-h] [name [arguments ...]]",
        description="Run a measurement; without a name, list them. The rest goes to it.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=listing(known),
    )
    parser.add_argument("name", nargs="?", choices=known, metavar="name")
    options = parser.parse_args(arguments[:1])
    if options.name is None:
        print(listing(known))
        return 0
    runtime = ensure_runtime()
    command = [str(runtime.python), "-m", f"benchmarks.{_PREFIX}{options.name}", *arguments[1:]]
    paths = [project.ROOT / "scripts", project.ROOT / "src", project.ROOT]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(str(path) for path in paths)}
    return subprocess.run(command, cwd=project.ROOT, env=environment, check=False).returncode


def measurements(folder: Path, prefix: str = _PREFIX) -> dict[str, str]:
    """Summary of each measurement, a module whose name begins with `prefix`, by its name."""
    return {
        file.stem.removeprefix(prefix): _summary(file)
        for file in sorted(folder.glob(f"{prefix}*.py"))
    }


def _summary(file: Path) -> str:
    documentation = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return documentation.partition("\n")[0]


def listing(known: dict[str, str]) -> str:
    """A line for each measurement."""
    if not known:
        return "There are no measurements yet."
    return "\n".join(f"{name:12} {summary}" for name, summary in known.items())
