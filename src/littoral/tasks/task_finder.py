"""Which tasks a reference means, given the list.

A title is matched in steps: equal, beginning, contained, all words contained, letters contained;
the first step that finds any decides, and among several the only one of the preferred status.
Leaves to others: reading references from sentences (``references``), what happens to the tasks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from littoral.errors import InvalidInput
from littoral.tasks.references import DIVIDERS, GROUPS, NUMBER, ORDINALS, SEVERAL, read_reference
from littoral.tasks.task import MAX_TASKS, MAX_TITLE_CHARACTERS, Status, Task

MAX_CANDIDATES = 5
"""Tasks that a question lists."""

_PUNCTUATION = re.compile(r"[^\w\s]|_")


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
            pieces = [piece.strip() for piece in DIVIDERS.split(reference)]
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
        if found := NUMBER.fullmatch(lowered):
            return [self._by_id(int(found[1]))]
        if lowered in ORDINALS:
            return [self._by_place(lowered)]
        if several := SEVERAL.fullmatch(lowered):
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
        place = ORDINALS[ordinal]
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
