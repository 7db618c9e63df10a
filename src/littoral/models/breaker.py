"""A circuit breaker: stops asking a model that keeps failing, and tries it again after a while.

    closed ──(failures within the window)──▶ open ──(pause over)──▶ half-open
       ▲                                       ▲                        │
       └──────────── trial succeeded ──────────┼──── trial failed ──────┘

State is memory of this process on purpose: a fresh process may try afresh.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from littoral.clock import Clock

State = Literal["closed", "open", "half-open"]


@dataclass(frozen=True, kw_only=True)
class BreakerView:
    """What people and health checks see. ``retry_at_ms`` is 0 unless the breaker is open."""

    state: State
    recent_failures: int
    retry_at_ms: int


class Breaker:
    """Of one model. Ask ``allow`` before a call and report its end with one of the other three."""

    def __init__(
        self,
        clock: Clock,
        *,
        most_failures: int = 5,
        window_ms: int = 60_000,
        pause_ms: int = 30_000,
    ) -> None:
        self._clock = clock
        self._most_failures = most_failures
        self._window_ms = window_ms
        self._pause_ms = pause_ms
        self._failed_at: deque[int] = deque(maxlen=most_failures)
        self._retry_at_ms = 0
        self._trial_since_ms = 0

    @property
    def state(self) -> State:
        """``half-open`` means that the pause is over and one trial decides."""
        if not self._retry_at_ms:
            return "closed"
        return "open" if self._clock.now_ms() < self._retry_at_ms else "half-open"

    def view(self) -> BreakerView:
        """The state with its numbers."""
        state = self.state
        since = self._clock.now_ms() - self._window_ms
        return BreakerView(
            state=state,
            recent_failures=sum(at >= since for at in self._failed_at),
            retry_at_ms=self._retry_at_ms if state == "open" else 0,
        )

    def allow(self) -> bool:
        """Whether a call may be made now. When half-open, the first one asking is the trial.

        A trial that nobody reports on is given up after another pause.
        """
        if not self._retry_at_ms:
            return True
        now = self._clock.now_ms()
        if now < self._retry_at_ms or now < self._trial_since_ms + self._pause_ms:
            return False
        self._trial_since_ms = now
        return True

    def succeeded(self) -> None:
        """The model answered: everything is forgiven."""
        if self._retry_at_ms or self._failed_at:
            self._failed_at.clear()
            self._retry_at_ms = self._trial_since_ms = 0

    def failed(self) -> None:
        """The model did not answer."""
        now = self._clock.now_ms()
        self._failed_at.append(now)
        enough = len(self._failed_at) == self._most_failures
        if self._trial_since_ms or (enough and self._failed_at[0] >= now - self._window_ms):
            self._retry_at_ms = now + self._pause_ms
            self._trial_since_ms = 0

    def abandoned(self) -> None:
        """The call was ended before it could tell: the trial, if it was one, is free again."""
        self._trial_since_ms = 0
