"""Sentences and clauses of a message: where one command may end and the next begin.

Everything is found by scanning once from left to right, so that time grows with the length. Text
inside double quotes and fenced code is never divided. Leaves to others: what a clause means
(``commands``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from littoral.tasks.found import pattern

_FENCE = re.compile(r"```[^`]*(?:```|$)")
_MARKS = re.compile(r"[\"“”]|[.!?]+(?=[\s\"”]|$)|;|\n\s*")
_INLINE_LIST = re.compile(r":\s{0,3}1[.)]\s")
_INLINE_NUMBER = re.compile(r"\s(\d{1,2})[.)](?=\s)")
_LINE_NUMBER = re.compile(r"^([ \t]{0,8}\d{1,3})\.(?=\s)", re.M)
_ABBREVIATION = re.compile(r"(?:^|\s)(?:dr|mr|mrs|ms|st|nr|vs|prof|e\.g|i\.e|etc|[a-z])$", re.I)
_COURTESY = pattern(
    r"(?:please|pls|plz|hey|hi|hello|ok|okay|so|also|and|then|now|next|well|yes|yeah|yep|great|",
    r"thanks|thank you|alright|right|cool|good|first|finally|kindly|just|go ahead and|littoral|",
    r"assistant|quickly)(?=[\s,!.:]|$)[\s,!.:]*",
)
_POLITE = pattern(
    r"(?:can|could|would|will) (?:you|u)(?: please| kindly| also| just)?\s+|would you mind\s+"
)
_WISH = pattern(
    r"(?:i want you to|i'd like you to|i would like you to|i want to|i'd like to|",
    r"i would like to|i wanna|let's|lets|we need to|you need to|you should)\s+",
)
_CLOSING = pattern(
    r"[\s,]+(?:please|pls|plz|thanks|thank you|thx|for me|now|right now|ok|okay)[\s.!]*$"
)
_CLOSING_CHARACTERS = 24
_PLEASANTRY = pattern(
    r"(?:hi|hello|hey|thanks|thank you|thx|cheers|please|ok|okay|great|perfect|cool|awesome|bye|",
    r"goodbye|good (?:morning|afternoon|evening|night)|thank you (?:so|very) much|thanks a lot|",
    r"many thanks|yes|no|nice|sorry|well|so|right|alright|done|that's all|that is all)",
    r"(?: there| littoral| everyone| all)?",
)


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence or line. ``mark`` ended it: ``?``, ``.``, ``!``, ``;``, a line end, nothing."""

    text: str
    mark: str = ""
    begins_line: bool = False


@dataclass(frozen=True, kw_only=True)
class Address:
    """A clause without what politeness puts around it.

    ``polite`` is true for "can you …", where a question mark does not make a question; ``wish``
    for "I want to …", where only a certain command is one.
    """

    text: str
    polite: bool = False
    wish: bool = False


def split_sentences(message: str) -> list[Sentence]:
    """The sentences of a message in order, without empty ones."""
    text = _prepared(message)
    sentences: list[Sentence] = []
    start = 0
    quoted = False
    line_begins = True
    for found in _MARKS.finditer(text):
        mark = found[0][0]
        if mark in '"“”':
            quoted = not quoted
            continue
        quoted = quoted and mark != "\n"
        before = text[max(start, found.start() - 6) : found.start()]
        if quoted or (found[0] == "." and _ABBREVIATION.search(before)):
            continue
        piece = " ".join(text[start : found.start()].split())
        if piece:
            sentences.append(Sentence(text=piece, mark=mark, begins_line=line_begins))
            line_begins = False
        line_begins = line_begins or mark == "\n"
        start = found.end()
    rest = " ".join(text[start:].split())
    return [*sentences, Sentence(text=rest, begins_line=line_begins)] if rest else sentences


def _prepared(message: str) -> str:
    """One kind of line end and apostrophe, no code blocks, each numbered item on its own line."""
    text = _FENCE.sub("\n", message.replace("\r", "\n")).replace("’", "'").replace("‘", "'")
    lines = [
        _INLINE_NUMBER.sub(r"\n\1) ", line) if _INLINE_LIST.search(line) else line
        for line in text.split("\n")
    ]
    return _LINE_NUMBER.sub(r"\1)", "\n".join(lines))


def address(clause: str) -> Address:
    """The clause itself: "Hey, could you please add milk" → "add milk"."""
    polite = wish = False
    for _ in range(6):
        clause = clause.lstrip(" ,")
        if found := _POLITE.match(clause):
            polite = True
        elif found := _WISH.match(clause):
            wish = True
        elif not (found := _COURTESY.match(clause)) or found.end() == len(clause):
            break
        clause = clause[found.end() :]
    for _ in range(3):
        found = _CLOSING.search(clause, max(0, len(clause) - _CLOSING_CHARACTERS))
        if not found:
            break
        clause = clause[: found.start()]
    return Address(text=clause.strip(" ,"), polite=polite, wish=wish)


def is_pleasantry(sentence: str) -> bool:
    """A greeting or thanks, which neither is a command nor makes the rest ordinary talk."""
    return _PLEASANTRY.fullmatch(sentence.strip(" ,.!:)")) is not None or not any(
        character.isalnum() for character in sentence
    )
