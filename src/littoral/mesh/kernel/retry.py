"""When to try again: growing delays with full jitter, and a bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from littoral.errors import LittoralError

BASE_MS: Final = 500
LONGEST_MS: Final = 60_000
SHORTEST_MS: Final = 50
MAX_DELIVERIES: Final = 12
"""Tries of one message: about five minutes in the middle, ten at most."""


def delay_ms(attempts: int, jitter: Callable[[], float], error: LittoralError | None = None) -> int:
    """How long to wait after ``attempts`` tries; at least what the error asks for.

    ``jitter`` gives a number from 0 to 1: many that failed together do not come back together.
    """
    most = min(LONGEST_MS, BASE_MS * 2 ** min(attempts, 20))
    asked = (error.retry_after_seconds or 0) if error is not None else 0
    return max(SHORTEST_MS, int(most * jitter()), min(LONGEST_MS, int(asked * 1000)))
