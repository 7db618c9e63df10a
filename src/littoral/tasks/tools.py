"""The tools by which a model works on tasks and preferences.

Each is a plain method, so the turn loop runs it in one transaction with its journal row: it takes
effect exactly once. Tasks are named by number or title (``references``), dates by the user's
words (``due``). An expected failure is a ``ToolFailed`` whose text tells the model what there is
instead; nothing is changed then. Leaves to others: events and broadcasts, which follow from the
list's changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from littoral.clock import Clock
from littoral.errors import CallerError, InvalidInput
from littoral.models.tool import ToolFailed, tool
from littoral.tasks.preferences import Preferences
from littoral.tasks.references import means_one
from littoral.tasks.schedule import Schedule
from littoral.tasks.task import NewTask, Priority, Status, Task
from littoral.tasks.task_finder import resolve
from littoral.tasks.task_list import TaskList
from littoral.tasks.task_view import TaskView
from littoral.tasks.time_zone import zone

MAX_LISTED = 100
"""Tasks of one ``list_tasks`` result; the rest is counted."""


@dataclass(frozen=True, kw_only=True)
class TaskToAdd:
    """A task to add."""

    title: Annotated[str, Field(description="what to do, without the date")]
    due: Annotated[
        str | None,
        Field(description='when, in the user\'s words: "tomorrow at 5", "every monday at 9"'),
    ] = None
    priority: Annotated[Priority, Field(description="only when the user says so")] = "normal"


def _deletes_several(arguments: Mapping[str, Any]) -> bool:
    """More than one task, or words that may mean more than one."""
    references = [str(each) for each in arguments["tasks"]]
    return len(references) != 1 or not means_one(references[0])


class TaskTools:
    """Tools over one session's list and preferences."""

    def __init__(self, tasks: TaskList, preferences: Preferences, clock: Clock) -> None:
        self._list = tasks
        self._preferences = preferences
        self._view = TaskView(preferences, clock)
        self._schedule = Schedule(preferences, clock)

    @tool(title="Add tasks")
    def add_tasks(self, tasks: list[TaskToAdd]) -> dict[str, Any]:
        """Adds tasks to the user's list. Several tasks go into one call.

        Args:
            tasks: the tasks to add, in order.
        """
        with _expected():
            change = self._list.add(*(self._new(each) for each in tasks))
            return self._view.result(change.after)

    @tool(title="Complete tasks")
    def complete_tasks(self, tasks: list[str]) -> dict[str, Any]:
        """Marks tasks as done. A repeating task gets its next date by itself.

        Args:
            tasks: numbers or titles of tasks, or "all".
        """
        with _expected():
            meant = self._meant(tasks)
            change = self._list.complete(*meant, zone=self._preferences.zone())
            done = [task for task in change.after if not task.is_pending]
            following = [task for task in change.after if task.is_pending]
            more = {"next": self._view.brief(following)} if following else {}
            return {**self._view.result(done, change), **more}

    @tool(title="Reopen tasks")
    def reopen_tasks(self, tasks: list[str]) -> dict[str, Any]:
        """Marks completed tasks as not done again.

        Args:
            tasks: numbers or titles of tasks.
        """
        with _expected():
            change = self._list.reopen(*self._meant(tasks, prefer="completed"))
            return self._view.result(change.after, change)

    @tool(title="Rename a task")
    def rename_task(self, task: str, title: str) -> dict[str, Any]:
        """Gives one task another title.

        Args:
            task: number or title of the task.
            title: the new title.
        """
        with _expected():
            found = self._one(task)
            change = self._list.rename(found.id, title)
            return {**self._view.result(change.after, change), "oldTitle": found.title}

    @tool(title="Delete tasks", approval=_deletes_several)
    def delete_tasks(self, tasks: list[str]) -> dict[str, Any]:
        """Deletes tasks from the list. Use complete_tasks for tasks that are done.

        Args:
            tasks: numbers or titles of tasks.
        """
        with _expected():
            return self._view.result(self._list.delete(*self._meant(tasks)).before)

    @tool(title="Clear completed tasks", approval=True)
    def clear_completed(self) -> dict[str, Any]:
        """Deletes all tasks that are completed."""
        with _expected():
            done = [task.id for task in self._list.all() if not task.is_pending]
            return self._view.result(self._list.delete(*done).before)

    @tool(title="List tasks")
    def list_tasks(
        self,
        status: Literal["all", "pending", "completed"] = "all",
        due: Literal["any", "today", "tomorrow", "week", "overdue"] = "any",
        priority: Priority | None = None,
    ) -> dict[str, Any]:
        """Shows the user's tasks, with their numbers.

        Args:
            status: which tasks.
            due: only tasks that are due then (today and week include overdue ones).
            priority: only tasks of this priority.
        """
        with _expected():
            found = [
                task
                for task in self._view.due_within(self._list.all(), due)
                if status in ("all", task.status) and priority in (None, task.priority)
            ]
            counts = self._list.counts()
            more = {"more": len(found) - MAX_LISTED} if len(found) > MAX_LISTED else {}
            return {
                "tasks": self._view.brief(found[:MAX_LISTED], with_status=True),
                **more,
                "pending": counts.pending,
                "completed": counts.completed,
            }

    @tool(title="Set the priority")
    def set_priority(self, tasks: list[str], priority: Priority) -> dict[str, Any]:
        """Sets how important tasks are.

        Args:
            tasks: numbers or titles of tasks.
            priority: low, normal or high.
        """
        with _expected():
            change = self._list.set_priority(*self._meant(tasks), priority=priority)
            return {**self._view.result(change.after, change), "priority": priority}

    @tool(title="Set the due date")
    def set_due(
        self, tasks: list[str], due: str | None = None, repeat: str | None = None
    ) -> dict[str, Any]:
        """Sets when tasks are due and how they repeat.

        Args:
            tasks: numbers or titles of tasks.
            due: when, in the user's words: "tomorrow at 5", "every monday at 9"; "none" removes it.
            repeat: how often, such as "daily" or "every 2 weeks"; "never" stops it.
        """
        with _expected():
            meant = self._meant(tasks)
            dated = all(self._list.get(task_id).due_at_ms is not None for task_id in meant)
            fields = self._schedule.fields(due, repeat, dated=dated)
            change = self._list.edit(*meant, **fields)
            return self._view.result(change.after, change)

    @tool(title="Set a preference")
    def set_preference(
        self,
        key: Literal["timeZone", "name", "language", "dateFormat", "timeFormat"],
        value: str,
    ) -> dict[str, Any]:
        """Remembers a preference of the user.

        Args:
            key: which one.
            value: a zone like Europe/Berlin, the user's name, a language, dmy or mdy, 24h or 12h.
        """
        with _expected():
            before = self._preferences.zone()
            kept = self._preferences.set(key, value)
            if key == "timeZone":
                self._list.keep_dates(before, zone(kept))
            return {"key": key, "value": kept}

    @tool(title="Undo the last change")
    def undo_last_change(self) -> dict[str, Any]:
        """Takes the last change of tasks back, whoever made it."""
        with _expected():
            change = self._list.undo()
            gone = [task for task in change.before if task.id not in {t.id for t in change.after}]
            more = {"removed": self._view.brief(gone)} if gone else {}
            return {"tasks": self._view.brief(change.after, with_status=True), **more}

    def _new(self, task: TaskToAdd) -> NewTask:
        fields = self._schedule.fields(task.due, None) if task.due else {}
        return NewTask(title=task.title, priority=task.priority, **fields)

    def _meant(self, references: Sequence[str], prefer: Status = "pending") -> list[int]:
        if not references:
            raise InvalidInput("Say which tasks are meant, by number or title.")
        return [task.id for task in resolve(self._list.all(), references, prefer)]

    def _one(self, reference: str) -> Task:
        found = resolve(self._list.all(), [reference])
        if len(found) != 1:
            raise InvalidInput(f"{reference[:80]!r} means {len(found)} tasks; name one.")
        return found[0]


@contextmanager
def _expected() -> Iterator[None]:
    """Turns the caller's mistakes into texts for the model; other errors stay what they are."""
    try:
        yield
    except CallerError as error:
        raise ToolFailed(error.detail) from error
