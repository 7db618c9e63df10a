"""Tasks and their parts read back from the projection, as callers see them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from littoral.clock import iso, iso_or_none
from littoral.credits.amount import credits_of
from littoral.store.database import Database, Statement
from littoral.store.sql import Row, Value

MAX_PAGE: Final = 100
MAX_PARTS: Final = 1_000
SHOWN_RESULTS: Final = 1_000_000
"""Characters of all results in one answer; further ones are left out, and ``cut`` says so."""

_COLUMNS = (
    "id, goal, work, status, parts, usage, error, credits, deadline, created_at, ended_at, digest"
)


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """One task. Times in milliseconds; ``credits`` in millicredits, ``None`` until settled."""

    id: str
    goal: str
    work: str
    status: str
    parts: int
    usage: Mapping[str, Any]
    error: Mapping[str, Any] | None
    credits: int | None
    deadline: int
    created_at: int
    ended_at: int | None
    digest: str

    def to_json(self) -> dict[str, Any]:
        return {
            "taskId": self.id,
            "correlationId": self.id,
            "goal": self.goal,
            "work": self.work or None,
            "status": self.status,
            "error": None if self.error is None else dict(self.error),
            "credits": None if self.credits is None else credits_of(self.credits),
            "deadline": iso(self.deadline),
            "createdAt": iso(self.created_at),
            "endedAt": iso_or_none(self.ended_at),
        }


class TaskRows:
    """Reads one owner's rows. They follow the events, a moment behind."""

    def __init__(self, database: Database, owner: str) -> None:
        self._database = database
        self._owner = owner

    async def find(self, task_id: str) -> TaskRow | None:
        """The task's row, if it was projected."""
        rows = await self._database.rows(
            f"SELECT {_COLUMNS} FROM mesh_tasks WHERE owner = ? AND id = ?",
            *(self._owner, task_id),
        )
        return _task(rows[0]) if rows else None

    async def described(self, task_id: str) -> dict[str, Any] | None:
        """The task with its parts, their results and counts; ``None`` when it is not there."""
        outcomes = await self._database.batch(
            [
                Statement(
                    text=f"SELECT {_COLUMNS} FROM mesh_tasks WHERE owner = ? AND id = ?",
                    values=(self._owner, task_id),
                ),
                Statement(
                    text="SELECT id, name, work, status, worker, attempts, result, error, took_ms "
                    "FROM mesh_parts WHERE owner = ? AND task_id = ? ORDER BY number LIMIT ?",
                    values=(self._owner, task_id, MAX_PARTS),
                ),
            ]
        )
        if not outcomes[0].rows:
            return None
        task, (parts, cut) = _task(outcomes[0].rows[0]), _parts(outcomes[1].rows)
        return {
            **task.to_json(),
            "usage": _usage(task.usage),
            "counts": _counts([each["status"] for each in parts]),
            "parts": parts,
            "result": _result(parts),
            "cut": cut,
        }

    async def page(
        self, *, status: str | None = None, cursor: str | None = None, limit: int = 30
    ) -> dict[str, Any]:
        """``{tasks, cursor}``: newest first, each with its counts."""
        size = max(1, min(limit, MAX_PAGE))
        created_at, after = _place(cursor)
        values: list[Value] = [self._owner, created_at, created_at, after]
        text = f"SELECT {_COLUMNS} FROM mesh_tasks WHERE owner = ? AND (created_at < ? "
        text += "OR (created_at = ? AND id < ?)) "
        if status is not None:
            text += "AND status = ? "
            values.append(status)
        text += "ORDER BY created_at DESC, id DESC LIMIT ?"
        rows = await self._database.rows(text, *values, size + 1)
        found = [_task(row) for row in rows[:size]]
        counts = await self._all_counts([each.id for each in found])
        more = len(rows) > size
        return {
            "tasks": [{**each.to_json(), "counts": counts[each.id]} for each in found],
            "cursor": f"{found[-1].created_at}.{found[-1].id}" if more else None,
        }

    async def _all_counts(self, ids: list[str]) -> dict[str, dict[str, int]]:
        rows = await self._database.rows(
            "SELECT task_id, status, count(*) FROM mesh_parts WHERE owner = ? AND task_id IN "
            "(SELECT value FROM json_each(?)) GROUP BY task_id, status",
            *(self._owner, json.dumps(ids)),
        )
        statuses: dict[str, list[str]] = {each: [] for each in ids}
        for task_id, status, count in rows:
            statuses[str(task_id)] += [str(status)] * int(count or 0)
        return {each: _counts(found) for each, found in statuses.items()}


def _place(cursor: str | None) -> tuple[int, str]:
    """Where the page after ``cursor`` begins; one that is none begins at the newest."""
    at, _, task_id = (cursor or "").partition(".")
    if at.isdecimal() and len(at) < 16:
        return int(at), task_id
    return 2**52, ""


def _task(row: Row) -> TaskRow:
    id_, goal, work, status, parts, usage, error, credits_, deadline, created, ended, digest = row
    return TaskRow(
        id=str(id_),
        goal=str(goal),
        work=str(work),
        status=str(status),
        parts=int(parts or 0),
        usage=json.loads(str(usage)),
        error=_json(error),
        credits=None if credits_ is None else int(credits_),
        deadline=int(deadline or 0),
        created_at=int(created or 0),
        ended_at=None if ended is None else int(ended),
        digest=str(digest),
    )


def _parts(rows: list[Row]) -> tuple[list[dict[str, Any]], bool]:
    shown, found = 0, []
    for id_, name, work, status, worker, attempts, result, error, took_ms in rows:
        shown += len(str(result or ""))
        found.append(
            {
                "id": id_,
                "name": name,
                "work": work,
                "status": status,
                "worker": worker or None,
                "attempts": int(attempts or 0),
                "result": _json(result) if shown <= SHOWN_RESULTS else None,
                "error": _json(error),
                "tookMs": took_ms,
            }
        )
    return found, shown > SHOWN_RESULTS


def _counts(statuses: list[str]) -> dict[str, int]:
    names = ("waiting", "running", "completed", "failed", "cancelled", "expired")
    return {"total": len(statuses), **{name: statuses.count(name) for name in names}}


def _result(parts: list[dict[str, Any]]) -> Any:
    """What came of the task: of one part its result, of several the results in their order."""
    if not any(each["status"] == "completed" for each in parts):
        return None
    return parts[0]["result"] if len(parts) == 1 else [each["result"] for each in parts]


def _usage(used: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "model": used.get("model") or None,
        "inputTokens": int(used.get("inputTokens") or 0),
        "outputTokens": int(used.get("outputTokens") or 0),
    }


def _json(value: Value) -> Any:
    return None if value is None else json.loads(str(value))
