"""Dates of the calendar in words and figures: ``3 March``, ``the 15th``, ``2027-03-03``,
``24.12.``.

A date without a year is the next one to come. Leaves to others: days named by their distance from
today (``day_words``).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from littoral.tasks.day import Day
from littoral.tasks.recurrence import add_months
from littoral.tasks.word import Word, word_at

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTH_NUMBERS = {name: place + 1 for place, name in enumerate(MONTHS)}
MONTH_NUMBERS |= {name[:3]: number for name, number in MONTH_NUMBERS.items()} | {"sept": 9}
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_ISO = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})([./])(\d{1,2})(?:\2(\d{4}|\d{2})|\.)?")
_ORDINAL_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": 31}


def ordinal_of(text: str) -> int | None:
    """``15th``, ``third`` … as a day of the month (31 for ``last``)."""
    found = _ORDINAL.fullmatch(text)
    if found:
        return int(found[1]) if 1 <= int(found[1]) <= 31 else None
    return _ORDINAL_WORDS.get(text)


def read_written(words: list[Word], place: int) -> tuple[Day, int] | None:
    """``3 March``, ``March 3rd, 2027``, ``the 3rd of March``, ``the 15th``."""
    start = place + 1 if word_at(words, place) == "the" else place
    text, following = word_at(words, start), word_at(words, start + 1)
    # "the first of March" and "the last day" are dates, "second season" and "the first" are not.
    is_word = text in _ORDINAL_WORDS and following != "of" and (text, following) != ("last", "day")
    ordinal = None if is_word else ordinal_of(text)
    if text in MONTH_NUMBERS and start == place:
        day = ordinal_of(following) or _plain_day(following)
        end = start + 2
        return _dated(words, end, day, MONTH_NUMBERS[text]) if day and following != "last" else None
    day = ordinal or _plain_day(text)
    if day is None or (text == "last" and following != "day"):
        return None
    month = start + 2 if following == "of" else start + 1
    if word_at(words, month) in MONTH_NUMBERS and text != "last":
        return _dated(words, month + 1, day, MONTH_NUMBERS[word_at(words, month)])
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
    if [word_at(words, end + ahead) for ahead in range(3)] == ["of", "the", "month"]:
        end += 3
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


def read_numeric(words: list[Word], place: int, day_first: bool) -> tuple[Day, int] | None:
    text = word_at(words, place)
    if found := _ISO.fullmatch(text):
        return _fixed(int(found[1]), int(found[3]), int(found[4]), place + 1)
    found = _NUMERIC.fullmatch(text)
    if not found:
        return None
    first, second = int(found[1]), int(found[3])
    swap = found[2] == "/" and (second > 12 or (not day_first and first <= 12))
    day, month = (second, first) if swap else (first, second)
    if found[4] is None and found[2] == "." and not text.endswith("."):
        return None  # 10.4 is a number or a version, 10.4. a date
    if found[4] is None:
        yearly = _yearly(month, day, place + 1)
        return None if yearly is None else (_weakened(yearly[0]), place + 1)
    if len(found[4]) == 4:
        return _fixed(int(found[4]), month, day, place + 1)
    short = _fixed(2000 + int(found[4]), month, day, place + 1)
    return None if short is None else (_weakened(short[0]), place + 1)


def _weakened(day: Day) -> Day:
    return Day(on=day.on, again=day.again, anchor=day.anchor, weak=True)
