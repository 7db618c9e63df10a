"""Owns running lanes of tests side by side: their processes, what they print, and the sum of it.

Each line is shown as it comes, with the name of its lane before it, and kept in
`.cache/lanes/<lane>.log` beside the lane's JUnit report. Which files a lane has is
`test_lanes.py`'s business.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from _lib import project
from _lib.test_lanes import Lane

FOLDER = project.CACHE / "lanes"
END_SECONDS = 60.0
"""How long an interrupted lane may take to stop what its tests have started."""
_FAILED = re.compile(r"(FAILED|ERROR) \S+\.py")
_COUNTS = re.compile(
    r"(?:=+ )?((?:no tests ran|\d+ [a-z]+(?:, \d+ [a-z]+)*) in [\d.]+s.*?)(?: =+)?"
)
_NOTHING_COLLECTED = 5


@dataclass(kw_only=True)
class LaneEnd:
    """How a lane ended. ``code`` is pytest's, ``failed`` its own words for each failure."""

    lane: Lane
    code: int = 1
    seconds: float = 0.0
    counts: str = "it ended without a word"
    failed: list[str] = field(default_factory=list)


class RunningLane:
    """One pytest process. `wait` gives its end, `interrupt` asks it to come to it."""

    def __init__(self, lane: Lane, python: Path, arguments: Sequence[str]) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        self._end = LaneEnd(lane=lane)
        self._began = time.monotonic()
        self._process = subprocess.Popen(
            [str(python), "-u", "-m", "pytest", *lane.files, *_own(lane), *arguments],
            cwd=project.ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # an interrupt reaches it once, from us
            preexec_fn=_hear_interrupts,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait(self) -> LaneEnd:
        self._end.code = self._process.wait()
        self._reader.join(END_SECONDS)
        return self._end

    def interrupt(self) -> None:
        """As a keyboard does, so that fixtures stop their servers; by force when that hangs."""
        if self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)

    def _read(self) -> None:
        name = self._end.lane.name
        assert self._process.stdout is not None
        with (
            self._process.stdout as lines,
            (FOLDER / f"{name}.log").open("w", encoding="utf-8") as log,
        ):
            for line in lines:
                log.write(line)
                log.flush()
                print(f"{name}| {line}", end="", flush=True)
                self._take(line.rstrip("\n"))
        self._end.seconds = time.monotonic() - self._began

    def _take(self, line: str) -> None:
        if _FAILED.match(line):
            self._end.failed.append(line)
        if counts := _COUNTS.fullmatch(line):
            self._end.counts = counts.group(1)


def run_lanes(together: Sequence[Lane], alone: Lane, python: Path, arguments: Sequence[str]) -> int:
    """Runs all of them and prints the sum. Gives pytest's exit code: 0 when every test passed."""
    ends = _run(together, python, arguments)
    if alone.files:
        ends += _run([alone], python, arguments)
    print(summary(ends), flush=True)
    return exit_code([end.code for end in ends])


def exit_code(codes: Sequence[int]) -> int:
    """Pytest's word for all lanes: one that has none of the tests asked for is no failure."""
    bad = set(codes) - {0, _NOTHING_COLLECTED}
    if bad:
        return min(bad, key=abs)
    return 0 if 0 in codes else _NOTHING_COLLECTED


def summary(ends: Sequence[LaneEnd]) -> str:
    """A line for each lane, then every failed test."""
    lines = ["", "lanes of tests"]
    for end in ends:
        files = len(end.lane.files)
        lines.append(f"  {end.lane.name:>5}  {files:3} files  {end.seconds:6.0f} s  {end.counts}")
    failed = [line for end in ends for line in end.failed]
    lines += ["", *failed] if failed else []
    broken = [end for end in ends if end.code not in (0, 1, _NOTHING_COLLECTED)]
    lines += [f"lane {end.lane.name} ended with code {end.code}" for end in broken]
    return "\n".join(lines)


def _run(lanes: Sequence[Lane], python: Path, arguments: Sequence[str]) -> list[LaneEnd]:
    running: list[RunningLane] = []
    with _told_to_end():
        try:
            for lane in lanes:
                running.append(RunningLane(lane, python, arguments))
            return [one.wait() for one in running]
        except KeyboardInterrupt:
            stopping = [threading.Thread(target=one.interrupt) for one in running]
            for thread in stopping:
                thread.start()
            for thread in stopping:
                thread.join()
            raise


def _hear_interrupts() -> None:
    """In the child: a shell's background job would be deaf to them, and its children too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def _told_to_end() -> Iterator[None]:
    """A polite end from outside is taken as an interrupt."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _own(lane: Lane) -> list[str]:
    """Two processes must not write the same files."""
    cache = project.CACHE / "lanes" / f"pytest-{lane.name}"
    return ["-o", f"cache_dir={cache}", f"--junit-xml={FOLDER / lane.name}.xml"]
