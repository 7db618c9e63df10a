"""Which tasks a reference means: ``2``, ``first``, ``last 3``, ``all``, ``completed``, or a title.

Reading a reference from a sentence needs no list (``read_reference``); finding its tasks does
(``resolve``). A title is matched in steps: equal, beginning, contained, all words contained; the
first step that finds exactly one task of the preferred status wins, then one of any status. Leaves
to others: what happens to the tasks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from littoral.errors import InvalidInput
from littoral.tasks.command import References
from littoral.tasks.task import MAX_TASKS, MAX_TITLE_CHARACTERS, Status, Task

MAX_CANDIDATES = 5
"""Tasks that a question lists."""

MAX_REFERENCE_CHARACTERS = 300
"""A longer text refers to nothing in a sentence."""

GROUPS = ("all", "pending", "completed")
_ORDINALS = {
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
_NUMBER = re.compile(r"#?(\d{1,6})")
_SEVERAL = re.compile(r"(first|last) (\d{1,3})")
_DIVIDERS = re.compile(r",\s?and |,| and | & ", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:the|my|a|an|our|that|this)\s", re.IGNORECASE)
_INDEFINITE = re.compile(r"(?:an?|another|new|some)\s|\d", re.IGNORECASE)
_LEADING_NOUN = re.compile(
    r"(?:task|item|todo|to-do)s?\s(?:called\s|named\s|titled\s|about\s|to\s)?", re.IGNORECASE
)
_TRAILING_NOUN = re.compile(r"\s(?:task|item|todo|to-do|one)s?$", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[^\w\s]|_")
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
    return word not in GROUPS and not _SEVERAL.fullmatch(word) and not _DIVIDERS.search(word)


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
        if match := _NUMBER.fullmatch(word):
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
    if nouns and (several := _SEVERAL.fullmatch(" ".join(rest))):
        return ReadReference(words=(several[0],), certain=True)
    found = [word for word in words if word in _ORDINALS]
    if not found or not all(word in _ORDINALS | dict.fromkeys(_NOUNS | _JOINS) for word in words):
        return None
    return ReadReference(words=tuple(found), certain=bool(nouns))


def _title(text: str) -> ReadReference | None:
    quoted = _unquoted(text)
    if quoted != text:
        return ReadReference(words=(quoted,), certain=True)
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


def resolve(
    tasks: Sequence[Task], references: Sequence[str | int], prefer: Status = "pending"
) -> list[Task]:
    """The tasks that are meant, each once, in the order they were named.

    Tasks of the status ``prefer`` are counted by "first" and "last" and win when titles are alike.
    Words that match no title as a whole are tried as a list ("milk and bread"). Raises
    ``InvalidInput`` whose text names the candidates.
    """
    if len(references) > MAX_TASKS:
        raise InvalidInput(f"{len(references)} tasks are named; at most {MAX_TASKS} can be.")
    finder = _Finder(tasks, prefer)
    found: dict[int, Task] = {}
    for reference in references:
        for task in finder.one_or_list(str(reference).strip()[:MAX_TITLE_CHARACTERS]):
            found[task.id] = task
    return list(found.values())


def matching(tasks: Sequence[Task], words: str) -> list[Task]:
    """The tasks of the best step of matching titles, none when no title fits."""
    return _Finder(tasks, "pending").titled(words)


class _Finder:
    """One look at the list; titles are folded once."""

    def __init__(self, tasks: Sequence[Task], prefer: Status) -> None:
        self._tasks = tasks
        self._prefer = prefer
        self._folded = [(task, _folded(task.title)) for task in tasks]

    def one_or_list(self, reference: str) -> list[Task]:
        try:
            return self._resolve(reference)
        except InvalidInput:
            pieces = [piece.strip() for piece in _DIVIDERS.split(reference)]
            if len(pieces) < 2 or not all(pieces):
                raise
        return [task for piece in pieces for task in self._resolve(piece)]

    def titled(self, words: str) -> list[Task]:
        wanted = _folded(words)
        parts = set(wanted.split())
        steps: tuple[Callable[[str], bool], ...] = (
            lambda title: title == wanted,
            lambda title: title.startswith(wanted + " "),
            lambda title: f" {wanted} " in f" {title} ",
            lambda title: parts <= set(title.split()),
            lambda title: len(wanted) >= 3 and wanted in title,
        )
        for matches in steps if wanted else ():
            found = [task for task, title in self._folded if matches(title)]
            if found:
                return found
        return []

    def _resolve(self, reference: str) -> list[Task]:
        if not self._tasks:
            raise InvalidInput("There are no tasks in this session yet.")
        lowered = reference.lower()
        if lowered in GROUPS:
            return [task for task in self._tasks if lowered in ("all", task.status)]
        if found := _NUMBER.fullmatch(lowered):
            return [self._by_id(int(found[1]))]
        if lowered in _ORDINALS:
            return [self._by_place(lowered)]
        if several := _SEVERAL.fullmatch(lowered):
            return self._several(several[1], int(several[2]))
        read = read_reference(reference)
        if read is not None and read.words != (reference,):
            return [task for word in read.words for task in self._resolve(word)]
        return [self._by_title(reference)]

    def _by_id(self, task_id: int) -> Task:
        for task in self._tasks:
            if task.id == task_id:
                return task
        raise InvalidInput(f"There is no task {task_id}. {self._there_are()}")

    def _counted(self) -> list[Task]:
        preferred = [task for task in self._tasks if task.status == self._prefer]
        return preferred or list(self._tasks)

    def _by_place(self, ordinal: str) -> Task:
        counted = self._counted()
        place = _ORDINALS[ordinal]
        if place >= len(counted):
            raise InvalidInput(f"There is no {ordinal} task. {self._there_are()}")
        return counted[place]

    def _several(self, end: str, number: int) -> list[Task]:
        counted = self._counted()
        if not 1 <= number <= len(counted):
            raise InvalidInput(f"There are no {end} {number} tasks. {self._there_are()}")
        return counted[:number] if end == "first" else counted[-number:]

    def _by_title(self, words: str) -> Task:
        found = self.titled(words)
        preferred = [task for task in found if task.status == self._prefer]
        for candidates in (preferred, found):
            if len(candidates) == 1:
                return candidates[0]
        if found:
            names = _names(preferred or found)
            raise InvalidInput(f"Several tasks match {words[:80]!r}: {names}.")
        raise InvalidInput(f"No task matches {words[:80]!r}. {self._there_are()}")

    def _there_are(self) -> str:
        return f"The tasks are {_names(self._counted())}."


def _folded(text: str) -> str:
    words = _PUNCTUATION.sub(" ", text.casefold()).split()
    return " ".join(word for word in words if word not in ("the", "a", "an", "my"))


def _names(tasks: Sequence[Task]) -> str:
    shown = [f"{task.id} “{_short(task.title)}”" for task in tasks[:MAX_CANDIDATES]]
    more = len(tasks) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _short(title: str) -> str:
    return title if len(title) <= 60 else title[:59].rstrip() + "…"
