"""What a user's sentence asks for, as values: one small class for each kind of command.

References to tasks stay words here ("2", "last", "completed", "milk"): ``references`` finds the
tasks when the command runs. So do due dates ("tomorrow at 5"): ``due`` needs a clock and a zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from littoral.tasks.task import Priority

ListStatus = Literal["all", "pending", "completed"]
ListDue = Literal["any", "today", "tomorrow", "week", "overdue"]
References = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NewTaskWords:
    """One task to add: the clean title, the due date in words, the priority."""

    title: str
    due: str | None = None
    priority: Priority = "normal"


@dataclass(frozen=True, kw_only=True)
class AddTasks:
    """Add tasks, in order."""

    tasks: tuple[NewTaskWords, ...]


@dataclass(frozen=True, kw_only=True)
class CompleteTasks:
    """Mark tasks as completed."""

    tasks: References


@dataclass(frozen=True, kw_only=True)
class ReopenTasks:
    """Make tasks pending again."""

    tasks: References


@dataclass(frozen=True, kw_only=True)
class RenameTask:
    """Give a task another title."""

    task: str
    title: str


@dataclass(frozen=True, kw_only=True)
class DeleteTasks:
    """Remove tasks."""

    tasks: References


@dataclass(frozen=True, kw_only=True)
class SetPriority:
    """Set the priority of tasks."""

    tasks: References
    priority: Priority


@dataclass(frozen=True, kw_only=True)
class SetDue:
    """Set when tasks are due (and repeat, as in "every monday"); ``None`` takes the date away."""

    tasks: References
    due: str | None


@dataclass(frozen=True, kw_only=True)
class StopRepeating:
    """End the repetition of tasks."""

    tasks: References


@dataclass(frozen=True, kw_only=True)
class ListTasks:
    """Show tasks."""

    status: ListStatus = "all"
    due: ListDue = "any"
    priority: Priority | None = None


@dataclass(frozen=True, kw_only=True)
class SetPreference:
    """Remember something about the user; ``key`` is one of ``preferences.KEYS``."""

    key: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Undo:
    """Take the last change of tasks back."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A command that lacks something: the question to put to the user."""

    question: str


Command = (
    AddTasks
    | CompleteTasks
    | ReopenTasks
    | RenameTask
    | DeleteTasks
    | SetPriority
    | SetDue
    | StopRepeating
    | ListTasks
    | SetPreference
    | Undo
    | Ask
)
