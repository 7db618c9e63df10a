"""Repetition in words: ``every other week``, ``on weekdays``, ``every monday and thursday``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from littoral.tasks.date_words import monthly_day, ordinal_of
from littoral.tasks.day import Day, weekday_of
from littoral.tasks.recurrence import WEEKDAYS, Recurrence, Unit
from littoral.tasks.time_words import PARTS, Part
from littoral.tasks.word import Word, number_of, word_at

_ADVERBS: dict[str, Recurrence] = {
    "daily": Recurrence(unit="day"),
    "weekly": Recurrence(unit="week"),
    "fortnightly": Recurrence(unit="week", interval=2),
    "biweekly": Recurrence(unit="week", interval=2),
    "monthly": Recurrence(unit="month"),
    "quarterly": Recurrence(unit="month", interval=3),
    "yearly": Recurrence(unit="year"),
    "annually": Recurrence(unit="year"),
}
_SINGULAR: tuple[Unit, ...] = ("day", "week", "month", "year")
_UNITS: dict[str, Unit] = {name + plural: name for name in _SINGULAR for plural in ("", "s")}
_WORKDAYS = Recurrence(unit="week", weekdays=(0, 1, 2, 3, 4))
_WEEKEND = Recurrence(unit="week", weekdays=(5, 6))


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """A rule, the day it begins on when nothing else is said, and a part of the day it implies.

    ``weak`` is an adverb that may as well be an adjective ("weekly report").
    """

    rule: Recurrence
    day: Day
    part: Part | None = None
    weak: bool = False


def read_repeat(words: list[Word], place: int) -> tuple[Repeat, int] | None:
    """A repetition that begins at ``place``, and the place after it."""
    text = word_at(words, place)
    if text in _ADVERBS:
        return Repeat(rule=_ADVERBS[text], day=_TODAY, weak=True), place + 1
    if text in ("weekdays", "workdays", "weekends"):
        rule = _WEEKEND if text == "weekends" else _WORKDAYS
        return Repeat(rule=rule, day=_first_of(rule), weak=True), place + 1
    if text == "on":
        return _plural_days(words, place + 1)
    if text in ("every", "each"):
        return _every(words, place + 1)
    if text == "once" and word_at(words, place + 1) in ("a", "every", "each"):
        unit = word_at(words, place + 2)
        return (_interval(1, unit), place + 3) if unit in _UNITS else None
    if text.endswith("s") and text[:-1] in WEEKDAYS:
        return _plural_days(words, place)
    return _day_of_every_month(words, place)


_TODAY = Day(on=lambda today: today, again=lambda day: day + timedelta(days=1))


def _first_of(rule: Recurrence) -> Day:
    def first(today: date) -> date:
        return rule.next_after(today - timedelta(days=1), today - timedelta(days=1))

    return Day(on=first, again=lambda day: rule.next_after(day, day))


def _every(words: list[Word], place: int) -> tuple[Repeat, int] | None:
    text, following = word_at(words, place), word_at(words, place + 1)
    if text in PARTS:
        return Repeat(rule=Recurrence(), day=_TODAY, part=PARTS[text][0]), place + 1
    if text in ("weekday", "workday", "weekend"):
        rule = _WEEKEND if text == "weekend" else _WORKDAYS
        return Repeat(rule=rule, day=_first_of(rule)), place + 1
    if text == "other" and following in _UNITS:
        return _interval(2, following), place + 2
    if text in _UNITS:
        return _interval(1, text), place + 1
    if text == "quarter":
        return Repeat(rule=Recurrence(unit="month", interval=3), day=_TODAY), place + 1
    if (number := number_of(text)) and following in _UNITS and number <= 999:
        return _interval(number, following), place + 2
    if found := _weekdays(words, place):
        return found
    day = ordinal_of(text)
    if day is not None and weekday_of(following) is None:
        return _monthly_on(day), _past_of_the_month(words, place + 1, text)
    return None


def _interval(number: int, unit: str) -> Repeat:
    return Repeat(rule=Recurrence(unit=_UNITS[unit], interval=number), day=_TODAY)


def _weekdays(words: list[Word], place: int) -> tuple[Repeat, int] | None:
    """``monday, wednesday and friday`` as one rule."""
    days: set[int] = set()
    end = place
    while (day := _weekday(word_at(words, end))) is not None:
        days.add(day)
        end += 1
        joined = word_at(words, end) in ("and", "&")
        if joined and _weekday(word_at(words, end + 1)) is not None:
            end += 1
    if not days:
        return None
    rule = Recurrence(unit="week", weekdays=tuple(sorted(days)))
    return Repeat(rule=rule, day=_first_of(rule)), end


def _weekday(text: str) -> int | None:
    """``monday``, ``mondays``, ``mon``."""
    day = weekday_of(text)
    return weekday_of(text.removesuffix("s")) if day is None else day


def _day_of_every_month(words: list[Word], place: int) -> tuple[Repeat, int] | None:
    """``the 1st of every month``, ``the last day of each month``."""
    start = place + 1 if word_at(words, place) == "the" else place
    day = ordinal_of(word_at(words, start))
    end = start + 2 if word_at(words, start + 1) == "day" else start + 1
    of_every = word_at(words, end) == "of" and word_at(words, end + 1) in ("every", "each")
    if day is None or not of_every or word_at(words, end + 2) != "month":
        return None
    return _monthly_on(day), end + 3


def _plural_days(words: list[Word], place: int) -> tuple[Repeat, int] | None:
    """``on mondays``, ``on weekdays``."""
    text = word_at(words, place)
    if text in ("weekdays", "workdays", "weekends"):
        return read_repeat(words, place)
    if text.endswith("s") and text[:-1] in WEEKDAYS:
        return _weekdays(words, place)
    return None


def _monthly_on(day: int) -> Repeat:
    return Repeat(
        rule=Recurrence(unit="month"),
        day=Day(
            on=lambda today: monthly_day(today, day),
            again=lambda date_: monthly_day(date_ + timedelta(days=1), day),
            anchor=day,
        ),
    )


def _past_of_the_month(words: list[Word], end: int, text: str) -> int:
    if text == "last" and word_at(words, end) == "day":
        end += 1
    if word_at(words, end) == "of" and word_at(words, end + 1) in ("the", "each", "every"):
        return end + 3 if word_at(words, end + 2) == "month" else end
    return end
