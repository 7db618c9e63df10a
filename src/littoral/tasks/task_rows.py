"""The table of tasks: its schema, its statements, and the way between a row and a ``Task``."""

from __future__ import annotations

from typing import Any

from littoral.store.migrations import Schema
from littoral.store.sql import Row, Value
from littoral.tasks.task import Task
from littoral.tasks.task_journal import JOURNAL_TABLE

TASKS_SCHEMA = Schema(
    name="tasks",
    steps=(
        """CREATE TABLE tasks (
            id INTEGER PRIMARY KEY,
            title TEXT NOT NULL,
            status TEXT NOT NULL,
            priority TEXT NOT NULL,
            due_at_ms INTEGER,
            due_has_time INTEGER NOT NULL,
            recurrence TEXT,
            anchor_day INTEGER,
            remind_at_ms INTEGER,
            created_at_ms INTEGER NOT NULL,
            completed_at_ms INTEGER
        )""",
        JOURNAL_TABLE,
        "ALTER TABLE tasks ADD COLUMN due_set_at_ms INTEGER",
    ),
)


COLUMNS = tuple(Task.__dataclass_fields__)
SELECT = f"SELECT {', '.join(COLUMNS)} FROM tasks"
INSERT = f"INSERT INTO tasks ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
UPDATE = f"UPDATE tasks SET {', '.join(f'{name} = ?' for name in COLUMNS[1:])} WHERE id = ?"
"""Takes the values without the id, and then the id: a row whose key is set is written twice."""


def values_of(task: Task) -> list[Value]:
    """The row of a task, in the order of ``COLUMNS``."""
    fields: dict[str, Value] = {name: getattr(task, name) for name in COLUMNS}
    return list({**fields, "due_has_time": int(task.due_has_time)}.values())


def task_of(row: Row) -> Task:
    """The task of a row that ``SELECT`` gave."""
    fields: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
    return Task(**{**fields, "due_has_time": bool(fields["due_has_time"])})
