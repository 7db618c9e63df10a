"""`scripts/test`: every suite or the named ones, in lanes. What they need is installed first."""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Sequence
from pathlib import Path

from _lib import project
from _lib.chromium import find_chromium
from _lib.code_checks import run_code_checks
from _lib.lane_runner import run_lanes
from _lib.local_runtime import ensure_python, ensure_runtime
from _lib.progress import say
from _lib.test_lanes import MOST_LANES, dealt, default_lanes, files_of

SUITES = ("fitness", "unit", "worker", "compat", "browser")
_ON_PYTHON_ALONE = frozenset({"fitness", "unit"})
_NO_TESTS_COLLECTED = 5


def main(arguments: list[str]) -> int:
    own, pytest_arguments = split_arguments(arguments)
    options = _parser().parse_args(own)
    suites = [suite for suite in SUITES if suite in options.suite or not options.suite]
    if "browser" in suites and _folder("browser").is_dir():
        find_chromium()
    python = ensure_python() if set(suites) <= _ON_PYTHON_ALONE else ensure_runtime().python
    if not options.suite:
        failed = run_code_checks(python)
        if failed:
            return failed
    named = any(_names_a_test(argument) for argument in pytest_arguments)
    lanes = options.lanes or default_lanes(suites, names_a_test=named)
    if lanes == 1 or named:
        return _run_pytest(python, suites, pytest_arguments)
    together, alone = dealt(files_of(project.ROOT, suites), lanes)
    return run_lanes(together, alone, python, pytest_arguments)


def split_arguments(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """What stands before `--` is ours, what follows goes to pytest."""
    words = list(arguments)
    if "--" not in words:
        return words, []
    at = words.index("--")
    return words[:at], words[at + 1 :]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        usage="scripts/test [-h] [--lanes N] [suite ...] [-- pytest arguments]",
        description="Run the tests. Without a suite: lint, types, then every suite in this order: "
        + ", ".join(SUITES)
        + ". Example: scripts/test unit -- -k offline",
    )
    parser.add_argument("suite", nargs="*", choices=[*SUITES, []], help="default: all of them")
    parser.add_argument(
        "--lanes",
        type=int,
        choices=range(1, MOST_LANES + 1),
        help="how many run side by side (default: as many as there are cores, at most "
        f"{MOST_LANES}; one when a test is named)",
    )
    return parser


def _run_pytest(python: Path, suites: Sequence[str], arguments: Sequence[str]) -> int:
    folders = [_folder(suite) for suite in suites]
    for folder in folders:
        if not folder.is_dir():
            say(f"  there is no {folder.relative_to(project.ROOT)} yet")
    present = [str(folder.relative_to(project.ROOT)) for folder in folders if folder.is_dir()]
    if not present:
        return 0
    # The folders are a suite's default: an argument that names a test narrows it.
    chosen = [] if any(_names_a_test(argument) for argument in arguments) else present
    command = [str(python), "-m", "pytest", *chosen, *arguments]
    return subprocess.run(command, cwd=project.ROOT, check=False).returncode


def _folder(suite: str) -> Path:
    return project.ROOT / "tests" / suite


def _names_a_test(argument: str) -> bool:
    return argument.startswith("tests/") or ".py" in argument.split("::")[0]
