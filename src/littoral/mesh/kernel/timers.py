"""Timers of one agent: rows that come back as ``Fired`` when they are due."""

from __future__ import annotations

import json

from littoral.clock import Clock
from littoral.mesh.kernel.behaviour import Fired
from littoral.mesh.kernel.engine import Engine
from littoral.mesh.kernel.incoming import id_of
from littoral.store.sql import Sql

MOST_AT_ONCE = 50


class Timers:
    """Fires what is due."""

    def __init__(self, sql: Sql, engine: Engine, clock: Clock) -> None:
        self._sql = sql
        self._engine = engine
        self._clock = clock

    def next_due_ms(self) -> int | None:
        due = self._sql.value("SELECT min(at_ms) FROM timers")
        return None if due is None else int(due)

    def run(self) -> int:
        """Fires what is due, the earliest first, at most fifty; gives how many."""
        rows = self._sql.rows(
            "SELECT key, at_ms, body, context FROM timers WHERE at_ms <= ? "
            "ORDER BY at_ms, key LIMIT ?",
            self._clock.now_ms(),
            MOST_AT_ONCE,
        )
        for key, at_ms, body, context in rows:
            self._fire(str(key), int(at_ms or 0), str(body), str(context))
        return len(rows)

    def _fire(self, key: str, at_ms: int, body: str, context: str) -> None:
        fired = Fired(
            id=id_of("tmr", key, str(at_ms)),
            key=key,
            at=at_ms,
            body=json.loads(body),
            **json.loads(context),
        )
        self._engine.happen(
            fired,
            lambda: self._sql.run("DELETE FROM timers WHERE key = ? AND at_ms = ?", key, at_ms) > 0,
        )
