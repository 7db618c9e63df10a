"""How many new guests one address may bring, where a guest's messages cost something.

Guests are free to make: whoever drops the cookie is a new one, with a new allowance of turns
(``littoral.limits.turns``). Where only free models answer, nobody is counted and nothing is asked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from littoral.credits.prices import is_free
from littoral.limits import policy
from littoral.limits.policy import Limits
from littoral.settings import Settings

HeaderLookup = Callable[[str], str | None]


def guest_count(
    settings: Settings, limits: Limits
) -> Callable[[HeaderLookup], Awaitable[None]] | None:
    """Counts a new guest by the address of the request; ``None`` where guests cost nothing.

    The count raises ``RateLimited``, and ``DependencyUnavailable`` when it cannot be reached.
    """
    if all(map(is_free, (settings.default_model, *settings.fallback_models))):
        return None

    async def count(header: HeaderLookup) -> None:
        await limits.admit("new-guest", policy.address(header("cf-connecting-ip")))

    return count
