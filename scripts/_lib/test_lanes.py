"""Owns which test files run beside which: lanes, each a pytest process of its own.

The worker's and the browser's tests mostly wait, so several lanes use a machine better than one.
Files are given out before anything runs: the longest first, each to the lane with the least to do.
Running lanes and telling of them is `lane_runner.py`'s business.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MOST_LANES = 3
_ON_ONE_LANE = frozenset({"fitness", "unit"})

ALONE = (
    "tests/browser/test_budgets.py",
    "tests/worker/test_sandbox_limits.py",
)
"""They measure time, or fork until they are stopped: nothing runs beside them."""

SECONDS = {
    "tests/worker/test_accounts.py": 75,
    "tests/worker/test_accounts_kill.py": 25,
    "tests/worker/test_api_fuzz.py": 50,
    "tests/worker/test_builder_families.py": 35,
    "tests/worker/test_credits.py": 85,
    "tests/worker/test_database_contract.py": 20,
    "tests/worker/test_evict_builds.py": 25,
    "tests/worker/test_function_code.py": 90,
    "tests/worker/test_function_network.py": 35,
    "tests/worker/test_harness.py": 25,
    "tests/worker/test_kill.py": 115,
    "tests/worker/test_kill_builds.py": 55,
    "tests/worker/test_kill_executions.py": 30,
    "tests/worker/test_kill_functions.py": 35,
    "tests/worker/test_kill_mesh.py": 50,
    "tests/worker/test_kill_runs.py": 80,
    "tests/worker/test_orchestrator.py": 30,
    "tests/worker/test_sandbox.py": 60,
    "tests/worker/test_sandbox_limits.py": 20,
    "tests/worker/test_terminal.py": 25,
    "tests/worker/test_watches.py": 30,
    "tests/browser/builds/test_watch.py": 25,
    "tests/browser/functions/test_refusals.py": 25,
    "tests/browser/registry/test_executions.py": 25,
    "tests/browser/registry/test_memory.py": 5,
    "tests/browser/registry/test_places.py": 5,
    "tests/browser/test_accessibility.py": 45,
    "tests/browser/test_account.py": 70,
    "tests/browser/test_answers.py": 50,
    "tests/browser/test_approvals.py": 25,
    "tests/browser/test_budgets.py": 50,
    "tests/browser/test_exfiltration.py": 75,
    "tests/browser/test_front_door.py": 5,
    "tests/browser/test_models_in_node.py": 5,
    "tests/browser/test_pages.py": 5,
    "tests/browser/test_preview.py": 55,
    "tests/browser/test_run_story.py": 60,
    "tests/unit/test_accounts_keys.py": 15,
    "tests/unit/test_api_builds.py": 30,
    "tests/unit/test_api_contract.py": 40,
    "tests/unit/test_api_credits.py": 10,
    "tests/unit/test_api_edge.py": 10,
    "tests/unit/test_api_registry.py": 25,
    "tests/unit/test_api_service.py": 10,
    "tests/unit/test_api_tasks.py": 10,
    "tests/unit/test_builder_checks.py": 25,
    "tests/unit/test_builder_kills.py": 15,
    "tests/unit/test_ground_lanes.py": 10,
    "tests/unit/test_mesh_work_kills.py": 10,
    "tests/unit/test_models_json_schema.py": 10,
    "tests/unit/test_terminal_shell.py": 10,
    "tests/unit/test_watch_story.py": 10,
}
"""What a heavy file takes on two cores; the others are taken for average ones of their suite."""

_AVERAGE = {"fitness": 1, "unit": 2, "worker": 12, "compat": 15, "browser": 15}


@dataclass(kw_only=True)
class Lane:
    """Files that one process runs, in this order."""

    name: str
    files: list[str] = field(default_factory=list)
    seconds: int = 0

    def take(self, file: str) -> None:
        self.files.append(file)
        self.seconds += expected_seconds(file)


def default_lanes(suites: Sequence[str], *, names_a_test: bool) -> int:
    """As many as the machine has cores, three at most; one where more would gain nothing."""
    is_small = len(suites) == 1 and set(suites) <= _ON_ONE_LANE
    return 1 if names_a_test or is_small else min(MOST_LANES, os.cpu_count() or 1)


def expected_seconds(file: str) -> int:
    return SECONDS.get(file, _AVERAGE.get(file.split("/")[1], 10))


def files_of(root: Path, suites: Iterable[str]) -> list[str]:
    """Every test file of the suites, as paths below `root`."""
    found: list[str] = []
    for suite in suites:
        paths = sorted((root / "tests" / suite).rglob("test_*.py"))
        found += [path.relative_to(root).as_posix() for path in paths]
    return found


def dealt(files: Sequence[str], lanes: int) -> tuple[list[Lane], Lane]:
    """The lanes that run side by side, and the one that runs by itself after them.

    Every file is in exactly one. Each lane runs suite after suite, so that a browser or a server
    that tests share is started once.
    """
    together = [Lane(name=str(number + 1)) for number in range(lanes)]
    alone = Lane(name="alone")
    longest_first = sorted(files, key=lambda file: (-expected_seconds(file), file))
    for file in longest_first:
        least_busy = min(together, key=lambda lane: lane.seconds)
        (alone if file in ALONE else least_busy).take(file)
    order = {file: number for number, file in enumerate(files)}
    for lane in together:
        lane.files.sort(key=order.__getitem__)
    return [lane for lane in together if lane.files], alone
