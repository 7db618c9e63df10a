"""The changes as statements of one batch: few of them, each for all rows of its kind at once.

Rows travel as one JSON text and are taken apart by ``json_each``. The step of each agent's position
comes first: when the events were taken before, its trigger refuses the whole batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from littoral.jsontext import dumps
from littoral.mesh.projections.changes import Changes, number_of, task_of
from littoral.store.database import Statement

_STEP: Final = (
    "INSERT INTO mesh_positions (owner, agent, first, number) SELECT ?1, value ->> '$.agent', "
    "value ->> '$.first', value ->> '$.last' FROM json_each(?2) WHERE true "
    "ON CONFLICT (owner, agent) DO UPDATE SET first = excluded.first, number = excluded.number"
)
_FORGET_TASKS: Final = (
    "DELETE FROM mesh_tasks WHERE owner = ?1 AND id IN (SELECT value FROM json_each(?2))"
)
_FORGET_PARTS: Final = (
    "DELETE FROM mesh_parts WHERE owner = ?1 AND task_id IN (SELECT value FROM json_each(?2))"
)
_NEW_TASKS: Final = (
    "INSERT OR REPLACE INTO mesh_tasks (owner, id, goal, work, status, digest, parts, usage, "
    "error, credits, deadline, created_at, ended_at) SELECT ?1, value ->> '$.id', "
    "value ->> '$.goal', value ->> '$.work', value ->> '$.status', value ->> '$.digest', "
    "coalesce(value ->> '$.parts', 0), coalesce(value ->> '$.usage', '{}'), "
    "nullif(value ->> '$.error', ''), value ->> '$.credits', value ->> '$.deadline', "
    "value ->> '$.created_at', value ->> '$.ended_at' FROM json_each(?2)"
)
_NEW_PARTS: Final = (
    "INSERT OR REPLACE INTO mesh_parts (owner, task_id, number, id, name, work, status, worker, "
    "attempts, result, error, took_ms) SELECT ?1, value ->> '$.task', value ->> '$.number', "
    "value ->> '$.id', value ->> '$.name', value ->> '$.work', value ->> '$.status', "
    "coalesce(value ->> '$.worker', ''), coalesce(value ->> '$.attempts', 0), "
    "value ->> '$.result', nullif(value ->> '$.error', ''), value ->> '$.took_ms' "
    "FROM json_each(?2)"
)
# Rows that are there already: what is not said stays. An upsert, because SQLite would look for
# the rows of an UPDATE ... FROM json_each by reading all of the owner's.
_TASKS: Final = (
    "INSERT INTO mesh_tasks (owner, id, goal, work, status, digest, parts, usage, error, credits, "
    "deadline, created_at, ended_at) SELECT ?1, value ->> '$.id', '', '', "
    "coalesce(value ->> '$.status', ''), '', coalesce(value ->> '$.parts', 0), "
    "coalesce(value ->> '$.usage', ''), value ->> '$.error', value ->> '$.credits', 0, 0, "
    "value ->> '$.ended_at' FROM json_each(?2) WHERE true ON CONFLICT (owner, id) DO UPDATE SET "
    "status = coalesce(nullif(excluded.status, ''), status), "
    "parts = coalesce(nullif(excluded.parts, 0), parts), "
    "usage = coalesce(nullif(excluded.usage, ''), usage), "
    "error = nullif(coalesce(excluded.error, error), ''), "
    "credits = coalesce(excluded.credits, credits), "
    "ended_at = coalesce(excluded.ended_at, ended_at)"
)
_PARTS: Final = (
    "INSERT INTO mesh_parts (owner, task_id, number, id, name, work, status, worker, attempts, "
    "result, error, took_ms) SELECT ?1, value ->> '$.task', value ->> '$.number', '', '', '', "
    "coalesce(value ->> '$.status', ''), coalesce(value ->> '$.worker', ''), "
    "coalesce(value ->> '$.attempts', 0), value ->> '$.result', value ->> '$.error', "
    "value ->> '$.took_ms' FROM json_each(?2) WHERE true "
    "ON CONFLICT (owner, task_id, number) DO UPDATE SET "
    "status = coalesce(nullif(excluded.status, ''), status), "
    "worker = coalesce(nullif(excluded.worker, ''), worker), "
    "attempts = coalesce(nullif(excluded.attempts, 0), attempts), "
    "result = coalesce(excluded.result, result), "
    "error = nullif(coalesce(excluded.error, error), ''), "
    "took_ms = coalesce(excluded.took_ms, took_ms)"
)
_CLOSED: Final = (
    "UPDATE mesh_parts SET status = (SELECT value ->> '$.status' FROM json_each(?2) "
    "WHERE value ->> '$.id' = task_id) WHERE owner = ?1 AND task_id IN "
    "(SELECT value ->> '$.id' FROM json_each(?2)) AND status IN ('waiting', 'running')"
)
_MESSAGES: Final = (
    "INSERT INTO mesh_messages (owner, sender, receiver, kind, sent, received) SELECT ?1, "
    "value ->> '$.sender', value ->> '$.receiver', value ->> '$.kind', value ->> '$.sent', "
    "value ->> '$.received' FROM json_each(?2) WHERE true ON CONFLICT (owner, sender, receiver, "
    "kind) DO UPDATE SET sent = sent + excluded.sent, received = received + excluded.received"
)


def statements_of(owner: str, changes: Changes) -> list[Statement]:
    """All of it, in the order in which it has to be written."""
    parts = [
        {"task": task_of(key), "number": number_of(key), "id": key, **row}
        for key, row in changes.new_parts.items()
    ]
    changed_parts = [
        {"task": task_of(key), "number": number_of(key), **row}
        for key, row in changes.parts.items()
    ]
    wanted: tuple[tuple[str, list[Any]], ...] = (
        (_STEP, _steps(changes)),
        (_FORGET_TASKS, changes.forgotten),
        (_FORGET_PARTS, changes.forgotten),
        (_NEW_TASKS, [{"id": key, **row} for key, row in changes.new_tasks.items()]),
        (_NEW_PARTS, parts),
        (_TASKS, [{"id": key, **row} for key, row in changes.tasks.items()]),
        (_PARTS, changed_parts),
        (_CLOSED, [{"id": key, "status": each} for key, each in changes.closed.items()]),
        (_MESSAGES, list(_messages(changes))),
    )
    return [Statement(text=text, values=(owner, dumps(rows))) for text, rows in wanted if rows]


def _steps(changes: Changes) -> list[dict[str, Any]]:
    return [
        {"agent": agent, "first": first, "last": last}
        for agent, (first, last) in changes.steps.items()
    ]


def _messages(changes: Changes) -> Iterable[dict[str, Any]]:
    for (sender, receiver, kind), (sent, received) in changes.messages.items():
        yield {
            "sender": sender,
            "receiver": receiver,
            "kind": kind,
            "sent": sent,
            "received": received,
        }
