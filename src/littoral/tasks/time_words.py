"""Times of day in words: ``5pm``, ``17:30``, ``half past 6``, ``noon``, ``in the evening``.

An hour from 1 to 12 without am or pm is ambiguous: 1 to 6 mean the afternoon and 7 to 11 the
morning, 12 is noon, unless the part of the day says otherwise or the moment has passed (``due``
decides). ``midnight`` is the last minute of the day, so that "friday midnight" stays on Friday.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Literal

from littoral.tasks.word import Word, number_of, word_at

Part = Literal["morning", "afternoon", "evening", "night"]

PARTS: dict[str, tuple[Part, int]] = {
    "morning": ("morning", 9),
    "afternoon": ("afternoon", 15),
    "evening": ("evening", 19),
    "night": ("night", 21),
}
"""What a part of the day alone means, as an hour."""

PART_HOURS: dict[Part, int] = dict(PARTS.values())

_NAMED = {
    "noon": time(12),
    "midday": time(12),
    "lunchtime": time(12),
    "midnight": time(23, 59),
}
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})?(am|pm|a\.m|p\.m)?")
_MERIDIEMS = {"am": 0, "a.m": 0, "pm": 12, "p.m": 12}


@dataclass(frozen=True, kw_only=True)
class TimeOfDay:
    """A wall-clock time; ``ambiguous`` when it could be twelve hours later or earlier as well."""

    at: time
    ambiguous: bool = False
    bare: bool = False
    """Only a number: it is a time because of an ``at`` before it."""

    def within(self, part: Part) -> TimeOfDay:
        """The reading that lies in the part of the day."""
        hour = self.at.hour % 12 if self.ambiguous else self.at.hour
        if self.ambiguous and not (part == "morning" or (part == "night" and hour < 5)):
            hour += 12
        return TimeOfDay(at=self.at.replace(hour=hour))

    def other(self) -> time:
        """The other reading of an ambiguous time."""
        return self.at.replace(hour=(self.at.hour + 12) % 24)


def read_time(words: list[Word], place: int) -> tuple[TimeOfDay, int] | None:
    """A time that begins at ``place``, and the place after it."""
    text = word_at(words, place)
    if text in _NAMED:
        return TimeOfDay(at=_NAMED[text]), place + 1
    if text in ("half", "quarter") and word_at(words, place + 1) in ("past", "to"):
        return _relative(words, place, text)
    found = _TIME.fullmatch(text)
    if found is None:
        return _named_hour(words, place)
    return _digits(words, place, found)


def _digits(words: list[Word], place: int, found: re.Match[str]) -> tuple[TimeOfDay, int] | None:
    hour, minute, suffix = int(found[1]), int(found[2] or 0), found[3] or ""
    if found[2] and "." in found[0][: len(found[1]) + 1] and not suffix:
        return None  # 5.30 is a price or a version far more often than a time
    after = word_at(words, place + 1)
    end = place + 1
    if (
        not suffix
        and not words[place].stops
        and after in (*_MERIDIEMS, "o'clock", "oclock", "o’clock")
    ):
        suffix, end = after, place + 2
    if suffix in _MERIDIEMS:
        if not 1 <= hour <= 12 or minute > 59:
            return None
        return TimeOfDay(at=time(hour % 12 + _MERIDIEMS[suffix], minute)), end
    if hour > 23 or minute > 59:
        return None
    bare = not found[2] and not suffix
    return _without_meridiem(hour, minute, found[1].startswith("0"), bare), end


def _without_meridiem(hour: int, minute: int, zero: bool, bare: bool) -> TimeOfDay:
    if zero or not 1 <= hour <= 12:
        return TimeOfDay(at=time(hour, minute), bare=bare)
    usual = hour + 12 if hour < 7 else hour
    return TimeOfDay(at=time(usual, minute), ambiguous=True, bare=bare)


def _named_hour(words: list[Word], place: int) -> tuple[TimeOfDay, int] | None:
    """``five o'clock``; ``five`` alone only where the caller has seen an ``at``."""
    text = word_at(words, place)
    hour = number_of(text)
    if hour is None or text in ("a", "an") or text.isdigit() or not 1 <= hour <= 12:
        return None
    end = place + 2 if word_at(words, place + 1) in ("o'clock", "oclock", "o’clock") else place + 1
    if end == place + 1 and word_at(words, end) in _MERIDIEMS:
        return TimeOfDay(at=time(hour % 12 + _MERIDIEMS[word_at(words, end)])), end + 1
    return _without_meridiem(hour, 0, False, end == place + 1), end


def _relative(words: list[Word], place: int, text: str) -> tuple[TimeOfDay, int] | None:
    """``half past 5``, ``quarter to 6``."""
    hour = number_of(word_at(words, place + 2))
    if hour is None or not 1 <= hour <= 12 or word_at(words, place + 2) in ("a", "an"):
        return None
    minute = 30 if text == "half" else 15
    if word_at(words, place + 1) == "to":
        if text == "half":
            return None
        hour, minute = (hour - 1) or 12, 45
    return _without_meridiem(hour, minute, False, False), place + 3


def read_part(words: list[Word], place: int) -> tuple[Part, int] | None:
    """``in the evening``, ``this afternoon``, ``morning``, ``at night``, and the place after it."""
    first, second, third = (word_at(words, place + ahead) for ahead in range(3))
    if first == "in" and second == "the" and third in ("morning", "afternoon", "evening"):
        return PARTS[third][0], place + 3
    if first == "at" and second == "night":
        return "night", place + 2
    if first in PARTS:
        return PARTS[first][0], place + 1
    return None
