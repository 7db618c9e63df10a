"""Time that tests move, and ids that tests can read."""

from __future__ import annotations


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now_ms: int = 1_780_000_000_000) -> None:
        self.at_ms = now_ms

    def now_ms(self) -> int:
        return self.at_ms

    def advance(self, *, seconds: float) -> None:
        self.at_ms += int(seconds * 1000)


class CountingIds:
    """Ids in order: ``ses_1``, ``msg_2``, …"""

    def __init__(self) -> None:
        self._last = 0

    def new(self, prefix: str) -> str:
        self._last += 1
        return f"{prefix}_{self._last}"
