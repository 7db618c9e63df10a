"""What a rule of the command grammar gives back, and what it may look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from littoral.tasks.command import Command
from littoral.tasks.references import ReadReference, matching, read_reference
from littoral.tasks.task import Task


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


def reference(text: str, tasks: Sequence[Task]) -> ReadReference | None:
    """A reference that may be acted on: certain by its form, or words that match a known title."""
    read = read_reference(text)
    if read is None or read.certain:
        return read
    ordinal = len(read.words) >= 1 and not matching(tasks, read.words[0])
    return None if ordinal and not _every_part_matches(read.words[0], tasks) else read


def _every_part_matches(words: str, tasks: Sequence[Task]) -> bool:
    parts = [part.strip() for part in words.replace(" and ", ",").split(",")]
    return len(parts) > 1 and all(matching(tasks, part) for part in parts)
