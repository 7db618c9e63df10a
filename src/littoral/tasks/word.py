"""Words of a text with their places: what the grammars of dates read, in linear time."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_WORD_CHARACTERS = 40
"""A longer word is never part of a date; it is kept, but not looked at."""

_OPENING = "([{\"'“‘«"
_CLOSING = ")]}\"'”’»,.;:!?…"
_DOTTED_DATE = re.compile(r"\d{1,2}\.\d{1,2}")
"""``24.12.`` keeps its last full stop: it makes the date."""

_STOPS = ".;:!?…"


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word: ``text`` in lower case without punctuation, ``start`` and ``end`` in the original.

    ``stops`` is true when a mark follows that ends a phrase, ``comma`` when a comma does.
    ``quoted`` is true inside double quotes: such words are a name, not a date.
    """

    text: str
    start: int
    end: int
    stops: bool = False
    comma: bool = False
    quoted: bool = False


def split_words(text: str) -> list[Word]:
    """The words of ``text``, in order."""
    words: list[Word] = []
    quoted = False
    for found in re.finditer(r"\S+", text):
        raw = found.group()
        left = raw.lstrip(_OPENING)
        core = left.rstrip(_CLOSING)
        if _DOTTED_DATE.fullmatch(core) and left[len(core) :].startswith("."):
            core += "."
        tail = left[len(core) :]
        start = found.start() + len(raw) - len(left)
        opens = any(mark in raw[: len(raw) - len(left)] for mark in '"“«')
        quoted = quoted or opens
        words.append(
            Word(
                text=core.lower() if len(core) <= MAX_WORD_CHARACTERS else "",
                start=start,
                end=start + len(core),
                stops=any(mark in tail for mark in _STOPS),
                comma="," in tail,
                quoted=quoted,
            )
        )
        quoted = quoted and not any(mark in tail for mark in '"”»')
    return words


def word_at(words: list[Word], place: int) -> str:
    """The text of one word, empty past the end or inside quotes."""
    if 0 <= place < len(words) and not words[place].quoted:
        return words[place].text
    return ""


NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20,
    "thirty": 30, "forty": 40, "sixty": 60, "ninety": 90,
}  # fmt: skip


def number_of(text: str) -> int | None:
    """A count of at most four digits, or a small number in words."""
    if text.isascii() and text.isdigit() and len(text) <= 4:
        return int(text)
    return NUMBERS.get(text)
