"""What came to an agent: marks that make taking a message repeatable, and what waits to be tried.

A mark is one row for each message. What waits is there only after a failure that nobody expected.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from littoral.clock import Clock
from littoral.errors import MeshOverloaded
from littoral.jsontext import dumps
from littoral.mesh.kernel import incoming as rows
from littoral.mesh.kernel import tables
from littoral.mesh.kernel.behaviour import Incoming
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.retry import delay_ms
from littoral.store.sql import Sql

OVERLOAD_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What became of a message of this id, and what was replied."""

    status: str
    fingerprint: str
    reply: Any


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Something that came and could not be handled; ``attempts`` counts the tries."""

    incoming: Incoming
    attempts: int


class Inbox:
    """Rows of one agent's inbox."""

    def __init__(self, sql: Sql, agent: str, clock: Clock, jitter: Callable[[], float]) -> None:
        self._sql = sql
        self._agent = agent
        self._clock = clock
        self._jitter = jitter

    def mark(self, envelope_id: str) -> Mark | None:
        found = self._sql.rows(
            "SELECT status, fingerprint, answer FROM inbox WHERE id = ?", envelope_id
        )
        if not found:
            return None
        status, fingerprint, answer = (str(each) for each in found[0])
        return Mark(status=status, fingerprint=fingerprint, reply=json.loads(answer))

    def set_mark(self, envelope: Envelope, status: str, reply: Any = None) -> None:
        self._sql.run(
            "INSERT OR REPLACE INTO inbox VALUES (?, ?, ?, ?, ?)",
            envelope.id,
            status,
            envelope.fingerprint,
            self._clock.now_ms(),
            dumps(None if reply is None else dict(reply)),
        )

    def forget_old_marks(self) -> int:
        """Forgets marks that no sender can need any more; gives how many rows."""
        before = self._clock.now_ms() - tables.MARK_KEPT_MS
        return self._sql.run("DELETE FROM inbox WHERE at_ms < ?", before)

    def require_room(self) -> None:
        """Raises ``MeshOverloaded`` when too much is before the agent already."""
        full = self._sql.value(
            "SELECT (SELECT count(*) FROM waiting) >= ? OR (SELECT count(*) FROM outbox) >= ? "
            "OR (SELECT count(*) FROM effects) >= ?",
            tables.MAX_WAITING,
            tables.MAX_OUTBOX,
            tables.MAX_EFFECTS,
        )
        if full:
            raise MeshOverloaded(
                f"{self._agent} has too much before it.", retry_after_seconds=OVERLOAD_SECONDS
            )

    # --- what waits ------------------------------------------------------------------------------

    def wait(self, incoming: Incoming) -> None:
        """Keeps something for another try. Within a transaction."""
        self._sql.run(
            "INSERT OR IGNORE INTO waiting VALUES (?, ?, 1, ?)",
            incoming.id,
            rows.written(incoming),
            self._clock.now_ms() + delay_ms(1, self._jitter),
        )

    def due(self, most: int) -> list[Waiting]:
        """What is to be tried now, the longest due first."""
        found = self._sql.rows(
            "SELECT incoming, attempts FROM waiting WHERE due_at_ms <= ? "
            "ORDER BY due_at_ms LIMIT ?",
            self._clock.now_ms(),
            most,
        )
        return [
            Waiting(incoming=rows.read(str(text)), attempts=int(attempts or 0))
            for text, attempts in found
        ]

    def done(self, incoming: Incoming) -> None:
        """It waits no longer. Within a transaction."""
        self._sql.run("DELETE FROM waiting WHERE id = ?", incoming.id)

    def later(self, incoming: Incoming, attempts: int) -> None:
        """It waits on, after ``attempts`` tries."""
        self._sql.run(
            "UPDATE waiting SET attempts = ?, due_at_ms = ? WHERE id = ?",
            attempts,
            self._clock.now_ms() + delay_ms(attempts, self._jitter),
            incoming.id,
        )
