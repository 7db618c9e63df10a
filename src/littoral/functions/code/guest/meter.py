"""Counts what a function uses: steps, time, memory. It ends what used too much, for good.

A step is a turn of a loop, an item of a comprehension or a call of a function of the user's; long
operations of the interpreter cost steps by their size. Where steps are counted is decided in
``rewrite``, what costs more than one in ``operators``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, NoReturn

StopReason = Literal["steps", "deadline", "memory"]
LOOK_EVERY = 1_024
LARGE_BYTES = 64 * 1024


class Stop(BaseException):
    """The function is over. No ``except`` of the user's catches it."""

    def __init__(self, reason: StopReason, words: str) -> None:
        super().__init__(words)
        self.reason = reason


class Meter:
    """One run. ``heap`` gives the bytes that the process has now; without it nothing is measured.

    After the first ``Stop`` every further step raises it again: code that holds it back, in a
    ``finally`` or a context manager, gets no further than its next loop or call.
    """

    def __init__(
        self,
        *,
        steps: int,
        seconds: float,
        memory_bytes: int,
        heap: Callable[[], int] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most_steps = steps
        self._left = steps
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._clock = clock
        self._heap = heap
        self._heap_before = heap() if heap else 0
        self._ends_at = clock() + seconds
        self._stop: Stop | None = None
        self._taken = 0
        self._look_at = steps - LOOK_EVERY

    @property
    def steps(self) -> int:
        """Steps so far."""
        return self._taken if self._stop else self._most_steps - self._left

    @property
    def stopped(self) -> Stop | None:
        return self._stop

    def tick(self) -> None:
        """One step."""
        self._left -= 1
        if self._left < self._look_at:
            self._look()

    def charge(self, steps: int) -> None:
        """Several steps at once."""
        self._left -= steps
        if self._left < self._look_at:
            self._look()

    def allocate(self, size: int) -> None:
        """Before something of ``size`` bytes is made: too large is refused."""
        if size > self._memory_bytes // 2:
            self.end("memory", f"A single value of {size:,} bytes was asked for.")
        if size > LARGE_BYTES:
            self.charge(size // 256)
            self._look()

    def end(self, reason: StopReason, words: str) -> NoReturn:
        """Ends the function now."""
        if self._stop is None:
            self._taken = min(self._most_steps, self._most_steps - self._left)
            self._stop = Stop(reason, words)
        self._left = min(self._left, 0)
        self._look_at = self._most_steps + 1
        raise self._stop

    def look(self) -> None:
        """Looks at the clock and the memory; what cannot be counted in steps calls this."""
        self._look()

    def _look(self) -> None:
        if self._stop is not None:
            raise self._stop
        self._look_at = self._left - LOOK_EVERY
        if self._left < 0:
            self.end("steps", f"It took more than {self._most_steps:,} steps.")
        if self._clock() > self._ends_at:
            self.end("deadline", f"It took more than {self._seconds:g} seconds.")
        if self._heap and self._heap() - self._heap_before > self._memory_bytes:
            self.end("memory", f"It needed more than {self._memory_bytes // 2**20} MB of memory.")
