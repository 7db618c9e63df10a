"""Rows of one agent's events and snapshots. What they mean is ``memory``'s and the behaviour's."""

from __future__ import annotations

import json
from typing import Any

from littoral.errors import TooLarge
from littoral.jsontext import dumps
from littoral.mesh.kernel.envelope import MAX_BODY_CHARACTERS
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.tables import PIECE_CHARACTERS
from littoral.store.sql import Row, Sql

MAX_PAGE = 500
PAGE_CHARACTERS = 1_000_000


class EventStore:
    """Appends and reads. Every write belongs into a transaction of the caller."""

    def __init__(self, sql: Sql, agent: str) -> None:
        self._sql = sql
        self._agent = agent

    def append(self, event: MeshEvent) -> None:
        """One row. The caller gives the next number; a number that is taken raises.

        Raises ``TooLarge`` for a body that one row, and a message about it, should not hold.
        """
        text = dumps(dict(event.body))
        if len(text) > MAX_BODY_CHARACTERS:
            raise TooLarge(f"The event {event.type} has {len(text)} characters.")
        self._sql.run(
            "INSERT INTO mesh_events VALUES (?, ?, ?, ?, ?, ?, ?)",
            event.number,
            event.at_ms,
            event.type,
            event.version,
            text,
            event.correlation_id,
            event.causation_id,
        )

    def since(self, number: int, limit: int = MAX_PAGE) -> list[MeshEvent]:
        """Events after ``number`` as they were written, oldest first, at most 500 and about a
        megabyte. None means that there are none; fewer than asked for says nothing.
        """
        rows = self._sql.rows(
            "SELECT number, at_ms, type, version, body, correlation_id, causation_id "
            "FROM mesh_events WHERE number > ? ORDER BY number LIMIT ?",
            number,
            max(1, min(limit, MAX_PAGE)),
        )
        return [self._event(row) for row in _bounded(rows)]

    def last_number(self) -> int:
        return int(self._sql.value("SELECT max(number) FROM mesh_events") or 0)

    def _event(self, row: Row) -> MeshEvent:
        number, at_ms, event_type, version, body, correlation_id, causation_id = row
        return MeshEvent(
            agent=self._agent,
            number=int(number or 0),
            type=str(event_type),
            at_ms=int(at_ms or 0),
            version=int(version or 0),
            body=json.loads(str(body)),
            correlation_id=str(correlation_id),
            causation_id=str(causation_id),
        )

    # --- snapshots -------------------------------------------------------------------------------

    def snapshot(self, number: int, version: int, state: Any) -> None:
        """Keeps the state at ``number``, made by a behaviour of ``version``; forgets older ones."""
        text = dumps(state)
        self._sql.run("DELETE FROM snapshots")
        for at in range(0, len(text), PIECE_CHARACTERS):
            self._sql.run(
                "INSERT INTO snapshots VALUES (?, ?, ?, ?)",
                number,
                at // PIECE_CHARACTERS,
                version,
                text[at : at + PIECE_CHARACTERS],
            )

    def newest_snapshot(self, version: int) -> tuple[int, Any] | None:
        """Number and state of the snapshot, if one of this version is there."""
        rows = self._sql.rows(
            "SELECT number, text FROM snapshots WHERE version = ? ORDER BY number, piece", version
        )
        if not rows:
            return None
        return int(rows[0][0] or 0), json.loads("".join(str(text) for _, text in rows))


def _bounded(rows: list[Row]) -> list[Row]:
    """The first rows whose bodies together are not too long; at least one."""
    size = 0
    for index, row in enumerate(rows):
        size += len(str(row[4]))
        if index and size > PAGE_CHARACTERS:
            return rows[:index]
    return rows
