"""What a change of fields makes of a task: checks, and what follows from them. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, tzinfo
from typing import Any

from littoral.errors import InvalidInput
from littoral.tasks.recurrence import parse_recurrence
from littoral.tasks.recurring import moment_ms
from littoral.tasks.task import NewTask, Task, check_priority, clean_title

_EDITABLE = {*NewTask.__dataclass_fields__, "status"}


def checked(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with clean values; ``InvalidInput`` names the first bad one."""
    if unknown := sorted(set(fields) - _EDITABLE):
        raise InvalidInput(f"A task has no field {unknown[0][:40]!r} that can be set.")
    clean = dict(fields)
    if "title" in fields:
        clean["title"] = clean_title(fields["title"])
    if "priority" in fields:
        clean["priority"] = check_priority(fields["priority"])
    if fields.get("recurrence") is not None:
        clean["recurrence"] = str(parse_recurrence(fields["recurrence"]))
    if fields.get("status", "pending") not in ("pending", "completed"):
        raise InvalidInput(f"The status {str(fields['status'])[:40]!r} is not known.")
    return clean


def edited(task: Task, fields: dict[str, Any], now_ms: int) -> Task:
    """The task with other fields, and what follows from them.

    A change of status sets or takes the moment of completion, another due date takes a reminder
    of the user's own.
    """
    new = replace(task, **fields)
    if new.status != task.status:
        at_ms = None if new.is_pending else now_ms
        new = replace(new, completed_at_ms=at_ms)
    if new.due_at_ms != task.due_at_ms:
        kept = new.remind_at_ms if "remind_at_ms" in fields else None
        new = replace(new, due_set_at_ms=now_ms, remind_at_ms=kept)
    return new


def in_zone(task: Task, old: tzinfo, new: tzinfo) -> Task:
    """A pending task without a time on the same calendar day in another zone."""
    if task.due_at_ms is None or task.due_has_time or not task.is_pending:
        return task
    day = datetime.fromtimestamp(task.due_at_ms / 1000, old).date()
    return replace(task, due_at_ms=moment_ms(day, time.min, new))


def ends(old: Task, new: Task) -> bool:
    """Whether the change completes the task."""
    return old.is_pending and not new.is_pending


def without_rule(old: Task, new: Task) -> Task:
    """A task that was just completed has handed its rule on."""
    return replace(new, recurrence=None) if ends(old, new) else new
