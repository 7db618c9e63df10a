"""Tasks as the tools show them to a model: short, with dates in words; and which ones a view holds.

Leaves to others: the JSON that clients see (``Task.to_json``), the words of an answer
(``skill_text``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from littoral.clock import Clock
from littoral.tasks.change import Change
from littoral.tasks.command import ListDue
from littoral.tasks.due_text import due_text, is_overdue, repeat_text
from littoral.tasks.preferences import Preferences
from littoral.tasks.task import Task


class TaskView:
    """Looks at tasks with the user's clock and zone as they are at each call."""

    def __init__(self, preferences: Preferences, clock: Clock) -> None:
        self._preferences = preferences
        self._clock = clock

    def result(self, tasks: Sequence[Task], change: Change | None = None) -> dict[str, Any]:
        """``{tasks}``, and ``already`` with those that a change found as they should be."""
        already = change.unchanged if change else ()
        more = {"already": self.brief(already)} if already else {}
        return {"tasks": self.brief(tasks), **more}

    def brief(self, tasks: Sequence[Task], with_status: bool = False) -> list[dict[str, Any]]:
        """``{id, title, status?, due?, repeats?, priority?}`` of each."""
        now_ms, zone = self._clock.now_ms(), self._preferences.zone()
        return [_brief(task, due_text(task, now_ms, zone), with_status) for task in tasks]

    def due_within(self, tasks: Sequence[Task], due: ListDue) -> list[Task]:
        """The tasks that are due then; today and this week include the overdue ones."""
        if due == "any":
            return list(tasks)
        return [task for task in tasks if self._is_due(task, due)]

    def _is_due(self, task: Task, due: ListDue) -> bool:
        if task.due_at_ms is None:
            return False
        now_ms, zone = self._clock.now_ms(), self._preferences.zone()
        if due == "overdue" or is_overdue(task, now_ms, zone):
            return due != "tomorrow" and is_overdue(task, now_ms, zone)
        today = datetime.fromtimestamp(now_ms / 1000, zone).date()
        days_ahead = (datetime.fromtimestamp(task.due_at_ms / 1000, zone).date() - today).days
        if due == "week":
            return 0 <= days_ahead < 7 - today.weekday()
        return days_ahead == (1 if due == "tomorrow" else 0)


def _brief(task: Task, due: str | None, with_status: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": task.id, "title": task.title}
    if with_status:
        shown["status"] = task.status
    if due:
        shown["due"] = due
    if task.recurrence:
        shown["repeats"] = repeat_text(task.recurrence)
    if task.priority != "normal":
        shown["priority"] = task.priority
    return shown
