"""A title as it was written, divided into what it says: the title itself, when, how urgent.

Leaves to others: which sentences add tasks (``add_words``), what the date means (``due``).
"""

from __future__ import annotations

import re

from littoral.tasks import due
from littoral.tasks.command import NewTaskWords
from littoral.tasks.task import Priority

_LEVELS: dict[str, Priority] = {
    "high": "high", "highest": "high", "top": "high", "urgent": "high", "important": "high", "asap": "high",
    "critical": "high", "normal": "normal", "medium": "normal", "low": "low", "lowest": "low",
}  # fmt: skip
_MARK = re.compile(
    r"(?:^|\s)(?:[!#](high|low|normal|medium|urgent|important)|(!!!?))(?=\s|$|[.,])", re.I
)
_TRAILING = re.compile(
    r"(?:\s?[,;(–—]\s?|\s[-]\s)(?:it's |it is |this is |as |with |very )?"
    r"(high|highest|top|urgent|important|critical|low|lowest|normal)(?:[ -]priority)?\)?[.!]?$"
    r"|\s(?:with |at |as )?(?:a )?(high|top|low|normal)[ -]priority[.!]?$"
    r"|\s(asap)[.!]?$",
    re.I,
)
_LEADING = re.compile(r"(urgent|important|high[ -]priority|low[ -]priority)\s?[:!,]\s?(?=\S)", re.I)
_QUOTES = ('""', "“”", "«»", "``")
_BULLET = re.compile(r"(?:[-*•+]|\d{1,3}[.)]|\[\s?\])\s")
_END = " \t,;:.!"
_VERBS = frozenset(
    [
        "answer",
        "apply",
        "arrange",
        "ask",
        "assemble",
        "attend",
        "back",
        "bake",
        "book",
        "bring",
        "build",
        "buy",
        "call",
        "cancel",
        "change",
        "charge",
        "check",
        "clean",
        "close",
        "collect",
        "complete",
        "contact",
        "cook",
        "copy",
        "cut",
        "decide",
        "deliver",
        "do",
        "download",
        "draft",
        "draw",
        "drink",
        "drive",
        "drop",
        "eat",
        "email",
        "exercise",
        "feed",
        "fetch",
        "file",
        "fill",
        "find",
        "finish",
        "fix",
        "get",
        "give",
        "go",
        "hang",
        "hire",
        "install",
        "invite",
        "iron",
        "learn",
        "make",
        "mail",
        "meet",
        "mop",
        "move",
        "mow",
        "open",
        "order",
        "organise",
        "organize",
        "pack",
        "paint",
        "pay",
        "phone",
        "pick",
        "plan",
        "plant",
        "play",
        "post",
        "practice",
        "practise",
        "prepare",
        "print",
        "publish",
        "put",
        "read",
        "record",
        "register",
        "renew",
        "rent",
        "repair",
        "replace",
        "reply",
        "request",
        "research",
        "reserve",
        "return",
        "review",
        "ride",
        "ring",
        "run",
        "schedule",
        "sell",
        "send",
        "set",
        "ship",
        "shop",
        "sign",
        "start",
        "study",
        "submit",
        "swim",
        "take",
        "talk",
        "test",
        "text",
        "tidy",
        "train",
        "try",
        "turn",
        "update",
        "upload",
        "vacuum",
        "visit",
        "walk",
        "wash",
        "watch",
        "water",
        "wipe",
        "work",
        "write",
    ]
)


def new_task(text: str, dated: bool = False) -> tuple[NewTaskWords, ...]:
    """The task that the words describe; none when no title is left.

    Words inside double quotes are the title as they stand. With ``dated`` the date is known
    already.
    """
    text = _without_bullet(text.strip())
    if len(text) > 2 and text[0] + text[-1] in _QUOTES and text[0] not in text[1:-1]:
        return (NewTaskWords(title=text[1:-1].strip()),)
    text, priority = _priority(text.rstrip(_END))
    words = None
    phrase = None if dated else due.find(text)
    if phrase is not None and len(due.without(text, phrase)) > 1:
        text, words = due.without(text, phrase), phrase.text
        text, late = _priority(text.rstrip(_END))
        priority = late or priority
    title = _unquoted(text.rstrip(_END).strip())
    if not any(character.isalnum() for character in title) and not _pictures(title):
        return ()
    return (NewTaskWords(title=title, due=words, priority=priority or "normal"),)


def _pictures(title: str) -> bool:
    return any(ord(character) > 0x2000 for character in title)


def _unquoted(title: str) -> str:
    whole = len(title) > 2 and title[0] + title[-1] in _QUOTES and title[0] not in title[1:-1]
    return title[1:-1].strip() if whole else title


def _without_bullet(text: str) -> str:
    found = _BULLET.match(text)
    return text[found.end() :].strip() if found else text


def _priority(text: str) -> tuple[str, Priority | None]:
    if found := _MARK.search(text):
        word = (found[1] or "high").lower()
        return f"{text[: found.start()]} {text[found.end() :]}".strip(), _LEVELS[word]
    if found := _TRAILING.search(text, max(0, len(text) - 40)):
        word = next(group for group in found.groups() if group).lower()
        return text[: found.start()], _LEVELS[word]
    if found := _LEADING.match(text):
        return text[found.end() :], _LEVELS[re.split(r"[ -]", found[1].lower())[0]]
    return text, None


def capitalised(title: str) -> str:
    """With a capital where the grammar of the sentence had made it small ("to call Bob")."""
    title = title.strip()
    return title[:1].upper() + title[1:] if title[:1].islower() and title[1:2].islower() else title


def split_titles(text: str, enumerated: bool) -> list[str]:
    """Several titles of one line. Semicolons always divide; commas only where the list shows it
    is one.

    "Buy bread and butter" stays one title: "and" divides only the last item of a list of commas,
    and only where a verb or the shape of the other items says so.
    """
    if '"' in text:
        return _quoted_titles(text)
    pieces = [piece.strip() for piece in text.split(";") if piece.strip()]
    if len(pieces) > 1 or not enumerated:
        return pieces
    items = [item.strip() for item in re.split(r",\s?(?:and\s)?", text) if item.strip()]
    if len(items) < 2:
        return pieces
    items = [*items[:-1], *_last_items(items)]
    return items if _is_enumeration(items) else pieces


def _quoted_titles(text: str) -> list[str]:
    quoted = re.findall(r'"([^"]{1,500})"', text)
    between = re.sub(r'"[^"]{1,500}"', "", text)
    if len(quoted) > 1 and re.fullmatch(r"(?:[\s,;&]|and)*", between):
        return [f'"{title}"' for title in quoted]
    return [text]


def _last_items(items: list[str]) -> list[str]:
    last = items[-1]
    left, joined, right = last.rpartition(" and ")
    if not joined:
        return [last]
    verbs = [_has_verb(item) for item in items[:-1]]
    if _has_verb(right) and _has_verb(left):
        return [left, right]
    return [left, right] if not any(verbs) and not _has_verb(left) and " " not in right else [last]


def _is_enumeration(items: list[str]) -> bool:
    """All begin with a verb ("call Bob, pay rent"), or none does and all are short ("milk,
    eggs").
    """
    verbs = [_has_verb(item) for item in items]
    return all(verbs) or (not any(verbs) and all(item.count(" ") < 3 for item in items))


def _has_verb(item: str) -> bool:
    return item.split(" ", 1)[0].lower() in _VERBS and " " in item
