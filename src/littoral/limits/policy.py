"""Holds callers to the rules: which counts one call is put on, and what happens when they fail."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from littoral.errors import OutsideError
from littoral.limits.limiter import Limiter, Rule
from littoral.limits.rules import COSTLY

EVERYBODY = "global"

_log = logging.getLogger(__name__)


def user(user_id: str) -> str:
    """The subject for one user."""
    return f"user:{user_id}"


def address(ip: str | None) -> str:
    """The subject for one network address; callers whose address is not known share one."""
    return f"address:{ip or 'unknown'}"


class Limits:
    """All rules of a deployment over its limiter."""

    def __init__(self, limiter: Limiter, rules: Mapping[str, Rule]) -> None:
        self._limiter = limiter
        self._rules = rules

    async def admit(self, route_class: str, subject: str) -> None:
        """Counts a call of a class; costly ones also on the count that everybody shares.

        Raises ``RateLimited``. When the counts cannot be reached, calls of exact classes are
        refused with ``DependencyUnavailable`` and cheap ones pass. A call that the shared count
        refuses stays counted on the subject's own.
        """
        await self._take(subject, self._rules[route_class])
        if route_class in COSTLY:
            await self.admit_costly()

    async def admit_costly(self) -> None:
        """Counts a costly call on the count that everybody shares; raises as ``admit`` does."""
        await self._take(EVERYBODY, self._rules["costly"])

    async def _take(self, subject: str, rule: Rule) -> None:
        try:
            await self._limiter.take(subject, rule)
        except OutsideError as error:
            if rule.exact:
                raise
            _log.warning("calls of class %s are not counted: %s", rule.name, error)
