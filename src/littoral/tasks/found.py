"""What a rule of the command grammar looks like and gives back.

Leaves to others: the rules themselves (the modules called ``…_words``), the message as a whole
(``commands``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from littoral.tasks.command import Command, References
from littoral.tasks.references import ReadReference, read_reference
from littoral.tasks.task import Task
from littoral.tasks.task_finder import matching

Tasks = Sequence[Task]


@dataclass(frozen=True, kw_only=True)
class Found:
    """Commands that a clause means.

    ``certain`` ones count beside ordinary talk in the same message, others only when the whole
    message is commands. ``open_ended`` ones end in free words, which swallow what follows "and"
    unless that is certainly a command.
    """

    commands: tuple[Command, ...]
    certain: bool = True
    open_ended: bool = False


Rule = Callable[[str, Tasks], Found | None]


def pattern(*parts: str) -> re.Pattern[str]:
    """A pattern that ignores case, written in pieces. Free parts are lazy and followed by a fixed
    word or the end, so that matching a clause costs time in proportion to its length."""
    return re.compile("".join(parts), re.IGNORECASE)


def reference(text: str, tasks: Tasks) -> ReadReference | None:
    """A reference that may be acted on: certain by its form, or words that match a known title."""
    read = read_reference(text)
    if read is None or read.certain:
        return read
    known = matching(tasks, read.words[0]) or _every_part_matches(read.words[0], tasks)
    return read if known else None


def _every_part_matches(words: str, tasks: Tasks) -> bool:
    parts = [part.strip() for part in words.replace(" and ", ",").split(",")]
    return len(parts) > 1 and all(matching(tasks, part) for part in parts)


def about(text: str, tasks: Tasks, make: Callable[[References], Command]) -> Found | None:
    """The command for the tasks that ``text`` refers to, ``None`` when it refers to none."""
    read = reference(text, tasks)
    return None if read is None else Found(commands=(make(read.words),), certain=read.certain)
