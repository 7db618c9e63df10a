"""A title as it was written, divided into what it says: the title itself, when, how urgent.

Leaves to others: which sentences add tasks (``add_words``), what the date means (``due``).
"""

from __future__ import annotations

import re

from littoral.tasks import due
from littoral.tasks.command import NewTaskWords
from littoral.tasks.found import pattern
from littoral.tasks.priority_words import LEVELS
from littoral.tasks.task import Priority
from littoral.tasks.verbs import TASK_VERBS

_MARK = pattern(
    r"(?:^|\s)(?:[!#](high|low|normal|medium|urgent|important)|(!!!?))(?=\s|$|[.,])",
)
_TRAILING = pattern(
    r"(?:\s?[,;(–—]\s?|\s[-]\s)(?:it's |it is |this is |as |with |very )?",
    r"(high|highest|top|urgent|important|critical|low|lowest|normal)(?:[ -]priority)?\)?[.!]?$|",
    r"\s(?:with |at |as )?(?:a )?(high|top|low|normal)[ -]priority[.!]?$|",
    r"\s(asap)[.!]?$",
)
_TRAILING_CHARACTERS = 40
_LEADING = pattern(r"(urgent|important|high[ -]priority|low[ -]priority)\s?[:!,]\s?(?=\S)")
_QUOTES = ('""', "“”", "«»", "``")
_BULLET = re.compile(r"(?:[-*•+]|\d{1,3}[.)]|\[\s?\])\s")
_END = " \t,;:.!"
_QUOTED = re.compile(r'"([^"]{1,500})"')
_BETWEEN = re.compile(r"(?:[\s,;&]|and)*")
_COMMA = re.compile(r",\s?(?:and\s)?")


def new_task(text: str, dated: bool = False) -> tuple[NewTaskWords, ...]:
    """The task that the words describe; none when no title is left.

    Words inside double quotes are the title as they stand. With ``dated`` the date is known.
    """
    text = _BULLET.sub("", text.strip(), count=1) if _BULLET.match(text.strip()) else text.strip()
    if _is_quoted(text):
        return (NewTaskWords(title=text[1:-1].strip()),)
    text, priority = _priority(text.rstrip(_END))
    words = None
    phrase = None if dated else due.find(text)
    if phrase is not None and len(due.without(text, phrase)) > 1:
        text, late = _priority(due.without(text, phrase).rstrip(_END))
        priority, words = late or priority, phrase.text
    title = text.rstrip(_END).strip()
    title = title[1:-1].strip() if _is_quoted(title) else title
    if not any(character.isalnum() or ord(character) > 0x2000 for character in title):
        return ()
    return (NewTaskWords(title=title, due=words, priority=priority or "normal"),)


def _is_quoted(text: str) -> bool:
    return len(text) > 2 and text[0] + text[-1] in _QUOTES and text[0] not in text[1:-1]


def _priority(text: str) -> tuple[str, Priority | None]:
    """The text without its words for a priority, and the priority."""
    if found := _MARK.search(text):
        level = LEVELS[(found[1] or "high").lower()]
        return f"{text[: found.start()]} {text[found.end() :]}".strip(), level
    if found := _TRAILING.search(text, max(0, len(text) - _TRAILING_CHARACTERS)):
        word = next(group for group in found.groups() if group)
        return text[: found.start()], LEVELS[word.lower()]
    if found := _LEADING.match(text):
        return text[found.end() :], LEVELS[re.split(r"[ -]", found[1].lower())[0]]
    return text, None


def capitalised(title: str) -> str:
    """With a capital where the grammar of the sentence had made it small ("to call Bob")."""
    title = title.strip()
    return title[:1].upper() + title[1:] if title[:2].islower() and title[:2].isalpha() else title


def split_titles(text: str, enumerated: bool) -> list[str]:
    """Several titles of one line.

    Semicolons always divide. Commas do where an enumeration is expected and its items look like
    one. "Buy bread and butter" stays one title: "and" divides only where both sides begin with a
    verb, or at the end of a list of single words.
    """
    if '"' in text:
        return _quoted_titles(text)
    pieces = [piece.strip() for piece in text.split(";") if piece.strip()]
    if len(pieces) > 1 or not enumerated:
        return pieces
    items = [item.strip() for item in _COMMA.split(text) if item.strip()]
    if not items:
        return pieces
    items = [*items[:-1], *_last_items(items)]
    return items if len(items) > 1 and _is_enumeration(items) else pieces


def _quoted_titles(text: str) -> list[str]:
    quoted = _QUOTED.findall(text)
    if len(quoted) > 1 and _BETWEEN.fullmatch(_QUOTED.sub("", text)):
        return [f'"{title}"' for title in quoted]
    return [text]


def _last_items(items: list[str]) -> list[str]:
    last = items[-1]
    left, joined, right = last.rpartition(" and ")
    if not joined:
        return [last]
    if has_verb(right) and has_verb(left):
        return [left, right]
    plain = len(items) > 1 and " " not in right and not any(map(has_verb, [*items[:-1], left]))
    return [left, right] if plain else [last]


def _is_enumeration(items: list[str]) -> bool:
    """All begin with a verb ("call Bob, pay rent"), or none does and all are short ("milk,
    eggs").
    """
    verbs = [has_verb(item) for item in items]
    return all(verbs) or (not any(verbs) and all(item.count(" ") < 3 for item in items))


def has_verb(item: str) -> bool:
    """Whether a title begins with a verb and goes on."""
    return item.split(" ", 1)[0].lower() in TASK_VERBS and " " in item
