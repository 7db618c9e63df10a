"""The limiter as everybody else sees it: one call that passes or raises.

Exact counts are kept by ``littoral.limits.window`` in the Durable Object ``RateLimiter``; the
platform's own limiter does for cheap calls. ``littoral.platform.limiter`` reaches both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Rule:
    """At most ``limit`` calls in any span of ``per_seconds``, counted apart under ``name``.

    A rule that is not ``exact`` may be counted by the platform, roughly and place by place, and
    does not stop anybody when the count cannot be reached.
    """

    name: str
    limit: int
    per_seconds: int
    exact: bool = True


class Limiter(Protocol):
    """Counts calls of a subject: ``user:<id>``, ``address:<ip>``, ``global`` or the like."""

    async def take(self, subject: str, rule: Rule) -> None:
        """Counts one call.

        Raises ``RateLimited`` with ``retry_after_seconds`` when it would be one too many (then it
        is not counted), and ``DependencyUnavailable`` when the counts cannot be reached.
        """
        ...
