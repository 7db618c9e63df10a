"""The rows of executions in their object, and their numbered events: the truth about each.

What was asked is written once; the record beside it is small and rewritten. Events are numbered
from 1 for each execution, written in the transaction of the change that they tell of.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from littoral.clock import Clock, iso
from littoral.errors import NotFound
from littoral.jsontext import dumps
from littoral.registry.execution import Ask, Execution, ExecutionEvent
from littoral.registry.limits import KEPT_EXECUTIONS
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

EXECUTION_BOOK_SCHEMA = Schema(
    name="executions",
    steps=(
        "CREATE TABLE executions (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
        "unfinished INTEGER NOT NULL, ask TEXT NOT NULL, record TEXT NOT NULL)",
        "CREATE INDEX unfinished_executions ON executions (number) WHERE unfinished = 1",
        "CREATE TABLE execution_events (execution_id TEXT NOT NULL, number INTEGER NOT NULL, "
        "at_ms INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, "
        "PRIMARY KEY (execution_id, number)) WITHOUT ROWID",
    ),
)
MAX_PAGE = 500


class ExecutionBook:
    """Reads and writes; whoever changes something does it in ``transaction``."""

    def __init__(self, sql: Sql, clock: Clock) -> None:
        self._sql = sql
        self._clock = clock

    def find(self, execution_id: str) -> Execution | None:
        """The execution, if this object has it."""
        rows = self._sql.rows("SELECT ask, record FROM executions WHERE id = ?", execution_id)
        return _execution(*rows[0]) if rows else None

    def get(self, execution_id: str) -> Execution:
        """The execution; raises ``NotFound``."""
        found = self.find(execution_id)
        if found is None:
            raise no_such_execution(execution_id)
        return found

    def is_over(self, execution_id: str) -> bool:
        """Whether it has ended, without reading all of it; raises ``NotFound``."""
        stage = self._sql.value(
            "SELECT json_extract(record, '$.stage') FROM executions WHERE id = ?", execution_id
        )
        if stage is None:
            raise no_such_execution(execution_id)
        return stage == "over"

    def create(self, execution: Execution) -> None:
        """Writes a new one."""
        self._sql.run(
            "INSERT INTO executions (id, unfinished, ask, record) VALUES (?, 1, ?, ?)",
            *(execution.id, dumps(execution.ask.to_row()), _record(execution)),
        )

    def change(
        self,
        execution_id: str,
        *events: tuple[ExecutionEvent, dict[str, Any]],
        **changes: Any,
    ) -> Execution:
        """Writes fields and events in one transaction; gives the execution as it is then."""

        def write() -> Execution:
            changed = replace(self.get(execution_id), **changes)
            unfinished = int(not (changed.over and changed.listed and changed.charged))
            self._sql.run(
                "UPDATE executions SET unfinished = ?, record = ? WHERE id = ?",
                *(unfinished, _record(changed), execution_id),
            )
            for event_type, data in events:
                self.append(execution_id, event_type, data)
            return changed

        return self._sql.transaction(write)

    def forget(self, execution_id: str) -> None:
        """Deletes one with its events; for those that were refused, and for old ones."""

        def delete() -> None:
            self._sql.run("DELETE FROM executions WHERE id = ?", execution_id)
            self._sql.run("DELETE FROM execution_events WHERE execution_id = ?", execution_id)

        self._sql.transaction(delete)

    def unfinished(self) -> list[Execution]:
        """All that still need something done, oldest first."""
        rows = self._sql.rows(
            "SELECT ask, record FROM executions WHERE unfinished = 1 ORDER BY number LIMIT 200"
        )
        return [_execution(*row) for row in rows]

    def sweep(self) -> None:
        """Lets the oldest finished ones go when there are more than are kept."""
        rows = self._sql.rows(
            "SELECT id FROM executions WHERE unfinished = 0 ORDER BY number DESC LIMIT 50 OFFSET ?",
            KEPT_EXECUTIONS,
        )
        for (old,) in rows:
            self.forget(str(old))

    # --- events ----------------------------------------------------------------------------------

    def append(self, execution_id: str, event_type: ExecutionEvent, data: dict[str, Any]) -> None:
        """Writes the next event of an execution."""
        self._sql.run(
            "INSERT INTO execution_events VALUES (?, ?, ?, ?, ?)",
            *(execution_id, self.last(execution_id) + 1, self._clock.now_ms()),
            *(event_type, dumps(data)),
        )

    def last(self, execution_id: str) -> int:
        """Number of the newest event, 0 when there is none."""
        found = self._sql.value(
            "SELECT max(number) FROM execution_events WHERE execution_id = ?", execution_id
        )
        return int(found or 0)

    def said(self, execution_id: str) -> str:
        """All words that an execution told so far."""
        rows = self._sql.rows(
            "SELECT json_extract(data, '$.text') FROM execution_events "
            "WHERE execution_id = ? AND type = 'execution.output' ORDER BY number",
            execution_id,
        )
        return "".join(str(text) for (text,) in rows)

    def page(self, execution_id: str, since: int, limit: int) -> dict[str, Any]:
        """``{events, next, ended}`` after the event ``since``. Raises ``NotFound``."""
        over = self.is_over(execution_id)
        rows = self._sql.rows(
            "SELECT number, type, at_ms, data FROM execution_events "
            "WHERE execution_id = ? AND number > ? ORDER BY number LIMIT ?",
            *(execution_id, since, max(1, min(limit, MAX_PAGE))),
        )
        events = [_event(*row) for row in rows]
        following = events[-1]["number"] if events else since
        ended = over and following >= self.last(execution_id)
        return {"events": events, "next": following, "ended": ended}


def no_such_execution(execution_id: str) -> NotFound:
    """The error for an execution that is not there or is somebody else's."""
    return NotFound(
        f"There is no execution {execution_id[:60]!r}.",
        next_step="List your executions with GET /api/executions.",
    )


def _record(execution: Execution) -> str:
    row = asdict(execution)
    del row["ask"]
    return dumps(row)


def _execution(ask: Any, record: Any) -> Execution:
    raw = json.loads(str(record))
    return Execution(
        **{
            **raw,
            "ask": Ask.of_row(json.loads(str(ask))),
            "filtered": tuple(raw["filtered"]),
            "citations": tuple(raw["citations"]),
        }
    )


def _event(number: Any, event_type: Any, at_ms: Any, data: Any) -> dict[str, Any]:
    return {
        "number": int(number),
        "type": str(event_type),
        "at": iso(int(at_ms)),
        "data": json.loads(str(data)),
    }
