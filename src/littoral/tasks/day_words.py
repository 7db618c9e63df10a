"""Days in words: ``tomorrow``, ``next friday``, ``3rd of March``, ``in 2 weeks``, ISO.

Rules where English leaves room: weeks begin on Monday; "friday" is the coming one (today only
with a time that is still ahead), "next friday" the one of the next calendar week; the end of a
week is its Friday; a date without a year is the next one to come. Dotted dates are day first,
slashed ones follow ``day_first``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from littoral.tasks.recurrence import WEEKDAYS, add_months
from littoral.tasks.word import Word, number_of, word_at

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTHS = {name: place + 1 for place, name in enumerate(MONTHS)}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_FULL_DAYS = {name: place for place, name in enumerate(WEEKDAYS)}
_SHORT_DAYS = {name[:3]: place for name, place in _FULL_DAYS.items()}
_SHORT_DAYS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_TOMORROW = ("tomorrow", "tmr", "tmrw", "tomorow", "tommorow", "tommorrow")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})([./])(\d{1,2})(?:\2(\d{4}|\d{2}))?")
_ORDINAL_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": 31}


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
    return _FULL_DAYS.get(text, _SHORT_DAYS.get(text))


def ordinal_of(text: str) -> int | None:
    """``15th``, ``third`` … as a day of the month (31 for ``last``)."""
    found = _ORDINAL.fullmatch(text)
    if found:
        return int(found[1]) if 1 <= int(found[1]) <= 31 else None
    return _ORDINAL_WORDS.get(text)


def read_day(words: list[Word], place: int, day_first: bool = True) -> tuple[Day, int] | None:
    """A day that begins at ``place``, and the place after it."""
    for read in (_near, _named, _week, _edge, _in, _written):
        found = read(words, place)
        if found:
            return found
    return _numeric(words, place, day_first)


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
    dated = _written(words, place + 1)
    if dated and not dated[0].weak:
        return dated  # "Friday 27 November": the date decides
    found = coming(day)
    if text not in _FULL_DAYS:
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
    short = {
        "eod": _after(0),
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
        return _after(0), unit_place + 1
    if unit not in ("week", "month", "year"):
        return None
    if edge == "end":
        return _end(unit, int(which == "next")), unit_place + 1
    return _week(words, unit_place - 1) if which == "next" else None


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
    if word_at(words, end) == "from" and word_at(words, end + 1) in ("now", "today"):
        return found, end + 2
    return None


def _written(words: list[Word], place: int) -> tuple[Day, int] | None:
    """``3 March``, ``March 3rd, 2027``, ``the 3rd of March``, ``the 15th``."""
    start = place + 1 if word_at(words, place) == "the" else place
    text, following = word_at(words, start), word_at(words, start + 1)
    in_words = (
        text in _ORDINAL_WORDS and start == place
    )  # "first of March", but not "second season"
    ordinal = ordinal_of(text) if following == "of" or not in_words else None
    if text in _MONTHS and start == place:
        day = ordinal_of(following) or _plain_day(following)
        end = start + 2
        return _dated(words, end, day, _MONTHS[text]) if day and following != "last" else None
    day = ordinal or _plain_day(text)
    if day is None or (text == "last" and following != "day"):
        return None
    month = start + 2 if following == "of" else start + 1
    if word_at(words, month) in _MONTHS and text != "last":
        return _dated(words, month + 1, day, _MONTHS[word_at(words, month)])
    if ordinal is None or (start == place and _ORDINAL.fullmatch(text) is None):
        return None
    return _day_of_month(words, start, day)


def _plain_day(text: str) -> int | None:
    plain = text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 31
    return int(text) if plain else None


def _dated(words: list[Word], end: int, day: int, month: int) -> tuple[Day, int] | None:
    year = word_at(words, end)
    if len(year) == 4 and year.isascii() and year.isdigit() and int(year) >= 1900:
        return _fixed(int(year), month, day, end + 1)
    return _yearly(month, day, end)


def _fixed(year: int, month: int, day: int, end: int) -> tuple[Day, int] | None:
    try:
        fixed = date(year, month, day)
    except ValueError:
        return None
    return Day(on=lambda _today: fixed), end


def _yearly(month: int, day: int, end: int) -> tuple[Day, int] | None:
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    if add_months(date(2000, month, 1), 0, day).day != day:
        return None  # 31 April never comes; 29 February does
    found = Day(
        on=lambda today: _this_or_next(today, month, day),
        again=lambda date_: _this_or_next(date_ + timedelta(days=1), month, day),
        anchor=day,
    )
    return found, end


def _this_or_next(today: date, month: int, day: int) -> date:
    for year in range(today.year, today.year + 9):
        found = add_months(date(year, month, 1), 0, day)
        if found.day == day and found >= today:
            return found
    raise OverflowError(f"no date {day}/{month} after {today}")


def _day_of_month(words: list[Word], start: int, day: int) -> tuple[Day, int] | None:
    end = start + 1
    if word_at(words, start) == "last":
        end = start + 2
    if word_at(words, end) == "of" and word_at(words, end + 1) in ("the", "every", "each"):
        end += 3 if word_at(words, end + 2) == "month" else 0
    found = Day(
        on=lambda today: monthly_day(today, day),
        again=lambda date_: monthly_day(date_ + timedelta(days=1), day),
        anchor=day,
        weak=True,
    )
    return found, end


def monthly_day(today: date, day: int) -> date:
    """The first ``day`` of a month that is not before ``today``; a short month takes its last."""
    found = add_months(today, 0, day)
    return found if found >= today else add_months(today, 1, day)


def _numeric(words: list[Word], place: int, day_first: bool) -> tuple[Day, int] | None:
    text = word_at(words, place)
    if found := _ISO.fullmatch(text):
        return _fixed(int(found[1]), int(found[2]), int(found[3]), place + 1)
    found = _NUMERIC.fullmatch(text)
    if not found:
        return None
    first, second = int(found[1]), int(found[3])
    swap = found[2] == "/" and (second > 12 or (not day_first and first <= 12))
    day, month = (second, first) if swap else (first, second)
    if found[4] is None:
        yearly = _yearly(month, day, place + 1)
        return None if yearly is None else (_weakened(yearly[0]), place + 1)
    year = int(found[4]) if len(found[4]) == 4 else 2000 + int(found[4])
    return _fixed(year, month, day, place + 1)


def _weakened(day: Day) -> Day:
    return Day(on=day.on, again=day.again, anchor=day.anchor, weak=True)
