"""A question to a person: a form, a deadline, an answer; and the rows that keep it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, get_args

from littoral.clock import iso, iso_or_none
from littoral.errors import InvalidInput, NotFound
from littoral.jsontext import dumps
from littoral.store.migrations import Schema
from littoral.store.sql import Sql, Value

TaskStatus = Literal["waiting", "completed", "rejected", "expired", "cancelled"]
TASK_STATUSES: Final[tuple[TaskStatus, ...]] = get_args(TaskStatus)
MAX_LISTED: Final = 200

HUMAN_TASKS_SCHEMA = Schema(
    name="human_tasks",
    steps=(
        "CREATE TABLE human_tasks (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
        "job_id TEXT NOT NULL, status TEXT NOT NULL, record TEXT NOT NULL)",
        "CREATE INDEX human_tasks_by_status ON human_tasks (status, number)",
    ),
)


@dataclass(frozen=True, kw_only=True)
class HumanTask:
    """``form`` is the JSON Schema that the answer must fit."""

    id: str
    job_id: str
    title: str
    description: str
    args: Any
    form: Any
    assignee: str
    note: str
    status: TaskStatus = "waiting"
    answer: Any = None
    reason: str = ""
    created_at_ms: int
    due_at_ms: int
    remind_at_ms: int
    reminded_at_ms: int | None = None
    ended_at_ms: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "taskId": self.id,
            "jobId": self.job_id,
            "title": self.title,
            "description": self.description,
            "args": self.args,
            "form": self.form,
            "assignee": self.assignee,
            "note": self.note,
            "status": self.status,
            "answer": self.answer,
            "reason": self.reason,
            "createdAt": iso(self.created_at_ms),
            "dueAt": iso(self.due_at_ms),
            "remindedAt": iso_or_none(self.reminded_at_ms),
            "endedAt": iso_or_none(self.ended_at_ms),
        }

    def to_summary(self) -> dict[str, Any]:
        """What the socket's state shows: everything but the arguments and the answer."""
        whole = self.to_json()
        return {key: value for key, value in whole.items() if key not in ("args", "answer")}


class HumanTasks:
    """The tasks of one owner. Writes belong into a transaction with the job's event."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def find(self, task_id: str) -> HumanTask | None:
        text = self._sql.value("SELECT record FROM human_tasks WHERE id = ?", task_id)
        return None if text is None else _task(text)

    def get(self, task_id: str) -> HumanTask:
        """Raises ``NotFound`` for none of this owner's."""
        task = self.find(task_id)
        if task is None:
            raise NotFound(f"You have no human task {task_id[:60]!r}.")
        return task

    def put(self, task: HumanTask) -> None:
        """Writes a task, new or changed."""
        self._sql.run(
            "INSERT INTO human_tasks (id, job_id, status, record) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET status = excluded.status, record = excluded.record",
            task.id,
            task.job_id,
            task.status,
            dumps(asdict(task)),
        )

    def listed(self, status: str | None, limit: int = MAX_LISTED) -> list[HumanTask]:
        """Tasks of a status, or all of them; those that wait oldest first, others newest first."""
        if status is not None and status not in TASK_STATUSES:
            raise InvalidInput(f"status is {status[:40]!r}: use one of {', '.join(TASK_STATUSES)}.")
        order = "number" if status == "waiting" else "number DESC"
        where, values = ("WHERE status = ? ", [status]) if status else ("", [])
        rows = self._sql.rows(
            f"SELECT record FROM human_tasks {where}ORDER BY {order} LIMIT ?",
            *values,
            max(1, min(limit, MAX_LISTED)),
        )
        return [_task(text) for (text,) in rows]

    def waiting(self) -> list[HumanTask]:
        """All that wait, oldest first."""
        rows = self._sql.rows(
            "SELECT record FROM human_tasks WHERE status = 'waiting' ORDER BY number"
        )
        return [_task(text) for (text,) in rows]

    def forget_job(self, job_id: str) -> None:
        self._sql.run("DELETE FROM human_tasks WHERE job_id = ?", job_id)


def _task(text: Value) -> HumanTask:
    return HumanTask(**json.loads(str(text)))
