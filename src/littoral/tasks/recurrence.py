"""How a task repeats: a closed set of rules, their canonical text, and the next date.

The canonical text is what rows and JSON hold: ``daily``, ``weekdays``, ``weekly``, ``monthly``,
``yearly``, ``every 2 days``, ``every 3 weeks`` …, or weekdays by name as in ``every monday,
thursday``. Leaves to others: what a user may write instead (``repeat_words``), when a task is
completed (``task_list``).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from littoral.errors import InvalidInput

Unit = Literal["day", "week", "month", "year"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAX_INTERVAL = 999
_SIMPLE: dict[str, Unit] = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}
_UNITS: dict[str, Unit] = {"days": "day", "weeks": "week", "months": "month", "years": "year"}


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """Every ``interval`` units; or, with ``weekdays`` (0 is Monday, sorted), on those days."""

    unit: Unit = "day"
    interval: int = 1
    weekdays: tuple[int, ...] = ()

    def __str__(self) -> str:
        if self.weekdays == (0, 1, 2, 3, 4):
            return "weekdays"
        if self.weekdays:
            return "every " + ", ".join(WEEKDAYS[day] for day in self.weekdays)
        if self.interval > 1:
            return f"every {self.interval} {self.unit}s"
        return {unit: name for name, unit in _SIMPLE.items()}[self.unit]

    @property
    def has_anchor(self) -> bool:
        """Whether it aims at a day of the month, which a short month may not have."""
        return self.unit in ("month", "year")

    def next_after(self, due: date, after: date, anchor_day: int | None = None) -> date:
        """The first date of the series of ``due`` that lies after both ``due`` and ``after``.

        ``anchor_day`` is the day of the month that months and years aim at (default: that of
        ``due``); a shorter month takes its last day. Raises ``OverflowError`` past the year 9999.
        """
        if self.weekdays:
            return self._next_weekday(max(due, after))
        if self.unit in ("day", "week"):
            step = self.interval * (7 if self.unit == "week" else 1)
            missed = max(0, (after - due).days) // step
            return due + timedelta(days=step * (missed + 1))
        return self._next_month(due, after, anchor_day or due.day)

    def _next_weekday(self, after: date) -> date:
        days = (after + timedelta(days=ahead) for ahead in range(1, 8))
        return next(day for day in days if day.weekday() in self.weekdays)

    def _next_month(self, due: date, after: date, anchor_day: int) -> date:
        step = self.interval * (12 if self.unit == "year" else 1)
        passed = (after.year - due.year) * 12 + after.month - due.month
        steps = max(1, passed // step)
        while (found := add_months(due, steps * step, anchor_day)) <= max(due, after):
            steps += 1
        return found


def add_months(start: date, months: int, day: int) -> date:
    """The ``day`` of the month that lies ``months`` after that of ``start``, or its last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"the year {year} is out of range")
    return date(year, month + 1, min(day, calendar.monthrange(year, month + 1)[1]))


def parse_recurrence(text: str) -> Recurrence:
    """Reads the canonical text; ``InvalidInput`` for any other."""
    if text in _SIMPLE:
        return Recurrence(unit=_SIMPLE[text])
    if text == "weekdays":
        return Recurrence(unit="week", weekdays=(0, 1, 2, 3, 4))
    words = text.removeprefix("every ").replace(",", " ").split()
    if text.startswith("every ") and words and all(word in WEEKDAYS for word in words):
        return Recurrence(unit="week", weekdays=tuple(sorted({WEEKDAYS.index(w) for w in words})))
    if text.startswith("every ") and len(words) == 2 and words[1] in _UNITS:
        return _interval(words[0], _UNITS[words[1]], text)
    raise _unknown(text)


def _interval(number: str, unit: Unit, text: str) -> Recurrence:
    if not (number.isascii() and number.isdigit() and len(number) <= 3 and int(number)):
        raise _unknown(text)
    return Recurrence(unit=unit, interval=int(number))


def _unknown(text: str) -> InvalidInput:
    return InvalidInput(
        f"The recurrence {text[:60]!r} is not known. Use daily, weekdays, weekly, monthly, yearly, "
        "'every 2 weeks' or 'every monday, thursday'.",
        fields=[{"field": "recurrence", "message": "not a known recurrence"}],
    )
