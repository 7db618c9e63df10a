"""A task: the user's to-do, its limits and its JSON.

Leaves to others: where tasks are kept (``task_list``), what words mean (``due``, ``commands``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from littoral.clock import iso, iso_or_none
from littoral.errors import InvalidInput

Status = Literal["pending", "completed"]
Priority = Literal["low", "normal", "high"]

MAX_TASKS = 500
"""Tasks that one session holds, completed ones included."""

MAX_TITLE_CHARACTERS = 500
"""Unicode code points of a title, after ``clean_title``."""

PRIORITIES: tuple[Priority, ...] = ("high", "normal", "low")
"""Most urgent first."""

_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # controls, line ends and tabs among them
    "\u2028\u2029"  # line and paragraph separators
    "\u202a-\u202e\u2066-\u2069"  # bidi overrides: they can make a title read as another
    "\ufeff\ufff9-\ufffb\ud800-\udfff]"  # marks without a glyph, halves of a surrogate pair
)


@dataclass(frozen=True, kw_only=True)
class Task:
    """One to-do of one session.

    ``id`` is small, per session, and never given to another task. ``due_at_ms`` is the moment, or
    the start of the day in the user's zone when ``due_has_time`` is false. ``recurrence`` is the
    canonical text of ``littoral.tasks.recurrence``; ``anchor_day`` keeps the day of the month
    (1–31) that a monthly task was meant for, so that the 31st comes back after a short month.
    ``remind_at_ms`` is set only when the user chose a moment of their own. ``due_set_at_ms`` says
    when the date became another than the task was made with, ``None`` when it never did.
    """

    id: int
    title: str
    status: Status = "pending"
    priority: Priority = "normal"
    due_at_ms: int | None = None
    due_has_time: bool = False
    recurrence: str | None = None
    anchor_day: int | None = None
    remind_at_ms: int | None = None
    created_at_ms: int
    completed_at_ms: int | None = None
    due_set_at_ms: int | None = None

    @property
    def is_pending(self) -> bool:
        return self.status == "pending"

    def to_json(self) -> dict[str, Any]:
        """The task as every client sees it; times are ISO 8601 UTC."""
        return {
            "id": self.id,
            "title": self.title,
            "status": self.status,
            "priority": self.priority,
            "dueAt": iso_or_none(self.due_at_ms),
            "dueHasTime": self.due_has_time,
            "recurrence": self.recurrence,
            "remindAt": iso_or_none(self.remind_at_ms),
            "createdAt": iso(self.created_at_ms),
            "completedAt": iso_or_none(self.completed_at_ms),
        }


@dataclass(frozen=True, kw_only=True)
class NewTask:
    """What a task begins with. ``recurrence`` is canonical; the rest as in ``Task``."""

    title: str
    priority: Priority = "normal"
    due_at_ms: int | None = None
    due_has_time: bool = False
    recurrence: str | None = None
    anchor_day: int | None = None
    remind_at_ms: int | None = None


def clean_title(title: str) -> str:
    """One line of visible text: NFC, no control characters, single spaces.

    Raises ``InvalidInput`` when nothing is left or when it is longer than
    ``MAX_TITLE_CHARACTERS``. Cleaning a clean title changes nothing.
    """
    visible = _INVISIBLE.sub(" ", unicodedata.normalize("NFC", title))
    cleaned = " ".join(visible.split())
    if not cleaned:
        raise InvalidInput(
            "A task needs a title of at least one visible character.",
            fields=[{"field": "title", "message": "must not be empty"}],
        )
    if len(cleaned) > MAX_TITLE_CHARACTERS:
        raise InvalidInput(
            f"The title has {len(cleaned)} characters; at most {MAX_TITLE_CHARACTERS} are kept. "
            "Shorten it, or make several tasks of it.",
            fields=[{"field": "title", "message": f"at most {MAX_TITLE_CHARACTERS} characters"}],
        )
    return cleaned


def check_priority(priority: str) -> Priority:
    """The priority as a closed value; raises ``InvalidInput`` for any other text."""
    for known in PRIORITIES:
        if priority == known:
            return known
    raise InvalidInput(
        f"The priority {priority[:40]!r} is not known; it is low, normal or high.",
        fields=[{"field": "priority", "message": "low, normal or high"}],
    )
