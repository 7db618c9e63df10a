"""The rows of the session list: what is shown of each session, and which of them have news."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from littoral.clock import iso
from littoral.errors import InvalidInput
from littoral.store.migrations import Schema
from littoral.store.sql import Row, Sql

SESSION_LIST_SCHEMA = Schema(
    name="session_list",
    steps=(
        "CREATE TABLE sessions (id TEXT PRIMARY KEY, title TEXT NOT NULL DEFAULT '', "
        "created_at_ms INTEGER NOT NULL, updated_at_ms INTEGER NOT NULL, "
        "message_count INTEGER NOT NULL DEFAULT 0, open_task_count INTEGER NOT NULL DEFAULT 0, "
        "preview TEXT NOT NULL DEFAULT '', indexed_turn INTEGER NOT NULL DEFAULT 0, "
        "mark INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID",
        "CREATE INDEX sessions_newest ON sessions (updated_at_ms DESC, id DESC)",
    ),
)

PREVIEW_CHARACTERS = 160
FAR_FUTURE_MS = 10**15
"""Later than any row. (2**53 - 1 would cross the border to JavaScript as a BigInt.)"""

_COLUMNS = "id, title, created_at_ms, updated_at_ms, message_count, open_task_count, preview"
_CURSOR = re.compile(r"([0-9]{1,15})\.([A-Za-z0-9_.-]{1,128})")


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A session that has news. ``mark`` grows with each report, so that none is missed.

    ``indexed_turn`` is the last turn that was read.
    """

    id: str
    mark: int
    indexed_turn: int


class SessionList:
    """All sessions of one user."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def entry(self, session_id: str) -> dict[str, Any] | None:
        """What is shown of a session."""
        rows = self._sql.rows(f"SELECT {_COLUMNS} FROM sessions WHERE id = ?", session_id)
        return _session(rows[0]) if rows else None

    def count(self) -> int:
        """How many sessions there are."""
        return int(self._sql.value("SELECT count(*) FROM sessions") or 0)

    def ids_after(self, session_id: str, limit: int) -> list[str]:
        """Ids in order, those after one; all begin after the empty text."""
        rows = self._sql.rows(
            "SELECT id FROM sessions WHERE id > ? ORDER BY id LIMIT ?", session_id, limit
        )
        return [str(row[0]) for row in rows]

    def add(self, session_id: str, title: str, at_ms: int) -> None:
        """A new row, without news."""
        self._sql.run(
            "INSERT INTO sessions (id, title, created_at_ms, updated_at_ms) VALUES (?, ?, ?, ?)",
            session_id,
            title,
            at_ms,
            at_ms,
        )

    def mark(self, session_id: str, at_ms: int) -> None:
        """A session has news."""
        self._sql.run(
            "UPDATE sessions SET mark = mark + 1, updated_at_ms = max(updated_at_ms, ?) "
            "WHERE id = ?",
            at_ms,
            session_id,
        )

    def marked(self, limit: int) -> list[Marked]:
        """Sessions that have news, the newest first."""
        rows = self._sql.rows(
            "SELECT id, mark, indexed_turn FROM sessions WHERE mark > 0 "
            "ORDER BY updated_at_ms DESC LIMIT ?",
            limit,
        )
        return [
            Marked(id=str(id_), mark=int(mark or 0), indexed_turn=int(turn or 0))
            for id_, mark, turn in rows
        ]

    def set_title(self, session_id: str, title: str) -> None:
        """Gives a session another title."""
        self._sql.run(
            "UPDATE sessions SET title = ? WHERE id = ? AND title <> ?", title, session_id, title
        )

    def put_summary(self, marked: Marked, page: Mapping[str, Any]) -> None:
        """Keeps what a page says of its session; a complete one takes the mark it was read for."""
        self._sql.run(
            "UPDATE sessions SET created_at_ms = ?, updated_at_ms = ?, message_count = ?, "
            "open_task_count = ?, preview = ?, indexed_turn = ?, "
            "mark = CASE WHEN mark = ? THEN 0 ELSE mark END WHERE id = ?",
            at_ms(page["createdAt"]),
            at_ms(page["updatedAt"]),
            int(page["messageCount"]),
            int(page["openTaskCount"]),
            str(page["preview"] or "")[:PREVIEW_CHARACTERS],
            int(page["last"]),
            marked.mark if page["complete"] else 0,
            marked.id,
        )

    def remove(self, session_id: str) -> None:
        """Takes a session off the list. Repeating is harmless."""
        self._sql.run("DELETE FROM sessions WHERE id = ?", session_id)

    def page(self, cursor: str | None, limit: int) -> dict[str, Any]:
        """A page, newest first. Raises ``InvalidInput`` for a cursor of other making."""
        rows = self._sql.rows(
            f"SELECT {_COLUMNS} FROM sessions WHERE (updated_at_ms, id) < (?, ?) "
            "ORDER BY updated_at_ms DESC, id DESC LIMIT ?",
            *place(cursor),
            limit + 1,
        )
        more = f"{rows[limit - 1][3]}.{rows[limit - 1][0]}" if len(rows) > limit else None
        return {"sessions": [_session(row) for row in rows[:limit]], "cursor": more}


def place(cursor: str | None) -> tuple[int, str]:
    """The row that a page begins after; without a cursor, one before all rows."""
    if cursor is None:
        return FAR_FUTURE_MS, "~"
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise InvalidInput(
            "The cursor is not one of ours.",
            next_step="Use the cursor of the page before, or none to begin.",
            fields=[{"field": "cursor", "message": "not a cursor of this list"}],
        )
    return int(found.group(1)), found.group(2)


def at_ms(moment: str) -> int:
    """Milliseconds since 1970 of an ISO 8601 moment."""
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


def _session(row: Row) -> dict[str, Any]:
    id_, title, created, updated, messages, open_tasks, preview = row
    return {
        "id": id_,
        "title": title,
        "createdAt": iso(int(created or 0)),
        "updatedAt": iso(int(updated or 0)),
        "messageCount": messages,
        "openTaskCount": open_tasks,
        "preview": preview,
    }
