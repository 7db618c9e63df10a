"""When to remind of which task: pure functions over the list.

Leaves to others: the job that wakes the agent, and what was reminded of already (the agent).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

from littoral.tasks.due_text import due_text
from littoral.tasks.recurring import moment_ms
from littoral.tasks.task import Task

MORNING = time(9)
"""When a task without a time of day is reminded of, on its day."""


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """A pending task and the moment to remind of it. The pair is unique: it tells given ones
    apart.
    """

    task: Task
    at_ms: int


def reminders(tasks: Iterable[Task], zone: tzinfo) -> list[Reminder]:
    """The reminder of each pending task that has one, past ones too, earliest first."""
    found = [
        Reminder(task=task, at_ms=at_ms)
        for task in tasks
        if task.is_pending and (at_ms := remind_at_ms(task, zone)) is not None
    ]
    return sorted(found, key=lambda reminder: (reminder.at_ms, reminder.task.id))


def remind_at_ms(task: Task, zone: tzinfo) -> int | None:
    """The moment the user chose, else the due moment, else nine in the morning of the due day.

    ``None`` without a date, and when the date was chosen later than that morning: who says "today"
    knows that it is today.
    """
    if task.remind_at_ms is not None or task.due_at_ms is None:
        return task.remind_at_ms
    if task.due_has_time:
        return task.due_at_ms
    day = datetime.fromtimestamp(task.due_at_ms / 1000, zone).date()
    morning_ms = moment_ms(day, MORNING, zone)
    chosen_at_ms = task.created_at_ms if task.due_set_at_ms is None else task.due_set_at_ms
    return morning_ms if morning_ms > chosen_at_ms else None


def next_reminder_at_ms(waiting: Sequence[Reminder]) -> int | None:
    """The earliest moment, ``None`` when nothing waits."""
    return min((reminder.at_ms for reminder in waiting), default=None)


def due_reminders(waiting: Sequence[Reminder], now_ms: int) -> list[Reminder]:
    """Those whose moment has come, earliest first."""
    return [reminder for reminder in waiting if reminder.at_ms <= now_ms]


def reminder_text(reminder: Reminder, zone: tzinfo) -> str:
    """One sentence of plain text for people, true at the moment of the reminder."""
    title = reminder.task.title
    due = due_text(reminder.task, reminder.at_ms, zone)
    return f"Reminder: “{title}” is due {due}." if due else f"Reminder: “{title}”."
