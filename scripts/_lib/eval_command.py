"""`scripts/eval`: runs one of the evaluations in scripts/evaluations/eval_<name>.py.

An evaluation is a module with a docstring, whose first line is its summary, and
`main(arguments) -> int`: how often something answers right, not how fast. It runs in `.venv` with
the checkout as its folder.
"""

from __future__ import annotations

import argparse
import os
import subprocess

from _lib import project
from _lib.bench_command import listing, measurements
from _lib.local_runtime import ensure_runtime

FOLDER = project.ROOT / "scripts" / "evaluations"
PREFIX = "eval_"


def main(arguments: list[str]) -> int:
    known = measurements(FOLDER, PREFIX)
    parser = argparse.ArgumentParser(
        prog="scripts/eval",
        usage="scripts/eval [-h] [name [arguments ...]]",
        description="Run an evaluation; without a name, list them. The rest goes to it.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=listing(known),
    )
    parser.add_argument("name", nargs="?", choices=known, metavar="name")
    options = parser.parse_args(arguments[:1])
    if options.name is None:
        print(listing(known))
        return 0
    runtime = ensure_runtime()
    command = [str(runtime.python), "-m", f"evaluations.{PREFIX}{options.name}", *arguments[1:]]
    paths = [project.ROOT / "scripts", project.ROOT / "src", project.ROOT]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(str(path) for path in paths)}
    return subprocess.run(command, cwd=project.ROOT, env=environment, check=False).returncode
