"""A change of the task list: what the agent turns into an event, a broadcast and an undo."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from littoral.tasks.task import Task

ChangeKind = Literal[
    "task.added",
    "task.completed",
    "task.reopened",
    "task.renamed",
    "task.deleted",
    "task.priority_set",
    "task.due_set",
    "task.recurrence_set",
    "task.reminder_set",
    "task.edited",
    "task.undone",
]


@dataclass(frozen=True, kw_only=True)
class Change:
    """Tasks as they were and as they are.

    ``before`` and ``after`` hold only tasks that really changed; an added one is missing in
    ``before``, a deleted one in ``after``. ``unchanged`` are tasks that were already as asked,
    such as one that is completed twice: nothing was written for them.
    """

    kind: ChangeKind
    before: tuple[Task, ...] = ()
    after: tuple[Task, ...] = ()
    unchanged: tuple[Task, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when nothing was written: no event, no broadcast."""
        return not (self.before or self.after)

    @property
    def task(self) -> Task:
        """The one task a change of a single task is about (an added one: as it is now)."""
        return (self.after or self.before or self.unchanged)[0]

    def to_json(self) -> dict[str, Any]:
        """The data of the event ``kind``."""
        return {
            "before": [task.to_json() for task in self.before],
            "after": [task.to_json() for task in self.after],
        }


def dump_change(change: Change) -> str:
    """A journal row's text; ``load_change`` reads it back equal (without ``unchanged``)."""
    tasks = [[asdict(task) for task in side] for side in (change.before, change.after)]
    return json.dumps([change.kind, *tasks], ensure_ascii=False, separators=(",", ":"))


def load_change(text: str) -> Change:
    """Reads what ``dump_change`` wrote."""
    kind, before, after = json.loads(text)
    return Change(
        kind=kind,
        before=tuple(Task(**task) for task in before),
        after=tuple(Task(**task) for task in after),
    )
