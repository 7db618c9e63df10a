"""The tasks of one session as rows.

Every method is synchronous and runs inside the caller's transaction; a mutation writes the rows of
its tasks and one journal row, and gives the ``Change`` that others are told about.
Leaves to others: words (``due``, ``references``), events and broadcasts (the agent), reminders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from typing import Any

from littoral.clock import Clock
from littoral.errors import Conflict, NotFound, TooLarge
from littoral.store.kept import Kept
from littoral.store.sql import Sql
from littoral.tasks.change import Change, ChangeKind
from littoral.tasks.recurring import following_task
from littoral.tasks.task import MAX_TASKS, NewTask, Priority, Task
from littoral.tasks.task_edit import checked, edited, ends, in_zone, without_rule
from littoral.tasks.task_journal import TaskJournal
from littoral.tasks.task_rows import INSERT, SELECT, TASKS_SCHEMA, UPDATE, task_of, values_of

__all__ = ["TASKS_SCHEMA", "Counts", "TaskList"]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many tasks there are."""

    pending: int
    completed: int


class TaskList:
    """The list. An id that does not exist raises ``NotFound`` before anything is written."""

    def __init__(
        self, sql: Sql, clock: Clock, *, on_change: Callable[[Change], None] | None = None
    ) -> None:
        """``on_change`` is told of each change that wrote rows, inside its transaction."""
        self._sql = sql
        self._clock = clock
        self._on_change = on_change
        self._journal = TaskJournal(sql)
        self._kept = Kept(sql, self._read)

    def all(self) -> tuple[Task, ...]:
        """Every task by ascending id, which no change disturbs (views sort as they like).

        The same object until one changes.
        """
        return self._kept.get()

    def forget(self) -> None:
        """Drops what is in memory: the rows were erased."""
        self._kept.drop()

    def _read(self) -> tuple[Task, ...]:
        return tuple(task_of(row) for row in self._sql.rows(f"{SELECT} ORDER BY id"))

    def get(self, task_id: int) -> Task:
        """One task."""
        rows = self._sql.rows(f"{SELECT} WHERE id = ?", task_id)
        if not rows:
            raise NotFound(
                f"There is no task {task_id} in this session.",
                next_step="List the tasks to see their numbers.",
            )
        return task_of(rows[0])

    def counts(self) -> Counts:
        """How many are pending and completed."""
        query = "SELECT count(*), coalesce(sum(status = 'pending'), 0) FROM tasks"
        total, pending = (int(value or 0) for value in self._sql.rows(query)[0])
        return Counts(pending=pending, completed=total - pending)

    def add(self, *new: NewTask) -> Change:
        """Adds tasks in order; not safe to repeat. ``TooLarge`` past ``MAX_TASKS``: adds none."""
        if len(new) > self._room():
            raise TooLarge(
                f"A session holds at most {MAX_TASKS} tasks; there is room for {self._room()} and "
                f"{len(new)} were asked for.",
                next_step="Delete completed tasks, or begin another session.",
            )
        first = self._journal.highest_id() + 1
        added = tuple(self._new(first + place, task) for place, task in enumerate(new))
        return self._apply(Change(kind="task.added", after=added))

    def complete(self, *task_ids: int, zone: tzinfo = UTC) -> Change:
        """Completes tasks; repeating is safe.

        The rule of a recurring one moves on to a new pending task with the next date in ``zone``,
        which is in ``after`` too (none is made when the list is full).
        """
        return self._edit_each("task.completed", task_ids, {"status": "completed"}, zone)

    def reopen(self, *task_ids: int) -> Change:
        """Makes tasks pending again; repeating is safe."""
        return self._edit_each("task.reopened", task_ids, {"status": "pending"})

    def rename(self, task_id: int, title: str) -> Change:
        """Gives a task another title (cleaned); repeating is safe."""
        return self._edit_each("task.renamed", (task_id,), {"title": title})

    def delete(self, *task_ids: int) -> Change:
        """Removes tasks; a second time raises ``NotFound``."""
        return self._apply(Change(kind="task.deleted", before=self._tasks(task_ids)))

    def set_priority(self, *task_ids: int, priority: Priority) -> Change:
        """Sets the priority; repeating is safe."""
        return self._edit_each("task.priority_set", task_ids, {"priority": priority})

    def set_due(
        self,
        *task_ids: int,
        due_at_ms: int | None,
        due_has_time: bool = False,
        anchor_day: int | None = None,
    ) -> Change:
        """Sets the due moment, or takes it away with ``None``; repeating is safe.

        A reminder of the user's own goes with the old date; without a date nothing recurs.
        """
        fields: dict[str, Any] = {
            "due_at_ms": due_at_ms,
            "due_has_time": due_has_time and due_at_ms is not None,
            "anchor_day": anchor_day,
        }
        if due_at_ms is None:
            fields["recurrence"] = None
        return self._edit_each("task.due_set", task_ids, fields)

    def set_recurrence(self, *task_ids: int, recurrence: str | None) -> Change:
        """Sets or ends the repetition (canonical text); repeating is safe."""
        return self._edit_each("task.recurrence_set", task_ids, {"recurrence": recurrence})

    def set_reminder(self, task_id: int, remind_at_ms: int | None) -> Change:
        """Chooses the moment of the reminder; ``None`` returns to what the due date gives."""
        return self._edit_each("task.reminder_set", (task_id,), {"remind_at_ms": remind_at_ms})

    def edit(self, *task_ids: int, zone: tzinfo = UTC, **fields: Any) -> Change:
        """Sets fields of ``NewTask`` and ``status`` as one change, which one undo takes back.

        Fields that are not given stay. Raises ``InvalidInput`` for an unknown field or value.
        """
        return self._edit_each("task.edited", task_ids, fields, zone)

    def keep_dates(self, old: tzinfo, new: tzinfo) -> Change:
        """Keeps the calendar day of tasks without a time when the user's zone becomes another.

        The days stay what they were for the user, so there is nothing to undo.
        """
        moved = [(task, in_zone(task, old, new)) for task in self.all()]
        changed = [(before, after) for before, after in moved if before != after]
        change = Change(
            kind="task.due_set",
            before=tuple(before for before, _ in changed),
            after=tuple(after for _, after in changed),
        )
        if not change.is_empty:
            self._write(change)
            self._told(change)
        return change

    def undo(self) -> Change:
        """Takes the newest change back that still stands; ``Conflict`` when there is none.

        Calling it again goes one change further back, ``MAX_UNDO`` of them at most.
        """
        undone = self._journal.take_last()
        if undone is None:
            raise Conflict(
                "There is no change of tasks left to undo.", next_step="Make the change by hand."
            )
        back = Change(kind="task.undone", before=undone.after, after=undone.before)
        self._write(back)
        return self._told(back)

    def _room(self) -> int:
        return MAX_TASKS - int(self._sql.value("SELECT count(*) FROM tasks") or 0)

    def _tasks(self, task_ids: Iterable[int]) -> tuple[Task, ...]:
        return tuple(self.get(task_id) for task_id in dict.fromkeys(task_ids))

    def _new(self, task_id: int, new: NewTask) -> Task:
        fields = checked({name: getattr(new, name) for name in NewTask.__dataclass_fields__})
        return Task(id=task_id, created_at_ms=self._clock.now_ms(), **fields)

    def _edit_each(
        self,
        kind: ChangeKind,
        task_ids: Iterable[int],
        fields: dict[str, Any],
        zone: tzinfo = UTC,
    ) -> Change:
        clean = checked(fields)
        now_ms = self._clock.now_ms()
        pairs = [(task, edited(task, clean, now_ms)) for task in self._tasks(task_ids)]
        changed = [(old, new) for old, new in pairs if old != new]
        following = self._following(changed, now_ms, zone)
        return self._apply(
            Change(
                kind=kind,
                before=tuple(old for old, _ in changed),
                after=(*(without_rule(old, new) for old, new in changed), *following),
                unchanged=tuple(old for old, new in pairs if old == new),
            )
        )

    def _following(
        self, changed: list[tuple[Task, Task]], now_ms: int, zone: tzinfo
    ) -> tuple[Task, ...]:
        recurring = [new for old, new in changed if ends(old, new) and new.recurrence]
        if not recurring:
            return ()
        task_id = self._journal.highest_id()
        found: list[Task] = []
        for task in recurring[: self._room()]:
            template = replace(task, status="pending", completed_at_ms=None)
            following = following_task(template, task_id + len(found) + 1, now_ms, zone)
            if following is not None:
                found.append(following)
        return tuple(found)

    def _apply(self, change: Change) -> Change:
        if not change.is_empty:
            self._write(change)
            self._journal.record(change)
            self._told(change)
        return change

    def _told(self, change: Change) -> Change:
        if self._on_change is not None:
            self._on_change(change)
        return change

    def _write(self, change: Change) -> None:
        self._kept.drop()
        old = {task.id for task in change.before}
        for task_id in sorted(old - {task.id for task in change.after}):
            self._sql.run("DELETE FROM tasks WHERE id = ?", task_id)
        for task in change.after:
            if task.id in old:
                self._sql.run(UPDATE, *values_of(task)[1:], task.id)
            else:
                self._sql.run(INSERT, *values_of(task))
