"""References to tasks as they are read from words: ``2``, ``last 3``, ``completed``, a title.

No list is needed for that. Leaves to others: the tasks that are meant (``task_finder``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from littoral.tasks.command import References
from littoral.tasks.task import MAX_TASKS

MAX_REFERENCE_CHARACTERS = 300
"""A longer text refers to nothing in a sentence."""

GROUPS = ("all", "pending", "completed")
ORDINALS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "5th": 4,
    "last": -1,
    "latest": -1,
    "newest": -1,
}
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER_WORDS = {word: str(place + 1) for place, word in enumerate(_COUNTS)}
_SINGULAR = frozenset(("task", "item", "todo", "to-do", "number", "no", "nr", "one"))
_PLURAL = frozenset(("tasks", "items", "todos", "to-dos", "numbers", "ones", "list"))
_NOUNS = _SINGULAR | _PLURAL
_JOINS = frozenset(("and", "&", "also", "plus", "then", "the", "my"))
_STATUS_GROUPS = {
    "completed": "completed",
    "complete": "completed",
    "done": "completed",
    "finished": "completed",
    "closed": "completed",
    "checked": "completed",
    "ticked": "completed",
    "pending": "pending",
    "open": "pending",
    "unfinished": "pending",
    "remaining": "pending",
    "incomplete": "pending",
    "outstanding": "pending",
}
_EVERYTHING = frozenset(("all", "everything", "every", "each"))
_FILLERS = frozenset(("of", "on", "them", "that", "are", "is", "already", "which", "were"))
_PRONOUNS = frozenset(
    ("it", "that", "this", "these", "those", "them", "him", "her", "me", "you", "us", "one", "ones")
)
_RANGE = re.compile(r"#?(\d{1,4})\s?(?:-|–|to|through)\s?#?(\d{1,4})")
NUMBER = re.compile(r"#?(\d{1,6})")
SEVERAL = re.compile(r"(first|last) (\d{1,3})")
DIVIDERS = re.compile(r",\s?and |,| and | & ", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:the|my|a|an|our|that|this)\s", re.IGNORECASE)
_INDEFINITE = re.compile(r"(?:an?|another|new|some)\s|\d", re.IGNORECASE)
_LEADING_NOUN = re.compile(
    r"(?:task|item|todo|to-do)s?\s(?:called\s|named\s|titled\s|about\s|to\s)?", re.IGNORECASE
)
_TRAILING_NOUN = re.compile(r"\s(?:task|item|todo|to-do|one)s?$", re.IGNORECASE)
_QUOTES = ('""', "''", "“”", "‘’", "«»", "``")


@dataclass(frozen=True, kw_only=True)
class ReadReference:
    """``words`` for ``resolve``. Not ``certain``: bare words, which may mean no task at all."""

    words: References
    certain: bool


def read_reference(text: str) -> ReadReference | None:
    """A reference in a sentence; ``None`` for a pronoun, an empty text or one too long."""
    text = text.strip().rstrip(".,!:")
    if not text or len(text) > MAX_REFERENCE_CHARACTERS:
        return None
    words = text.lower().replace(",", " ").split()
    if all(word in _PRONOUNS for word in words):
        return None
    return _group(words) or _numbers(words) or _places(words) or _title(text)


def means_one(reference: str) -> bool:
    """Whether a reference cannot mean more than one task, whatever the list is."""
    read = read_reference(reference)
    if read is None or len(read.words) != 1:
        return False
    word = read.words[0]
    return word not in GROUPS and not SEVERAL.fullmatch(word) and not DIVIDERS.search(word)


def _group(words: list[str]) -> ReadReference | None:
    known = _EVERYTHING | _NOUNS | _STATUS_GROUPS.keys() | _JOINS | _FILLERS
    if not all(word in known for word in words):
        return None
    statuses = {_STATUS_GROUPS[word] for word in words if word in _STATUS_GROUPS}
    everything = any(word in _EVERYTHING for word in words)
    alone = len(words) == 1 and words[0] in ("completed", "done", "finished")
    if len(statuses) == 1 and (everything or alone or set(words) & _PLURAL):
        return ReadReference(words=(statuses.pop(),), certain=True)
    if not statuses and everything:
        return ReadReference(words=("all",), certain=True)
    return None


def _numbers(words: list[str]) -> ReadReference | None:
    found = _RANGE.fullmatch(" ".join(word for word in words if word not in _NOUNS))
    if found and int(found[1]) <= int(found[2]) < int(found[1]) + MAX_TASKS:
        several = tuple(str(number) for number in range(int(found[1]), int(found[2]) + 1))
        return ReadReference(words=several, certain=True)
    has_noun = any(word in _NOUNS - {"one", "ones"} for word in words)
    numbers: dict[str, None] = {}
    for word in words:
        if match := NUMBER.fullmatch(word):
            numbers[match[1]] = None
        elif has_noun and word in _NUMBER_WORDS:
            numbers[_NUMBER_WORDS[word]] = None
        elif word not in _NOUNS and word not in _JOINS:
            return None
    return ReadReference(words=tuple(numbers), certain=True) if numbers else None


def _places(words: list[str]) -> ReadReference | None:
    """``the first task``, ``first and last one``, ``the last 3 tasks``."""
    nouns = [word for word in words if word in _NOUNS and word != "one"] or words[-1:] == ["one"]
    rest = [_NUMBER_WORDS.get(word, word) for word in words if word not in _NOUNS | _JOINS]
    if nouns and (several := SEVERAL.fullmatch(" ".join(rest))):
        return ReadReference(words=(several[0],), certain=True)
    found = [word for word in words if word in ORDINALS]
    if not found or not all(word in ORDINALS | dict.fromkeys(_NOUNS | _JOINS) for word in words):
        return None
    return ReadReference(words=tuple(found), certain=bool(nouns))


def _title(text: str) -> ReadReference | None:
    quoted = _unquoted(text)
    if quoted != text:
        return ReadReference(words=(quoted,), certain=False)
    indefinite = _INDEFINITE.match(text) is not None
    inner = _ARTICLE.sub("", text, count=1) if _ARTICLE.match(text) else text
    bare = _TRAILING_NOUN.sub(
        "", _LEADING_NOUN.sub("", inner, count=1) if _LEADING_NOUN.match(inner) else inner
    )
    title = _unquoted(bare.strip())
    if not title or title.lower() in _PRONOUNS:
        return None
    certain = bare != inner and not indefinite and not _INDEFINITE.match(title)
    return ReadReference(words=(title,), certain=certain)


def _unquoted(text: str) -> str:
    quoted = len(text) > 2 and text[0] + text[-1] in _QUOTES
    return (text[1:-1].strip() or text) if quoted else text
