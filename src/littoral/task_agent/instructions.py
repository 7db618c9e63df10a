"""The system prompt of the task agent, rendered for each turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cache
from importlib.resources import files
from string import Template

from littoral.tasks.task import Task
from littoral.tasks.time_zone import zone as zone_of

MAX_TASKS_SHOWN = 60
_MINUTE_MS = 60_000
# strftime asks the C library for the locale each time: 70 µs in the Worker (measured 2026-11).
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SHORT_MONTHS = tuple(month[:3] for month in _MONTHS)


@cache
def _template() -> Template:
    return Template(files(__package__).joinpath("instructions.txt").read_text(encoding="utf-8"))


class Instructions:
    """The instructions as they were rendered last: they change with what they tell and with the
    minute."""

    def __init__(self) -> None:
        self._tasks: Sequence[Task] = ()
        self._preferences: Mapping[str, str] = {}
        self._minute = -1
        self._text = ""

    def text(self, tasks: Sequence[Task], preferences: Mapping[str, str], now_ms: int) -> str:
        """As ``render`` in the user's time zone. Other objects are told anew, changed ones are not:
        they are the same as long as nothing changed (``TaskList.all``, ``Preferences.all``)."""
        minute = now_ms // _MINUTE_MS
        same = tasks is self._tasks and preferences is self._preferences
        if not same or minute != self._minute:
            self._tasks, self._preferences, self._minute = tasks, preferences, minute
            self._text = render(tasks, preferences, zone_of(preferences.get("timeZone")), now_ms)
        return self._text


def render(tasks: Sequence[Task], preferences: Mapping[str, str], zone: tzinfo, now_ms: int) -> str:
    """The instructions as of now. Raises ``KeyError`` when the template names an unknown field."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(zone)
    return _template().substitute(
        now=f"{_DAYS[now.weekday()]}, {_date(now, _MONTHS)}, {_time(now)}",
        zone=str(zone),
        preferences=_preferences(preferences),
        tasks=_tasks(tasks, zone),
    )


def _preferences(preferences: Mapping[str, str]) -> str:
    if not preferences:
        return ""
    return "Preferences: " + "; ".join(f"{key}={value}" for key, value in preferences.items())


def _tasks(tasks: Sequence[Task], zone: tzinfo) -> str:
    if not tasks:
        return "(none)"
    pending = [task for task in tasks if task.is_pending]
    others = [task for task in tasks if not task.is_pending]
    shown = (pending + others)[:MAX_TASKS_SHOWN]
    lines = [_line(task, zone) for task in shown]
    if len(tasks) > len(shown):
        lines.append(f"(and {len(tasks) - len(shown)} more; list_tasks shows them)")
    return "\n".join(lines)


def _line(task: Task, zone: tzinfo) -> str:
    notes: list[str] = [task.status]
    if task.priority != "normal":
        notes.append(f"{task.priority} priority")
    if task.due_at_ms is not None:
        due = datetime.fromtimestamp(task.due_at_ms / 1000, UTC).astimezone(zone)
        day = f"{_DAYS[due.weekday()][:3]} {_date(due, _SHORT_MONTHS)}"
        notes.append(f"due {day} {_time(due)}" if task.due_has_time else f"due {day}")
    if task.recurrence:
        notes.append(f"repeats {task.recurrence}")
    return f"{task.id}. [{', '.join(notes)}] {task.title}"


def _date(moment: datetime, months: Sequence[str]) -> str:
    return f"{moment.day:02} {months[moment.month - 1]} {moment.year}"


def _time(moment: datetime) -> str:
    return f"{moment.hour:02}:{moment.minute:02}"
