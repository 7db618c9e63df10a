"""What follows a recurring task when it is completed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo

from littoral.tasks.recurrence import Recurrence, parse_recurrence
from littoral.tasks.task import Task


def following_task(task: Task, task_id: int, now_ms: int, zone: tzinfo) -> Task | None:
    """The next pending task of a recurring one, ``None`` for a task that does not repeat.

    It is due at the same time of day in ``zone``, on the first date of its series that is still
    ahead: missed dates are skipped. A reminder of its own keeps its distance to the due moment.
    """
    if task.recurrence is None:
        return None
    due_at_ms = now_ms if task.due_at_ms is None else task.due_at_ms
    rule = parse_recurrence(task.recurrence)
    due = datetime.fromtimestamp(due_at_ms / 1000, zone)
    anchored = replace(task, anchor_day=task.anchor_day or due.day) if rule.has_anchor else task
    at_ms = _next_due_ms(anchored, rule, due, now_ms, zone)
    remind_at_ms = task.remind_at_ms
    return replace(
        anchored,
        id=task_id,
        due_at_ms=at_ms,
        remind_at_ms=None if remind_at_ms is None else remind_at_ms + at_ms - due_at_ms,
        created_at_ms=now_ms,
    )


def _next_due_ms(task: Task, rule: Recurrence, due: datetime, now_ms: int, zone: tzinfo) -> int:
    at = due.time() if task.due_has_time else time.min
    today = datetime.fromtimestamp(now_ms / 1000, zone).date()
    on = rule.next_after(due.date(), today - timedelta(days=1), task.anchor_day)
    if moment_ms(on, at, zone) <= now_ms:
        on = rule.next_after(due.date(), today, task.anchor_day)
    return moment_ms(on, at, zone)


def moment_ms(day: date, at: time, zone: tzinfo) -> int:
    """Milliseconds of a local date and time of day.

    A time that daylight saving skips moves forward by the gap; of one that comes twice the first
    is meant.
    """
    return int(datetime.combine(day, at.replace(fold=0), zone).timestamp() * 1000)
