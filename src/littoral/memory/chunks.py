"""Cuts a document into passages: by paragraphs, else sentences, else words, else anywhere.

Every passage is a piece of the document as it is: ``text[start:end]``, counted in code points, so
that a citation can be looked up. What becomes of passages is left to the memory.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

PASSAGE_CHARACTERS = 1_200
LEAST_CHARACTERS = 600
"""A cut is looked for from here on, so that a document has a bounded number of passages."""

OVERLAP_CHARACTERS = 100
"""A passage that does not begin with a paragraph begins so much before the last one's end."""

MOST_MARKS = 32

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
# A look at what is before the space, never a run of unknown length: stays linear on any text.
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|(?<=[.!?…][\"'”’»)\]])\s+|(?<=[。！？])\s*|\n\s*")
_WORD = re.compile(r"\s+")
_JOINERS = "\u200d\ufe0e\ufe0f"


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """``document[start:end]``; begins and ends with something that is no space."""

    start: int
    end: int


def chunks_of(text: str) -> list[Chunk]:
    """The passages of a text, in order; none of a blank one. Takes time linear in its length.

    Together they hold every character that is no space. There is at most one for every
    ``LEAST_CHARACTERS - OVERLAP_CHARACTERS`` characters, and one for the rest.
    """
    made: list[Chunk] = []
    at = _skip_space(text, 0)
    while at < len(text):
        cut, begins = _cut(text, at)
        end = _without_space(text, at, cut)
        if end > at:
            made.append(Chunk(start=at, end=end))
        at = _skip_space(text, cut if begins else _overlapped(text, at, cut))
    return made


def _cut(text: str, at: int) -> tuple[int, bool]:
    """Where the passage that begins at ``at`` ends, and whether the next one begins just there."""
    most = at + PASSAGE_CHARACTERS
    if most >= len(text):
        return len(text), True
    least = at + LEAST_CHARACTERS
    paragraph = _last(_PARAGRAPH, text, least, most)
    if paragraph is not None:
        return paragraph, True
    for rule in (_SENTENCE, _WORD):
        found = _last(rule, text, least, most)
        if found is not None:
            return found, False
    return _whole_character(text, most, least), False


def _last(rule: re.Pattern[str], text: str, least: int, most: int) -> int | None:
    """The end of the last match between two positions; ``None`` without one.

    A run of spaces that goes on after ``most`` counts too: it ends there.
    """
    ends = [found.end() for found in rule.finditer(text, least, most) if found.end() > least]
    return ends[-1] if ends else None


def _overlapped(text: str, start: int, cut: int) -> int:
    """Where the next passage begins: a sentence, else a word, a little before the cut."""
    least = max(start + 1, cut - OVERLAP_CHARACTERS)
    for rule in (_SENTENCE, _WORD):
        for found in rule.finditer(text, least, cut):
            if least < found.end() < cut:
                return found.end()
    return _whole_character(text, least, start + 1)


def _whole_character(text: str, at: int, least: int) -> int:
    """``at`` or a little before, so that no mark is parted from its letter."""
    for place in range(at, max(least, at - MOST_MARKS), -1):
        before, after = text[place - 1], text[place] if place < len(text) else " "
        if not unicodedata.combining(after) and after not in _JOINERS and before != "\u200d":
            return place
    return at


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _without_space(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end
