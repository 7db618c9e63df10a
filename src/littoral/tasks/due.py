"""Due dates in words, with a time zone: what they mean, and where they stand in a sentence.

An own grammar (``due_grammar`` states it), because the libraries that were tried in November 2026
answer wrongly where a to-do list needs it: parsedatetime 2.6 reads "tomorrow at 5" as tomorrow at
9 and "every monday at 9" as next Monday at the present minute; dateparser 1.5 ignores the 5 too,
finds a date in "cans of May Flowers", knows no recurrence, and needs the compiled ``regex``
package. Both know zones only through ``pytz`` or not at all.

The result is in UTC and correct across changes of daylight saving. A moment of the past rolls
forward where the words allow it ("friday", "3 March", "at 5") and is refused where they do not
("yesterday", "today at 5am" in the evening). English only. Leaves to others: dates back into
words (``due_text``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo

from littoral.errors import InvalidInput
from littoral.tasks.due_grammar import read_phrase
from littoral.tasks.due_phrase import Due, Phrase
from littoral.tasks.word import Word, split_words, word_at

__all__ = ["Due", "Phrase", "find", "parse", "without"]

_OWNERS = ("the", "a", "an", "my", "his", "her", "our", "their", "your", "no")
_NOT_BEFORE = frozenset(
    (*_OWNERS, "of", "from", "since", "after", "between", "than", "version", "and", "or")
)
"""Words that make what follows them a part of the title: "the weekend", "report of 3 March"."""

_GOES_ON = frozenset(
    ("about", "with", "regarding", "concerning", "for", "from", "to", "in", "that")
)
_EXAMPLES = (
    "Try 'tomorrow at 17:00', 'next friday', 'in 2 hours', '2027-03-03' or 'every monday at 9'."
)


def parse(text: str, now_ms: int, zone: tzinfo, day_first: bool = True) -> Due:
    """The due moment that ``text`` as a whole means.

    Raises ``InvalidInput`` when it is not understood, past, or too far away. Repeating is safe.
    """
    shown = " ".join(text.split())[:80]
    words = split_words(text) if len(text) <= 200 else []
    phrase = read_phrase(words, 0, day_first, whole=True) if words else None
    if phrase is None or phrase.last < len(words):
        raise InvalidInput(
            f"The date {shown!r} is not understood. {_EXAMPLES}",
            fields=[{"field": "due", "message": "not understood"}],
        )
    return replace(phrase, text=shown).resolve(now_ms, zone)


def find(text: str, day_first: bool = True) -> Phrase | None:
    """The phrase in a sentence that says when, or ``None``.

    It must stand at the end or at the beginning, or be unmistakable in the middle ("call Bob
    tomorrow about the rent"); a name like "Friday Night Lights" and anything in double quotes is
    none.
    """
    words = split_words(text)
    for place in range(len(words)):
        phrase = read_phrase(words, place, day_first)
        if phrase is not None and _is_meant(words, phrase):
            return replace(phrase, text=text[phrase.start : phrase.end])
    return None


def without(text: str, phrase: Phrase) -> str:
    """The sentence without the phrase and what joined it: ``Buy milk tomorrow`` → ``Buy milk``."""
    left = text[: phrase.start].rstrip(" \t,;:-–—(")
    right = text[phrase.end :].lstrip(" \t,;:-–—)")
    return f"{left}{right}" if right[:1] in (".", "!", "?") else f"{left} {right}".strip()


def _is_meant(words: list[Word], phrase: Phrase) -> bool:
    """Whether the phrase is a due date rather than a part of the title."""
    if word_at(words, phrase.first) == "yesterday":
        return False
    before = word_at(words, phrase.first - 1)
    if before in _NOT_BEFORE and not phrase.prefixed:
        return False
    rest = range(phrase.last, len(words))
    at_end = all(word_at(words, place) in ("please", "thanks") for place in rest)
    if at_end:
        return phrase.first > 0 and not _needs_a_prefix(words, phrase)
    if phrase.repeat and phrase.repeat.weak:
        return False
    if phrase.first == 0:
        return not _needs_a_prefix(words, phrase) and _leads(words, phrase)
    goes_on = words[phrase.last].text in _GOES_ON or words[phrase.last - 1].comma
    return goes_on and _is_strong(words, phrase)


def _needs_a_prefix(words: list[Word], phrase: Phrase) -> bool:
    """``sun``, ``12/24``, ``noon``, ``the weekend``: names of other things too."""
    if phrase.prefixed or phrase.pieces > 1:
        return False
    text = word_at(words, phrase.first)
    if phrase.day is not None:
        return phrase.day.weak or (text == "the" and word_at(words, phrase.first + 1) != "day")
    named_time = phrase.time is not None and not text[:1].isdigit()
    return named_time or (phrase.part is not None and text == "at")


def _leads(words: list[Word], phrase: Phrase) -> bool:
    """At the beginning: "tomorrow call Bob" yes, "Friday drinks" no."""
    last = words[phrase.last - 1]
    return last.comma or last.stops or _is_strong(words, phrase)


def _is_strong(words: list[Word], phrase: Phrase) -> bool:
    """Whether the words can hardly be anything but a date."""
    if phrase.prefixed or phrase.pieces > 1 or phrase.repeat:
        return True
    if phrase.day is not None:
        return not phrase.day.weak and phrase.day.again is None
    if phrase.time is not None:
        return word_at(words, phrase.first)[:1].isdigit()
    return phrase.span_seconds is not None or phrase.moment is not None


def lead(text: str) -> Phrase | None:
    """The phrase that a text begins with, whatever follows it."""
    words = split_words(text)
    phrase = read_phrase(words, 0, day_first=True) if words else None
    return None if phrase is None else replace(phrase, text=text[phrase.start : phrase.end])


def is_phrase(text: str) -> bool:
    """Whether a text is nothing but a due date (a past one, too)."""
    words = split_words(text) if len(text) <= 200 else []
    phrase = read_phrase(words, 0, day_first=True, whole=True) if words else None
    return phrase is not None and phrase.last == len(words)
