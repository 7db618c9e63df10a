"""Numbered facts about one agent, kept in rows: what happened, in order, for ever.

Numbers begin at 1 and have no gap: an event is written in the same transaction as the change that
it tells of. Readers keep the last number that they saw and ask for what came ``since``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from littoral.clock import Clock, iso
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

EVENT_LOG_SCHEMA = Schema(
    name="event_log",
    steps=(
        "CREATE TABLE events (number INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, "
        "type TEXT NOT NULL, data TEXT NOT NULL)",
    ),
)

MAX_PAGE = 500


@dataclass(frozen=True, kw_only=True)
class Event:
    """One fact. ``type`` is ``noun.verb`` in the past tense; ``data`` is a JSON object."""

    number: int
    type: str
    data: dict[str, Any]
    at_ms: int

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "type": self.type,
            "data": self.data,
            "at": iso(self.at_ms),
        }


class EventLog:
    """Appends and reads the events of one agent."""

    def __init__(self, sql: Sql, clock: Clock) -> None:
        self._sql = sql
        self._clock = clock

    def append(self, event_type: str, data: dict[str, Any]) -> None:
        """Writes one event (one row). Call it inside the transaction of the change itself."""
        self._sql.run(
            "INSERT INTO events (at_ms, type, data) VALUES (?, ?, ?)",
            self._clock.now_ms(),
            event_type,
            json.dumps(data, separators=(",", ":")),
        )

    def since(self, number: int, limit: int = 100) -> list[Event]:
        """Events after ``number``, oldest first, at most ``limit`` (1 to 500)."""
        rows = self._sql.rows(
            "SELECT number, type, data, at_ms FROM events WHERE number > ? ORDER BY number LIMIT ?",
            number,
            max(1, min(limit, MAX_PAGE)),
        )
        return [_event(*row) for row in rows]


def _event(number: Any, event_type: Any, data: Any, at_ms: Any) -> Event:
    return Event(number=int(number), type=str(event_type), data=json.loads(data), at_ms=int(at_ms))
