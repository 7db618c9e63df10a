"""The list of all executions in the shared database: rows that their objects write, pages of it.

A row is made when an execution is accepted, in the statement that looks whether its user has room
for one more, and written again when it has ended. Counts of the agent follow by a trigger.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from littoral.clock import Clock
from littoral.errors import InvalidInput, QueueFull
from littoral.jsontext import dumps
from littoral.registry.execution import STATUSES, Execution
from littoral.registry.execution_book import no_such_execution
from littoral.registry.limits import SEARCHED_CHARACTERS
from littoral.store.database import Database, Statement

_CURSOR: Final = re.compile(r"([0-9]{1,15})\.(exe_[A-Za-z0-9_-]{1,60})")
_INSERT: Final = (
    "INSERT INTO executions (id, owner, user_id, agent_id, status, place, edge_location, "
    "latency_ms, created_at, ended_at, words, body) "
)


class ExecutionListing:
    """Writes rows for the objects. Raises ``DependencyUnavailable``; every call may be repeated."""

    def __init__(self, database: Database, *, most_at_once: int) -> None:
        self._database = database
        self._most_at_once = most_at_once

    async def claim(self, execution: Execution) -> None:
        """Makes the row of an execution that begins. Raises ``QueueFull`` without room for it."""
        outcomes = await self._database.batch(
            [
                Statement(
                    text=_INSERT + "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE "
                    "(SELECT count(*) FROM executions WHERE user_id = ? AND ended_at IS NULL) < ? "
                    "ON CONFLICT (id) DO NOTHING",
                    values=(
                        *_values(execution, status="running"),
                        *(execution.user_id, self._most_at_once),
                    ),
                ),
                Statement(
                    text="SELECT count(*) AS held FROM executions WHERE id = ?",
                    values=(execution.id,),
                ),
            ]
        )
        if not outcomes[1].rows[0][0]:
            raise QueueFull(
                f"You have {self._most_at_once} executions that have not ended.",
                next_step="Wait for one to end, or cancel one.",
                retry_after_seconds=2,
            )

    async def write(self, execution: Execution) -> None:
        """The row of an execution that has ended, made when it is missing."""
        values = _values(execution, status=execution.status)
        insert = Statement(
            text=_INSERT + "VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?, NULL, ?, ?) "
            "ON CONFLICT (id) DO NOTHING",
            values=(*values[:7], values[8], *values[10:]),
        )
        update = Statement(
            text="UPDATE executions SET status = ?, latency_ms = ?, words = ?, body = ?, "
            "ended_at = ? WHERE id = ? AND ended_at IS NULL",
            values=(values[4], values[7], values[10], values[11], values[9], execution.id),
        )
        await self._database.batch([insert, update])

    async def forget(self, execution_id: str) -> None:
        """Deletes the row of one that was refused."""
        await self._database.rows(
            "DELETE FROM executions WHERE id = ? AND ended_at IS NULL", execution_id
        )


class ExecutionPages:
    """Reads the list for callers."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def find(self, owner: str, execution_id: str) -> dict[str, Any]:
        """``{agentId, place, over, execution}`` of one; raises ``NotFound``."""
        found = await self.look_up(owner, execution_id)
        if found is None:
            raise no_such_execution(execution_id)
        return found

    async def look_up(self, owner: str, execution_id: str) -> dict[str, Any] | None:
        """As ``find``, and ``None`` when there is none."""
        rows = await self._database.rows(
            "SELECT agent_id, place, ended_at, body FROM executions WHERE owner = ? AND id = ?",
            *(owner, execution_id),
        )
        if not rows:
            return None
        agent_id, place, ended_at, body = rows[0]
        return {
            "agentId": str(agent_id),
            "place": str(place),
            "over": ended_at is not None,
            "execution": json.loads(str(body)),
        }

    async def page(
        self,
        owner: str,
        *,
        agent_id: str | None = None,
        status: str | None = None,
        location: str | None = None,
        words: str = "",
        cursor: str | None = None,
        limit: int,
    ) -> dict[str, Any]:
        """``{executions, cursor}``, newest first. ``location`` is where they ran or were wanted.

        Raises ``InvalidInput`` for a cursor that was not given out or a status that is none.
        """
        if status is not None and status not in STATUSES:
            message = f"must be one of {', '.join(STATUSES)}"
            raise InvalidInput(
                f"status {message}.", fields=[{"field": "status", "message": message}]
            )
        at_ms, last_id = (2**53 - 2, "") if cursor is None else _read(cursor)
        clauses = ["owner = ?", "(created_at < ? OR (created_at = ? AND id > ?))"]
        values: list[str | int] = [owner, at_ms, at_ms, last_id]
        for clause, value in (
            ("agent_id = ?", agent_id),
            ("status = ?", status),
            ("instr(words, ?) > 0", words.lower() or None),
        ):
            if value is not None:
                clauses.append(clause)
                values.append(value)
        if location is not None:
            clauses.append("(edge_location = ? OR place = ?)")
            values += [location, location]
        rows = await self._database.rows(
            f"SELECT body, created_at, id FROM executions WHERE {' AND '.join(clauses)} "
            "ORDER BY created_at DESC, id LIMIT ?",
            *(*values, limit + 1),
        )
        more = f"{rows[limit - 1][1]}.{rows[limit - 1][2]}" if len(rows) > limit else None
        return {"executions": [json.loads(str(row[0])) for row in rows[:limit]], "cursor": more}


def _values(execution: Execution, *, status: str) -> tuple[str | int | None, ...]:
    body = {**execution.to_json(), "status": status}
    searched = (execution.ask.agent_name, execution.ask.input, execution.output or "")
    words = "\n".join(each[: SEARCHED_CHARACTERS // 2] for each in searched).lower()
    return (
        execution.id,
        execution.owner,
        execution.user_id,
        execution.ask.agent_id,
        status,
        execution.ask.place,
        execution.ask.edge_location,
        execution.latency_ms,
        execution.created_at_ms,
        execution.ended_at_ms,
        words[:SEARCHED_CHARACTERS],
        dumps(body),
    )


def _read(cursor: str) -> tuple[int, str]:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise InvalidInput(
            "The cursor is not one that a page of executions gave.",
            fields=[{"field": "cursor", "message": "take it from the page before"}],
        )
    return int(found[1]), found[2]
