"""Days in words: ``tomorrow``, ``next friday``, ``3rd of March``, ``in 2 weeks``, ISO.

Rules where English leaves room: weeks begin on Monday; "friday" is the coming one (today only
with a time that is still ahead), "next friday" the one of the next calendar week; the end of a
week is its Friday; a date without a year is the next one to come. Dotted dates are day first,
slashed ones follow ``day_first``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from littoral.tasks.date_words import MONTH_NUMBERS, read_numeric, read_written
from littoral.tasks.day import FULL_DAYS, Day, weekday_of
from littoral.tasks.recurrence import add_months
from littoral.tasks.word import Word, number_of, word_at

_TOMORROW = ("tomorrow", "tmr", "tmrw", "tomorow", "tommorow", "tommorrow")


def read_day(words: list[Word], place: int, day_first: bool = True) -> tuple[Day, int] | None:
    """A day that begins at ``place``, and the place after it."""
    for read in (_near, _named, _week, _edge, _in, read_written):
        found = read(words, place)
        if found:
            return found
    return read_numeric(words, place, day_first)


def _after(days: int) -> Day:
    return Day(on=lambda today: today + timedelta(days=days))


def _near(words: list[Word], place: int) -> tuple[Day, int] | None:
    text = word_at(words, place)
    if text == "today":
        return _after(0), place + 1
    if text == "tonight":
        return Day(on=lambda today: today, night=True), place + 1
    if text == "yesterday":
        return _after(-1), place + 1
    if text in _TOMORROW:
        return _after(1), place + 1
    if text == "this" and word_at(words, place + 1) in ("morning", "afternoon", "evening"):
        return _after(0), place + 1
    start = place + 1 if text == "the" else place
    day_after = word_at(words, start) == "day" and word_at(words, start + 1) == "after"
    if day_after and word_at(words, start + 2) in _TOMORROW:
        return _after(2), start + 3
    return None


def coming(weekday: int) -> Day:
    """The next such weekday; today only with a time that is still ahead."""
    return Day(
        on=lambda today: today + timedelta(days=(weekday - today.weekday()) % 7),
        again=lambda day: day + timedelta(days=7),
        today_needs_time=True,
    )


def _named(words: list[Word], place: int) -> tuple[Day, int] | None:
    text, following = word_at(words, place), word_at(words, place + 1)
    if text in ("the", "this") and following == "coming":
        return _named(words, place + 1)
    day = weekday_of(following)
    if text in ("this", "coming") and day is not None:
        return Day(on=coming(day).on), place + 2
    if text == "next" and day is not None:
        return _of_next_week(day), place + 2
    day = weekday_of(text)
    if day is None:
        return None
    if following == "next" and word_at(words, place + 2) == "week":
        return _of_next_week(day), place + 3
    dated = read_written(words, place + 1)
    if dated and not dated[0].weak:
        return dated  # "Friday 27 November": the date decides
    found = coming(day)
    if text not in FULL_DAYS:
        found = Day(on=found.on, again=found.again, today_needs_time=True, weak=True)
    return found, place + 1


def _of_next_week(weekday: int) -> Day:
    return Day(on=lambda today: _monday(today, 1) + timedelta(days=weekday))


def _monday(today: date, weeks: int) -> date:
    return today + timedelta(days=7 * weeks - today.weekday())


def _week(words: list[Word], place: int) -> tuple[Day, int] | None:
    """``this week``, ``next month``, ``the weekend``, ``next weekend`` …"""
    text, following = word_at(words, place), word_at(words, place + 1)
    if text in ("this", "the") and following == "weekend":
        return Day(on=lambda today: max(today, _monday(today, 0) + timedelta(days=5))), place + 2
    if text == "this" and following in ("week", "month", "year"):
        return _end(following, 0), place + 2
    if text != "next":
        return None
    starts: dict[str, Callable[[date], date]] = {
        "week": lambda today: _monday(today, 1),
        "weekend": lambda today: _monday(today, 1) + timedelta(days=5),
        "month": lambda today: add_months(today, 1, 1),
        "year": lambda today: date(today.year + 1, 1, 1),
    }
    if following not in starts:
        return None
    day = weekday_of(word_at(words, place + 2))
    if following == "week" and day is not None:
        return _of_next_week(day), place + 3
    return Day(on=starts[following], anchor=1 if following == "month" else None), place + 2


def _end(unit: str, ahead: int) -> Day:
    if unit == "week":
        return Day(
            on=lambda today: _monday(today, ahead) + timedelta(days=4),
            again=lambda day: day + timedelta(days=2),
        )
    if unit == "month":
        return Day(on=lambda today: add_months(today, ahead, 31), anchor=31)
    return Day(on=lambda today: date(today.year + ahead, 12, 31))


def _edge(words: list[Word], place: int) -> tuple[Day, int] | None:
    """``end of the month``, ``the beginning of next week``, ``eod``, ``eow``, ``eom``."""
    text = word_at(words, place)
    if text == "eod":
        return _day_that_ends(words, place + 1)
    short = {
        "eow": _end("week", 0),
        "eom": _end("month", 0),
        "eoy": _end("year", 0),
    }
    if text in short:
        return short[text], place + 1
    start = place + 1 if text == "the" else place
    edge = word_at(words, start)
    if edge not in ("end", "start", "beginning") or word_at(words, start + 1) != "of":
        return None
    which = word_at(words, start + 2)
    unit_place = start + 3 if which in ("the", "this", "next") else start + 2
    unit = word_at(words, unit_place)
    if unit == "day" and edge == "end":
        return _day_that_ends(words, unit_place + 1)
    if unit in MONTH_NUMBERS:
        return _edge_of_month(edge, MONTH_NUMBERS[unit]), unit_place + 1
    if unit not in ("week", "month", "year"):
        return None
    if edge == "end":
        return _end(unit, int(which == "next")), unit_place + 1
    return _week(words, unit_place - 1) if which == "next" else None


def _day_that_ends(words: list[Word], end: int) -> tuple[Day, int]:
    """``end of day`` is today, or the day that follows it: ``end of day tomorrow``."""
    start = end + 1 if word_at(words, end) in ("on", "of") else end
    return _anchor(words, start) or (_after(0), end)


def _anchor(words: list[Word], place: int) -> tuple[Day, int] | None:
    """A day that another expression counts from; never one that counts itself."""
    return _near(words, place) or _named(words, place)


def _edge_of_month(edge: str, month: int) -> Day:
    """The last or first day of a named month, which has not passed."""

    def found(today: date) -> date:
        year = today.year + (month < today.month)
        return add_months(date(year, month, 1), 0, 31 if edge == "end" else 1)

    return Day(on=found, again=lambda day: add_months(day, 12, 31 if edge == "end" else 1))


_UNIT_DAYS = {"day": 1, "days": 1, "d": 1, "week": 7, "weeks": 7, "w": 7, "wk": 7, "wks": 7}
_UNIT_MONTHS = {"month": 1, "months": 1, "year": 12, "years": 12}
_GLUED = re.compile(r"(\d{1,4})([a-z]{1,3})")


def read_count(words: list[Word], place: int) -> tuple[int, str, int] | None:
    """``2 weeks``, ``a couple of days``, ``30m``: the number, the unit, the place after."""
    text = word_at(words, place)
    if glued := _GLUED.fullmatch(text):
        return int(glued[1]), glued[2], place + 1
    if text == "a" and word_at(words, place + 1) in ("couple", "few"):
        number = 2 if word_at(words, place + 1) == "couple" else 3
        unit = place + 3 if word_at(words, place + 2) == "of" else place + 2
        return number, word_at(words, unit), unit + 1
    if text == "half" and word_at(words, place + 1) in ("a", "an"):
        return (30, "minutes", place + 3) if word_at(words, place + 2) == "hour" else None
    known = number_of(text)
    return None if known is None else (known, word_at(words, place + 1), place + 2)


def _in(words: list[Word], place: int) -> tuple[Day, int] | None:
    """``in 3 days``, ``within a week``, ``a week from friday``, ``2 weeks from now``."""
    has_in = word_at(words, place) in ("in", "within")
    counted = read_count(words, place + has_in)
    if counted is None:
        return None
    number, unit, end = counted
    if unit in _UNIT_DAYS:
        found = _after(number * _UNIT_DAYS[unit])
    elif unit in _UNIT_MONTHS:
        months = number * _UNIT_MONTHS[unit]
        found = Day(on=lambda today: add_months(today, months, today.day))
    else:
        return None
    if has_in:
        return found, end
    if word_at(words, end) != "from":
        return None
    if word_at(words, end + 1) == "now":
        return found, end + 2
    anchor = _anchor(words, end + 1)
    return None if anchor is None else (_counted_from(found, anchor[0]), anchor[1])


def _counted_from(distance: Day, anchor: Day) -> Day:
    """``a week from friday``: the distance, begun at the other day instead of today."""

    def found(today: date) -> date:
        start = anchor.on(today)
        if start == today and anchor.today_needs_time and anchor.again:
            start = anchor.again(start)
        return distance.on(start)

    return Day(on=found)
