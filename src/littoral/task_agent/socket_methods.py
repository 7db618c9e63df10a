"""Methods of the task agent that clients may call over the socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from littoral.agent.rpc import callable_method
from littoral.errors import InvalidInput
from littoral.task_agent import export
from littoral.task_agent.session import TaskSession
from littoral.text import kind_of, require_text

EXPORT_PAGE = 50
MAX_SESSION_TITLE = 200


class SocketMethods:
    """What a client may call; each method answers with JSON values."""

    def __init__(self, session: TaskSession) -> None:
        self._session = session

    @callable_method
    def get_state(self) -> dict[str, Any]:
        """Title, tasks and preferences."""
        return self._session.state()

    @callable_method
    def list_tasks(self) -> list[dict[str, Any]]:
        """All tasks by number."""
        return self._session.desk.tasks_json()

    @callable_method
    def add_task(self, fields: Any) -> dict[str, Any]:
        """Adds a task: ``{title, priority?, due?, recurrence?}``."""
        self._session.begin()
        task = self._session.desk.add(_object(fields))
        self._session.session_changed()
        return task.to_json()

    @callable_method
    def update_task(self, task_id: Any, fields: Any) -> dict[str, Any]:
        """Changes the fields that are given."""
        task = self._session.desk.update(_number(task_id), _object(fields))
        self._session.session_changed()
        return task.to_json()

    @callable_method
    def delete_task(self, task_id: Any) -> None:
        """Removes a task; ``undo`` brings it back."""
        self._session.desk.delete(_number(task_id))
        self._session.session_changed()

    @callable_method
    def undo(self) -> list[dict[str, Any]]:
        """Takes back the last change of tasks; gives the tasks as they are now."""
        self._session.desk.undo()
        self._session.session_changed()
        return self._session.desk.tasks_json()

    @callable_method
    def set_preferences(self, fields: Any) -> dict[str, str]:
        """Sets preferences; null takes one back."""
        self._session.begin()
        preferences = self._session.desk.prefer(_object(fields))
        self._session.show_state()
        return preferences

    @callable_method
    def rename(self, title: Any) -> str:
        """Names the session."""
        clean = " ".join(require_text(title, field="title", most=MAX_SESSION_TITLE).split())
        self._session.rename(clean)
        return clean

    @callable_method
    async def export_transcript(self) -> AsyncIterator[str]:
        """The session as Markdown, piece by piece."""
        record = self._session.begin()
        tasks = self._session.desk.tasks_json()
        for part in export.markdown_parts(record, [], tasks):
            yield part
        last = 0
        while page := self._session.transcript.after(last, EXPORT_PAGE):
            last = page[-1].number
            for part in export.turn_parts(page):
                yield part


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput(f"The argument must be an object, not {kind_of(value)}.")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInput(f"A task's id must be a whole number, not {kind_of(value)}.")
    return value
