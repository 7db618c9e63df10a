"""The exact count: calls of one subject as rows, one for each call that still counts.

A sliding window: in any span of a rule's length there are never more calls than its limit, and the
time to wait is exact. There are at most as many rows as the limits allow together. One subject's
counts lie in one object, whose events come one after the other.
"""

from __future__ import annotations

import math

from littoral.errors import RateLimited
from littoral.limits.limiter import Rule
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

WINDOW_SCHEMA = Schema(
    name="limits",
    steps=(
        """
        CREATE TABLE takes (
          number INTEGER PRIMARY KEY,
          rule TEXT NOT NULL,
          at_ms INTEGER NOT NULL,
          until_ms INTEGER NOT NULL
        );
        CREATE INDEX takes_of_rule ON takes (rule, at_ms);
        """,
    ),
)


class Window:
    """The counts of one subject."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def take(self, rule: Rule, now_ms: int) -> None:
        """Counts a call; raises ``RateLimited``, and then it is not counted."""
        self._sql.transaction(lambda: self._take(rule, now_ms))

    def _take(self, rule: Rule, now_ms: int) -> None:
        span_ms = rule.per_seconds * 1000
        self._sql.run(
            "DELETE FROM takes WHERE rule = ? AND at_ms <= ?", rule.name, now_ms - span_ms
        )
        # The call that has to go before there is room: the oldest, later if the limit was lowered.
        blocking = self._sql.value(
            "SELECT at_ms FROM takes WHERE rule = ? ORDER BY at_ms DESC LIMIT 1 OFFSET ?",
            rule.name,
            rule.limit - 1,
        )
        if blocking is not None:
            raise RateLimited(
                f"At most {rule.limit} calls of this kind ({rule.name}) in {_span(rule)}.",
                retry_after_seconds=max(1, math.ceil((int(blocking) + span_ms - now_ms) / 1000)),
            )
        self._sql.run(
            "INSERT INTO takes (rule, at_ms, until_ms) VALUES (?, ?, ?)",
            rule.name,
            now_ms,
            now_ms + span_ms,
        )

    def empty_from_ms(self) -> int | None:
        """When the last call stops counting; ``None`` when nothing counts."""
        found = self._sql.value("SELECT MAX(until_ms) FROM takes")
        return None if found is None else int(found)


def _span(rule: Rule) -> str:
    if rule.per_seconds % 3600 == 0:
        hours = rule.per_seconds // 3600
        return "an hour" if hours == 1 else f"{hours} hours"
    if rule.per_seconds % 60 == 0:
        minutes = rule.per_seconds // 60
        return "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"{rule.per_seconds} seconds"
