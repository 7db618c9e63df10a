"""How many turns a model with a price answers: guests by day, accounts by the minute.

Asked once for each turn, and only where a model with a price may answer: turns that cost nothing
are counted nowhere.
"""

from __future__ import annotations

from typing import Final

from littoral.limits import policy
from littoral.limits.limiter import Limiter, Rule
from littoral.limits.policy import Limits
from littoral.settings import Settings

DAY_SECONDS: Final = 86_400


class TurnRate:
    """Counts one session's turns. ``owner`` names the guest, where it is one."""

    def __init__(self, limiter: Limiter, settings: Settings, *, owner: str) -> None:
        self._limits = Limits(limiter, settings.rate_limits)
        self._limiter = limiter
        self._guest = Rule(
            name="guest-turn", limit=settings.guest_turns_per_day, per_seconds=DAY_SECONDS
        )
        self._owner = owner

    async def admit(self, user_id: str) -> None:
        """Counts a turn of an account, or of the guest when ``user_id`` is empty.

        Raises ``RateLimited``, and ``DependencyUnavailable`` when the counts cannot be reached.
        """
        if user_id:
            await self._limits.admit("paid-turn", policy.user(user_id))
            return
        await self._limiter.take(f"guest:{self._owner}", self._guest)
        await self._limits.admit_costly()
