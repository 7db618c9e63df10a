"""Lanes of tests: every file runs once, failures are summed up, an interrupt ends what runs."""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from _lib import project
from _lib.lane_runner import RunningLane, exit_code, run_lanes
from _lib.test_command import SUITES
from _lib.test_lanes import ALONE, SECONDS, Lane, dealt, default_lanes, files_of

PYTHON = Path(sys.executable)
WAIT_SECONDS = 60.0


@pytest.mark.parametrize("lanes", [1, 2, 3])
def test_every_file_is_in_one_lane(lanes: int) -> None:
    files = files_of(project.ROOT, SUITES)
    together, alone = dealt(files, lanes)

    given = Counter(file for lane in [*together, alone] for file in lane.files)
    assert given == Counter(files)
    assert set(alone.files) == set(ALONE)
    assert max(lane.seconds for lane in together) < 1.2 * min(lane.seconds for lane in together)


def test_what_is_said_of_files_is_said_of_files_that_are_there() -> None:
    assert {*ALONE, *SECONDS} <= set(files_of(project.ROOT, SUITES))


def test_one_lane_is_enough_for_what_is_quick_or_named() -> None:
    assert default_lanes(["unit"], names_a_test=False) == 1
    assert default_lanes(["worker", "browser"], names_a_test=True) == 1
    assert 1 <= default_lanes(["worker"], names_a_test=False) <= 3


@pytest.mark.parametrize(
    ("codes", "expected"),
    [([0, 0], 0), ([0, 5], 0), ([5, 5], 5), ([0, 1], 1), ([5, 1], 1), ([0, -9], -9), ([2, 1], 1)],
)
def test_the_exit_code_is_that_of_the_worst(codes: list[int], expected: int) -> None:
    assert exit_code(codes) == expected


def test_lanes_print_what_they_do_and_the_sum_names_each_failure(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "test_good.py", tmp_path / "test_bad.py"
    good.write_text("def test_it_works():\n    pass\n")
    bad.write_text("def test_it_fails():\n    assert 0\n")
    lanes = [Lane(name=f"sample-{each.stem}", files=[str(each)]) for each in (good, bad)]

    code = run_lanes(lanes, Lane(name="sample-alone"), PYTHON, ["-q"])

    printed = capfd.readouterr().out
    story, _, told = printed.partition("lanes of tests")
    assert code == 1
    assert "sample-test_good| " in story
    assert "1 passed" in told
    assert "1 failed" in told
    assert [line for line in told.splitlines() if "::test_it_fails" in line]
    assert "test_it_works" not in told


def test_an_interrupted_lane_ends_with_what_it_has_started(tmp_path: Path) -> None:
    sample, begun, freed = (tmp_path / name for name in ("test_sample.py", "begun", "freed"))
    sample.write_text(
        "import pathlib, pytest, threading\n"
        "@pytest.fixture\n"
        f"def it():\n    yield\n    pathlib.Path({str(freed)!r}).touch()\n"
        "def test_waits(it):\n"
        f"    pathlib.Path({str(begun)!r}).touch()\n"
        "    threading.Event().wait(600)\n"
    )
    running = RunningLane(Lane(name="sample-waits", files=[str(sample)]), PYTHON, [])
    deadline = time.monotonic() + WAIT_SECONDS
    while not begun.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)

    running.interrupt()

    assert running.wait().code == 2
    assert freed.exists()
