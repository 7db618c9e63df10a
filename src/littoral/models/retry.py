"""When to try the same model again, and how long to wait before.

Exponential backoff with full jitter (every wait is random between nothing and its ceiling, so that
many callers do not come back at once), a limit of attempts, and a budget: waiting may use up only a
share of the deadline, because a fallback that answers is better than a retry that may not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from littoral.errors import LittoralError, ModelUnavailable


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """``most_attempts`` counts the first one. ``waiting_share`` is of the whole call's deadline."""

    most_attempts: int = 3
    first_seconds: float = 0.25
    longest_seconds: float = 4.0
    waiting_share: float = 0.2

    def pause_seconds(
        self,
        error: LittoralError,
        *,
        attempts: int,
        waited_seconds: float,
        timeout_seconds: float,
        random: Callable[[], float],
    ) -> float | None:
        """Seconds to wait before the next attempt, or ``None`` to give this model up.

        ``attempts`` were made, ``waited_seconds`` spent waiting between them. ``random`` gives
        numbers from 0 to 1. A provider's Retry-After is kept, or the model is given up.
        """
        if not isinstance(error, ModelUnavailable) or not error.retryable:
            return None
        if attempts >= self.most_attempts:
            return None
        ceiling = min(self.longest_seconds, self.first_seconds * 2.0 ** (attempts - 1))
        pause = max(random() * ceiling, error.retry_after_seconds or 0.0)
        left = timeout_seconds * self.waiting_share - waited_seconds
        return pause if pause <= left else None
