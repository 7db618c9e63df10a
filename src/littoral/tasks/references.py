"""Which tasks a reference means: ``2``, ``first``, ``last``, ``all``, ``completed``, or words of
a title.

Reading a reference from a sentence needs no list (``read_reference``); finding its tasks does
(``resolve``). A title is matched in steps: equal, beginning, contained, all words contained; the
first step that finds exactly one pending task wins, then one of any status. Leaves to others:
what happens to the tasks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from littoral.errors import InvalidInput
from littoral.tasks.command import References
from littoral.tasks.task import MAX_TASKS, Status, Task

MAX_CANDIDATES = 5
"""Tasks that a question lists."""


GROUPS = ("all", "pending", "completed")
_ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3,
    "fifth": 4, "5th": 4, "last": -1, "latest": -1, "newest": -1,
}  # fmt: skip
_NUMBER_WORDS = {
    word: str(place + 1)
    for place, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
}
_NOUNS = frozenset(
    [
        "task",
        "tasks",
        "item",
        "items",
        "todo",
        "todos",
        "to-do",
        "to-dos",
        "number",
        "numbers",
        "no",
        "nr",
        "one",
        "ones",
    ]
)
_JOINS = frozenset(("and", "&", "also", "plus", "the", "my"))
_STATUS_GROUPS = {
    "completed": "completed", "complete": "completed", "done": "completed", "finished": "completed",
    "closed": "completed", "checked": "completed", "ticked": "completed",
    "pending": "pending", "open": "pending", "unfinished": "pending", "remaining": "pending",
    "incomplete": "pending", "outstanding": "pending",
}  # fmt: skip
_EVERYTHING = frozenset(("all", "everything", "every", "each"))
_PRONOUNS = frozenset(
    [
        "it",
        "that",
        "this",
        "these",
        "those",
        "them",
        "him",
        "her",
        "me",
        "you",
        "us",
        "something",
        "anything",
    ]
)
_FILLERS = frozenset(("of", "them", "that", "are", "is", "list", "already", "which", "were"))
_RANGE = re.compile(r"#?(\d{1,4})\s?(?:-|–|to|through)\s?#?(\d{1,4})")
_DIVIDERS = re.compile(r",\s?and |,| and | & ", re.I)
_NUMBER = re.compile(r"#?(\d{1,6})")
_ARTICLES = re.compile(r"(?:the|my|a|an|our|that|this)\s", re.I)
_LEADING_NOUN = re.compile(
    r"(?:task|item|todo|to-do)s?\s(?:called\s|named\s|titled\s|about\s|to\s)?", re.I
)
_TRAILING_NOUN = re.compile(r"\s(?:task|item|todo|to-do|one)s?", re.I)


@dataclass(frozen=True, kw_only=True)
class ReadReference:
    """``words`` for ``resolve``. ``certain`` is false for bare words that may mean no task at
    all.
    """

    words: References
    certain: bool


def read_reference(text: str) -> ReadReference | None:
    """A reference in a sentence; ``None`` for a pronoun, an empty text or one too long."""
    text = text.strip().rstrip(".,!:")
    if not text or len(text) > 300:
        return None
    words = text.lower().replace(",", " ").split()
    if all(word in _PRONOUNS or word in ("one", "ones") for word in words):
        return None
    return _group(words) or _numbers(text.lower(), words) or _ordinals(words) or _title(text)


def _group(words: list[str]) -> ReadReference | None:
    known = _EVERYTHING | _NOUNS | _STATUS_GROUPS.keys() | _JOINS | _FILLERS
    if not all(word in known for word in words):
        return None
    statuses = {_STATUS_GROUPS[word] for word in words if word in _STATUS_GROUPS}
    plural = any(word in ("tasks", "items", "todos", "to-dos", "ones", "list") for word in words)
    everything = any(word in _EVERYTHING for word in words)
    alone = words[0] in ("completed", "done", "finished") and len(words) == 1
    if len(statuses) == 1 and (plural or everything or alone):
        return ReadReference(words=(statuses.pop(),), certain=True)
    if not statuses and (everything or (plural and set(words) & {"my", "the"} and "list" in words)):
        return ReadReference(words=("all",), certain=True)
    return None


def _numbers(text: str, words: list[str]) -> ReadReference | None:
    plain = " ".join(word for word in words if word not in _NOUNS)
    if found := _RANGE.fullmatch(plain):
        first, last = int(found[1]), int(found[2])
        if first <= last < first + MAX_TASKS:
            numbers = tuple(str(number) for number in range(first, last + 1))
            return ReadReference(words=numbers, certain=True)
    numbers_: list[str] = []
    has_noun = any(word in _NOUNS - {"one", "ones"} for word in words)
    for word in words:
        if found := _NUMBER.fullmatch(word):
            numbers_.append(found[1])
        elif has_noun and word in _NUMBER_WORDS:
            numbers_.append(_NUMBER_WORDS[word])
        elif word not in _NOUNS and word not in _JOINS:
            return None
    return ReadReference(words=tuple(dict.fromkeys(numbers_)), certain=True) if numbers_ else None


def _ordinals(words: list[str]) -> ReadReference | None:
    found = [word for word in words if word in _ORDINALS]
    rest = [word for word in words if word not in _ORDINALS]
    if not found or not all(word in _NOUNS or word in _JOINS for word in rest):
        return None
    certain = any(word in _NOUNS for word in rest)
    return ReadReference(words=tuple(found), certain=certain)


def _title(text: str) -> ReadReference | None:
    quoted = _unquoted(text)
    if quoted != text:
        return ReadReference(words=(quoted,), certain=True)
    text = _without_article(text)
    leading = _LEADING_NOUN.match(text)
    inner = text[leading.end() :] if leading else text
    trailing = _TRAILING_NOUN.search(inner, max(0, len(inner) - 8))
    if trailing and trailing.end() == len(inner):
        inner = inner[: trailing.start()]
    inner = _unquoted(inner.strip())
    if not inner or inner.lower() in _PRONOUNS:
        return None
    return ReadReference(words=(inner,), certain=bool(leading or (trailing and inner != text)))


def _without_article(text: str) -> str:
    found = _ARTICLES.match(text)
    return text[found.end() :] if found else text


def _unquoted(text: str) -> str:
    pairs = ('""', "''", "“”", "‘’", "«»", "``")
    if len(text) > 2 and text[0] + text[-1] in pairs:
        return text[1:-1].strip() or text
    return text


def means_one(reference: str) -> bool:
    """Whether a reference cannot mean more than one task, whatever the list is."""
    read = read_reference(reference)
    if read is None or len(read.words) != 1 or read.words[0] in GROUPS:
        return False
    return len(_DIVIDERS.split(read.words[0])) == 1


def resolve(
    tasks: Sequence[Task], references: Sequence[str | int], prefer: Status = "pending"
) -> list[Task]:
    """The tasks that are meant, each once, in the order they were named.

    Tasks of the status ``prefer`` are counted by "first" and "last" and win when titles are alike.
    Words that match no title as a whole are tried as a list ("milk and bread"). Raises
    ``InvalidInput`` whose text names the candidates.
    """
    found: dict[int, Task] = {}
    for reference in references:
        for task in _one_or_list(tasks, str(reference).strip(), prefer):
            found[task.id] = task
    return list(found.values())


def _one_or_list(tasks: Sequence[Task], reference: str, prefer: Status) -> list[Task]:
    try:
        return _resolve_one(tasks, reference, prefer)
    except InvalidInput:
        pieces = [piece.strip() for piece in _DIVIDERS.split(reference)]
        if len(pieces) < 2 or not all(pieces):
            raise
        try:
            return [task for piece in pieces for task in _resolve_one(tasks, piece, prefer)]
        except InvalidInput as unclear:
            raise unclear from None


def _resolve_one(tasks: Sequence[Task], reference: str, prefer: Status) -> list[Task]:
    if not tasks:
        raise InvalidInput("There are no tasks in this session yet.")
    lowered = reference.lower()
    if lowered in GROUPS:
        return [task for task in tasks if lowered in ("all", task.status)]
    if found := _NUMBER.fullmatch(lowered):
        return [_by_id(tasks, int(found[1]))]
    if lowered in _ORDINALS:
        return [_by_place(tasks, lowered, prefer)]
    read = read_reference(reference)
    if read is not None and read.words != (reference,):
        return [task for word in read.words for task in _resolve_one(tasks, word, prefer)]
    return [_by_title(tasks, reference, prefer)]


def _by_id(tasks: Sequence[Task], task_id: int) -> Task:
    for task in tasks:
        if task.id == task_id:
            return task
    raise InvalidInput(f"There is no task {task_id}. {_listed(tasks)}")


def _by_place(tasks: Sequence[Task], ordinal: str, prefer: Status) -> Task:
    counted = [task for task in tasks if task.status == prefer] or list(tasks)
    place = _ORDINALS[ordinal]
    if place >= len(counted):
        raise InvalidInput(f"There is no {ordinal} task. {_listed(tasks)}")
    return counted[place]


def _by_title(tasks: Sequence[Task], words: str, prefer: Status) -> Task:
    found = matching(tasks, words)
    preferred = [task for task in found if task.status == prefer]
    for candidates in (preferred, found):
        if len(candidates) == 1:
            return candidates[0]
    if found:
        raise InvalidInput(f"Several tasks match {words[:80]!r}: {_names(preferred or found)}.")
    raise InvalidInput(f"No task matches {words[:80]!r}. {_listed(tasks)}")


def matching(tasks: Sequence[Task], words: str) -> list[Task]:
    """The tasks of the best step of matching, none when no title fits."""
    wanted = _folded(words)
    if not wanted:
        return []
    parts = wanted.split()
    steps: tuple[Callable[[str], bool], ...] = (
        lambda title: title == wanted,
        lambda title: title.startswith(wanted + " "),
        lambda title: f" {wanted} " in f" {title} ",
        lambda title: set(parts) <= set(title.split()),
        lambda title: len(wanted) >= 3 and wanted in title,
    )
    for matches in steps:
        found = [task for task in tasks if matches(_folded(task.title))]
        if found:
            return found
    return []


_PUNCTUATION = re.compile(r"[^\w\s]|_")


def _folded(text: str) -> str:
    words = _PUNCTUATION.sub(" ", text.casefold()).split()
    return " ".join(word for word in words if word not in ("the", "a", "an", "my"))


def _listed(tasks: Sequence[Task]) -> str:
    pending = [task for task in tasks if task.is_pending] or list(tasks)
    return f"The tasks are {_names(pending)}."


def _names(tasks: Sequence[Task]) -> str:
    shown = [f"{task.id} “{_short(task.title)}”" for task in tasks[:MAX_CANDIDATES]]
    more = len(tasks) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _short(title: str) -> str:
    return title if len(title) <= 60 else title[:59].rstrip() + "…"
