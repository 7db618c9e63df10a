"""Tasks and preferences of one session, whoever changes them: the model's tools or a person.

Every change is an event in the log, written in the same transaction as the change itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from littoral.clock import Clock
from littoral.errors import InvalidInput
from littoral.store.event_log import EventLog
from littoral.store.sql import Sql
from littoral.tasks.change import Change
from littoral.tasks.preferences import Preferences
from littoral.tasks.schedule import Schedule
from littoral.tasks.task import NewTask, Task, check_priority, clean_title
from littoral.tasks.task_list import TaskList
from littoral.text import kind_of

FIELDS = ("title", "status", "priority", "due", "recurrence")


class TaskDesk:
    """Edits by hand, and what tasks and preferences look like to clients."""

    def __init__(self, sql: Sql, clock: Clock, events: EventLog) -> None:
        self._sql = sql
        self._events = events
        self._json: list[dict[str, Any]] | None = None
        self.tasks = TaskList(sql, clock, on_change=self._changed)
        self.preferences = Preferences(sql)
        self._schedule = Schedule(self.preferences, clock)

    def _changed(self, change: Change) -> None:
        self._events.append(change.kind, change.to_json())
        self._json = None

    def zone(self) -> tzinfo:
        """The user's time zone; UTC as long as it is not known."""
        return self.preferences.zone()

    def tasks_json(self) -> list[dict[str, Any]]:
        """All tasks by number, as clients see them."""
        if self._json is None:
            self._json = [task.to_json() for task in self.tasks.all()]
        return self._json

    def forget(self) -> None:
        """Drops what is in memory (a transaction was rolled back, or rows were erased)."""
        self._json = None
        self.tasks.forget()
        self.preferences.forget()

    def add(self, fields: Mapping[str, Any]) -> Task:
        """Adds a task by hand: ``title``, and ``priority``, ``due`` in words, ``recurrence``."""
        _known(fields)
        parsed = self._parsed(fields)
        parsed.pop("status", None)
        if "title" not in parsed:
            raise InvalidInput("A task needs a title.")
        return self._do(lambda: self.tasks.add(NewTask(**parsed))).task

    def update(self, task_id: int, fields: Mapping[str, Any]) -> Task:
        """Changes the fields that are given; ``due`` and ``recurrence`` may be null."""
        _known(fields)
        parsed = self._parsed(fields, dated=self.tasks.get(task_id).due_at_ms is not None)
        change = self._do(lambda: self.tasks.edit(task_id, zone=self.zone(), **parsed))
        return next((t for t in change.after if t.id == task_id), None) or self.tasks.get(task_id)

    def delete(self, task_id: int) -> None:
        """Removes a task; undo brings it back."""
        self._do(lambda: self.tasks.delete(task_id))

    def undo(self) -> Change:
        """Takes back the last change of tasks, whoever made it."""
        return self._do(self.tasks.undo)

    def prefer(self, fields: Mapping[str, Any]) -> dict[str, str]:
        """Sets preferences; null takes one back."""

        def change() -> dict[str, str]:
            before = self.zone()
            kept = self.preferences.update(fields)
            if self.zone() != before:
                self.tasks.keep_dates(before, self.zone())
            return kept

        try:
            return self._sql.transaction(change)
        except BaseException:
            self.forget()
            raise

    def _do(self, change: Callable[[], Change]) -> Change:
        try:
            return self._sql.transaction(change)
        except BaseException:
            self.forget()
            raise

    def _parsed(self, fields: Mapping[str, Any], *, dated: bool = False) -> dict[str, Any]:
        parsed: dict[str, Any] = {}
        if "title" in fields:
            parsed["title"] = clean_title(_text(fields["title"], "title"))
        if "status" in fields:
            parsed["status"] = fields["status"]
        if "priority" in fields:
            parsed["priority"] = check_priority(_text(fields["priority"], "priority"))
        if "due" in fields or "recurrence" in fields:
            due, repeat = _words(fields, "due"), _words(fields, "recurrence")
            parsed.update(self._schedule.fields(due, repeat, dated=dated))
        return parsed


def _known(fields: Mapping[str, Any]) -> None:
    for name in fields:
        if name not in FIELDS:
            raise InvalidInput(f"A task has no field {name[:40]!r}; it has {', '.join(FIELDS)}.")


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"{field} must be text, not {kind_of(value)}.")
    return value


def _words(fields: Mapping[str, Any], name: str) -> str | None:
    """Words of a field: ``None`` when it is not given, "none" when it is taken away."""
    if name not in fields:
        return None
    return "none" if fields[name] is None else _text(fields[name], name)
