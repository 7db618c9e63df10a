"""A session as a file: Markdown for people, JSON for programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from littoral.chat.fold import text_of
from littoral.chat.transcript import Turn
from littoral.clock import iso
from littoral.jsontext import dumps
from littoral.task_agent.session_record import SessionRecord

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


def file_name(title: str, ending: str) -> str:
    """A file name that every system takes, from a title."""
    stem = _UNSAFE.sub("-", title).strip("-").lower()[:50] or "session"
    return f"{stem}.{ending}"


def as_json(
    record: SessionRecord,
    turns: Iterable[Turn],
    tasks: Sequence[dict[str, Any]],
    preferences: dict[str, Any],
) -> str:
    """The whole session as one JSON text."""
    return dumps(
        {
            "sessionId": record.session_id,
            "title": record.title,
            "createdAt": iso(record.created_at_ms),
            "tasks": list(tasks),
            "userPreferences": preferences,
            "messages": [m for turn in turns for m in (turn.user, turn.reply) if m is not None],
        }
    )


def markdown_parts(
    record: SessionRecord, turns: Iterable[Turn], tasks: Sequence[dict[str, Any]]
) -> Iterable[str]:
    """The session as Markdown, piece by piece."""
    yield f"# {record.title or 'Untitled session'}\n\nBegun {iso(record.created_at_ms)}\n"
    if tasks:
        yield "\n## Tasks\n\n" + "".join(_task_line(task) for task in tasks)
    yield "\n## Conversation\n"
    yield from turn_parts(turns)


def turn_parts(turns: Iterable[Turn]) -> Iterable[str]:
    """What was said in some turns, as Markdown."""
    for turn in turns:
        for who, message in (("You", turn.user), ("Littoral", turn.reply)):
            if message is not None and text_of(message):
                yield f"\n### {who}\n\n{text_of(message)}\n"


def _task_line(task: dict[str, Any]) -> str:
    box = "x" if task["status"] == "completed" else " "
    due = f" (due {task['dueAt']})" if task["dueAt"] else ""
    priority = f" [{task['priority']}]" if task["priority"] != "normal" else ""
    return f"- [{box}] {task['id']}. {task['title']}{due}{priority}\n"
