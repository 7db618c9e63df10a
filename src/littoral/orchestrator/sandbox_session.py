"""Sandbox sessions: sandboxes that stay, for a terminal and for several runs.

What they are, in rows. Starting, stopping and paying is ``littoral.orchestrator.sandbox_sessions``.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from littoral.clock import iso, iso_or_none
from littoral.errors import Conflict, NotFound
from littoral.jsontext import dumps
from littoral.store.migrations import Schema
from littoral.store.sql import Sql, Value

SANDBOX_SESSIONS_SCHEMA = Schema(
    name="sandbox_sessions",
    steps=(
        "CREATE TABLE sandbox_sessions (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
        "open INTEGER NOT NULL, record TEXT NOT NULL)",
    ),
)
SessionStatus = Literal["starting", "ready", "asleep", "stopped", "failed"]
CLOSED = frozenset({"stopped", "failed"})


@dataclass(frozen=True, kw_only=True)
class SandboxSession:
    """One sandbox that stays. ``period`` counts what was paid for: each is reserved before."""

    id: str
    user_id: str
    name: str
    network: tuple[str, ...]
    created_at_ms: int
    last_used_at_ms: int
    status: SessionStatus = "starting"
    isolation: str = ""
    ports: tuple[int, ...] = ()
    error: dict[str, str] | None = None
    draft: bool = True
    period: int = 0
    period_began_at_ms: int = 0
    motor: int = 0
    ended_at_ms: int | None = None
    env: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "status": self.status,
            "createdAt": iso(self.created_at_ms),
            "lastUsedAt": iso(self.last_used_at_ms),
            "endedAt": iso_or_none(self.ended_at_ms),
            "isolation": self.isolation,
            "network": list(self.network),
            "ports": list(self.ports),
            "error": self.error,
        }


class SessionBook:
    """The rows of one owner's sandbox sessions."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def find(self, session_id: str) -> SandboxSession | None:
        text = self._sql.value("SELECT record FROM sandbox_sessions WHERE id = ?", session_id)
        return None if text is None else _session(text)

    def get(self, session_id: str) -> SandboxSession:
        """Raises ``NotFound`` for none of this owner's."""
        found = self.find(session_id)
        if found is None or found.draft:
            raise NotFound(f"You have no sandbox session {session_id[:60]!r}.")
        return found

    def usable(self, session_id: str) -> SandboxSession:
        """One in which something may run; raises ``NotFound`` or ``Conflict``."""
        found = self.get(session_id)
        if found.status in CLOSED:
            raise Conflict(
                f"The sandbox session {found.name!r} is {found.status}.",
                next_step="Create another one with POST /api/orchestrator/session.",
            )
        return found

    def put(self, session: SandboxSession) -> None:
        self._sql.run(
            "INSERT INTO sandbox_sessions (id, open, record) VALUES (?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET open = excluded.open, record = excluded.record",
            session.id,
            0 if session.status in CLOSED else 1,
            dumps(asdict(session)),
        )

    def forget(self, session_id: str) -> None:
        self._sql.run("DELETE FROM sandbox_sessions WHERE id = ?", session_id)

    def newest(self, limit: int = 50) -> list[SandboxSession]:
        """Open ones first, each newest first."""
        rows = self._sql.rows(
            "SELECT record FROM sandbox_sessions ORDER BY open DESC, number DESC LIMIT ?", limit
        )
        return [each for each in map(_of_row, rows) if not each.draft]

    def open(self) -> list[SandboxSession]:
        """All that have not been stopped, drafts included."""
        rows = self._sql.rows("SELECT record FROM sandbox_sessions WHERE open = 1")
        return [_of_row(row) for row in rows]


def _of_row(row: tuple[Value, ...]) -> SandboxSession:
    return _session(row[0])


def _session(text: Value) -> SandboxSession:
    raw = json.loads(str(text))
    return SandboxSession(**{**raw, "network": tuple(raw["network"]), "ports": tuple(raw["ports"])})
