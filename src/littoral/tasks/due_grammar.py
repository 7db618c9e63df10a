"""Reads a phrase that says when, word by word.

    phrase  := [prefix] piece { [prefix] piece }     each kind of piece at most once, in any order
    prefix  := on | by | before | until | due | for | at | starting | from
    piece   := day | time | part of the day | span ("in 2 hours") | repetition | ISO date-time

A phrase has a bounded number of pieces and a piece a bounded number of words, so that reading
costs the same wherever it begins. Leaves to others: the pieces (``day_words``, ``time_words``,
``repeat_words``).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from littoral.tasks.day_words import read_count, read_day
from littoral.tasks.due_phrase import Phrase
from littoral.tasks.repeat_words import read_repeat
from littoral.tasks.time_words import PARTS, Part, read_part, read_time
from littoral.tasks.word import Word, word_at

_PREFIXES = frozenset(
    (
        "on",
        "by",
        "before",
        "until",
        "till",
        "due",
        "for",
        "at",
        "@",
        "around",
        "sometime",
        "later",
        "starting",
        "beginning",
    )
)
_AT = frozenset(("at", "@", "by", "before", "until", "till", "around"))
_HOURS = dict.fromkeys(("hour", "hours", "h", "hr", "hrs"), 3_600)
_MINUTES = dict.fromkeys(("minute", "minutes", "min", "mins", "m"), 60)
_SECONDS = dict.fromkeys(("second", "seconds", "sec", "secs"), 1)
_SPANS = _SECONDS | _MINUTES | _HOURS
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})t(\d{2}:\d{2})(?::\d{2}(?:\.\d{1,6})?)?(z|[+-]\d{2}:?\d{2})?"
)


def read_phrase(
    words: list[Word], place: int, day_first: bool, whole: bool = False
) -> Phrase | None:
    """The longest phrase that begins at ``place``."""
    phrase = Phrase(first=place, last=place)
    while True:
        grown = _grow(words, phrase, day_first, whole)
        if grown is None:
            break
        phrase = grown
        if words[phrase.last - 1].stops and not whole:
            break
    if not phrase.pieces or phrase.last == place:
        return None
    return replace(phrase, start=words[place].start, end=words[phrase.last - 1].end)


def _grow(words: list[Word], phrase: Phrase, day_first: bool, whole: bool) -> Phrase | None:
    """The phrase with one more piece, after up to two prefixes."""
    place = phrase.last
    for _ in range(3):
        prefix = word_at(words, place - 1) if place > phrase.last else ""
        grown = _piece(words, place, phrase, day_first, prefix, whole)
        if grown is not None:
            prefixed = phrase.prefixed or (place > phrase.last and phrase.pieces == 0)
            return replace(grown, pieces=phrase.pieces + 1, prefixed=prefixed)
        if not _is_prefix(word_at(words, place), phrase) or words[place].stops:
            return None
        place += 1
    return None


def _is_prefix(text: str, phrase: Phrase) -> bool:
    """``from`` only begins a repetition: "from 3 March" alone tells how old a thing is."""
    return text in _PREFIXES or (text == "from" and phrase.repeat is not None)


def _piece(
    words: list[Word], place: int, phrase: Phrase, day_first: bool, prefix: str, whole: bool
) -> Phrase | None:
    alone = phrase.pieces == 0
    if alone and (found := _moment(words, place)):
        return replace(phrase, moment=found, last=place + 1)
    if alone and (span := _span(words, place, whole)):
        return replace(phrase, span_seconds=span[0], last=span[1])
    if phrase.moment is not None or phrase.span_seconds is not None:
        return None
    if phrase.repeat is None and (repeat := read_repeat(words, place)):
        return replace(phrase, repeat=repeat[0], last=repeat[1])
    if phrase.day is None and (day := read_day(words, place, day_first)):
        part_follows = word_at(words, place) == "this" and word_at(words, place + 1) in PARTS
        part = PARTS[word_at(words, place + 1)][0] if part_follows else phrase.part
        end = day[1] + int(part_follows)
        return replace(phrase, day=day[0], part=part, last=end)
    if phrase.part is None and (part_found := _part(words, place, phrase)):
        return replace(phrase, part=part_found[0], last=part_found[1])
    if phrase.time is None and (found_time := read_time(words, place)):
        if found_time[0].bare and prefix not in _AT:
            in_part = read_part(words, found_time[1])
            if in_part is None or word_at(words, found_time[1]) == "night":
                return None
        return replace(phrase, time=found_time[0], last=found_time[1])
    return None


def _moment(words: list[Word], place: int) -> datetime | None:
    found = _MOMENT.fullmatch(word_at(words, place))
    if found is None:
        return None
    offset = (found[3] or "").replace("z", "+00:00")
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}{offset}")
    except ValueError:
        return None


def _span(words: list[Word], place: int, whole: bool) -> tuple[int, int] | None:
    """``in 2 hours``, ``in an hour and a half``, ``30 minutes from now``: the seconds."""
    has_in = word_at(words, place) in ("in", "within")
    counted = read_count(words, place + has_in)
    if counted is None or counted[1] not in _SPANS:
        return None
    number, unit, end = counted
    seconds = number * _SPANS[unit]
    if [word_at(words, end + ahead) for ahead in range(3)] == ["and", "a", "half"]:
        seconds, end = seconds + _SPANS[unit] // 2, end + 3
    elif word_at(words, end) == "and" and unit in _HOURS:
        more = read_count(words, end + 1)
        if more and more[1] in _MINUTES:
            seconds, end = seconds + more[0] * _MINUTES[more[1]], more[2]
    if [word_at(words, end), word_at(words, end + 1)] == ["from", "now"]:
        return seconds, end + 2
    return (seconds, end) if has_in or whole else None


def _part(words: list[Word], place: int, phrase: Phrase) -> tuple[Part, int] | None:
    found = read_part(words, place)
    if found is None:
        return None
    alone = phrase.day is None and phrase.time is None and phrase.repeat is None
    return None if alone and word_at(words, place) in PARTS else found
