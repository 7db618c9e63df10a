"""Due dates and repetition back into words: ``today at 17:00``, ``on Friday 27 November``,
``every 2 weeks``.

The words are such that ``due.parse`` reads them again. Leaves to others: other languages (a model
words its own answer).
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from littoral.tasks.date_words import MONTHS
from littoral.tasks.recurrence import WEEKDAYS
from littoral.tasks.task import Task

_EVERY = {
    "daily": "every day",
    "weekdays": "every weekday",
    "weekly": "every week",
    "monthly": "every month",
    "yearly": "every year",
}


def due_text(task: Task, now_ms: int, zone: tzinfo) -> str | None:
    """When a task is due, as seen from now; ``None`` without a date."""
    if task.due_at_ms is None:
        return None
    due = datetime.fromtimestamp(task.due_at_ms / 1000, zone)
    day = day_text(due.date(), datetime.fromtimestamp(now_ms / 1000, zone).date())
    return f"{day} at {due:%H:%M}" if task.due_has_time else day


def day_text(day: date, today: date) -> str:
    """``today``, ``tomorrow``, ``yesterday``, ``on Friday 27 November``, with the year if
    another.
    """
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    if near:
        return near
    named = f"on {WEEKDAYS[day.weekday()].title()} {day.day} {MONTHS[day.month - 1].title()}"
    return named if day.year == today.year else f"{named} {day.year}"


def repeat_text(recurrence: str) -> str:
    """``every day``, ``every monday and thursday``, from the canonical text."""
    if recurrence in _EVERY:
        return _EVERY[recurrence]
    *days, last = recurrence.removeprefix("every ").split(", ")
    named = [word.title() if word in WEEKDAYS else word for word in (*days, last)]
    return "every " + (" and ".join([", ".join(named[:-1]), named[-1]]) if days else named[0])


def is_overdue(task: Task, now_ms: int, zone: tzinfo) -> bool:
    """Whether a pending task's moment has passed; without a time the whole day is in time."""
    if task.due_at_ms is None or not task.is_pending:
        return False
    if task.due_has_time:
        return task.due_at_ms < now_ms
    due = datetime.fromtimestamp(task.due_at_ms / 1000, zone).date()
    return due < datetime.fromtimestamp(now_ms / 1000, zone).date()
