"""When and how often, in words, as the fields of a task.

Leaves to others: what the words mean (``due``), which tasks get the fields (``tools``, the agent).
"""

from __future__ import annotations

from typing import Any

from littoral.clock import Clock
from littoral.errors import InvalidInput
from littoral.tasks import due as due_words
from littoral.tasks.due import Due
from littoral.tasks.preferences import Preferences
from littoral.tasks.recurrence import parse_recurrence

NOTHING = frozenset(("", "none", "never", "no", "null", "remove", "clear"))
"""Words that take a date or a repetition away."""


class Schedule:
    """Reads words with the user's clock, zone and order of dates as they are at each call."""

    def __init__(self, preferences: Preferences, clock: Clock) -> None:
        self._preferences = preferences
        self._clock = clock

    def fields(self, due: str | None, repeat: str | None, *, dated: bool = False) -> dict[str, Any]:
        """The fields of ``Task`` that the words set; ``None`` leaves a side alone.

        ``dated`` tells that the tasks have a date: a plain rule such as "weekly" then goes on from
        it. Raises ``InvalidInput`` for words that mean nothing, and when both sides are ``None``.
        """
        if due is None and repeat is None:
            raise InvalidInput("Say when the tasks are due, or how they repeat.")
        given = {} if due is None else _fields(self._due(due))
        if repeat is None:
            return given
        if _is_nothing(repeat):
            return {**given, "recurrence": None}
        first = self._due(repeat)
        if first is None or first.recurrence is None:
            raise InvalidInput(f"{repeat[:60]!r} is no repetition. Try 'daily' or 'every monday'.")
        if dated and due is None and _is_plain(first):
            return {"recurrence": first.recurrence}
        return {**_fields(first), **given, "recurrence": first.recurrence}

    def _due(self, words: str) -> Due | None:
        if _is_nothing(words):
            return None
        preferences = self._preferences
        now_ms = self._clock.now_ms()
        return due_words.parse(words, now_ms, preferences.zone(), preferences.day_first())


def _is_nothing(words: str) -> bool:
    return words.strip().lower() in NOTHING


def _is_plain(first: Due) -> bool:
    """Whether the rule names no day and no time of its own."""
    names_days = bool(parse_recurrence(first.recurrence or "daily").weekdays)
    return not (names_days or first.has_time or first.anchor_day)


def _fields(due: Due | None) -> dict[str, Any]:
    """A date without a rule leaves the task's rule as it is; without a date nothing recurs."""
    if due is None:
        return {"due_at_ms": None, "due_has_time": False, "anchor_day": None, "recurrence": None}
    fields: dict[str, Any] = {
        "due_at_ms": due.at_ms,
        "due_has_time": due.has_time,
        "anchor_day": due.anchor_day,
    }
    return fields if due.recurrence is None else {**fields, "recurrence": due.recurrence}
