"""A day relative to today, as the grammars of dates pass it on, and the names of weekdays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from littoral.tasks.recurrence import WEEKDAYS

FULL_DAYS = {name: place for place, name in enumerate(WEEKDAYS)}
_SHORT_DAYS = {name[:3]: place for name, place in FULL_DAYS.items()}
_SHORT_DAYS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day relative to today.

    ``on`` gives it; ``again`` gives the following one of the same name when ``on`` is past
    (``None``: a past day is refused). ``today_needs_time``: without a time today is not meant.
    ``anchor`` is the day of the month that was named, 31 for the end. ``weak`` needs a
    preposition inside a sentence.
    """

    on: Callable[[date], date]
    again: Callable[[date], date] | None = None
    today_needs_time: bool = False
    anchor: int | None = None
    weak: bool = False
    night: bool = False


def weekday_of(text: str) -> int | None:
    """0 for Monday; full names and abbreviations."""
    return FULL_DAYS.get(text, _SHORT_DAYS.get(text))
