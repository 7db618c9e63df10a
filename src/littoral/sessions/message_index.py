"""Full text of what was said, for search. Knows messages, not what sessions are.

A session's title is indexed like a message of role ``title`` without an id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from littoral.clock import iso
from littoral.sessions import query
from littoral.store.migrations import Schema
from littoral.store.sql import Row, Sql

MESSAGE_INDEX_SCHEMA = Schema(
    name="message_index",
    steps=(
        "CREATE TABLE messages (number INTEGER PRIMARY KEY, session_id TEXT NOT NULL, "
        "message_id TEXT NOT NULL, role TEXT NOT NULL, turn INTEGER NOT NULL, "
        "at_ms INTEGER NOT NULL)",
        "CREATE UNIQUE INDEX messages_once ON messages (session_id, message_id)",
        f'CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = "{query.TOKENIZER}", '
        "prefix = '2 3')",
    ),
)

MAX_INDEXED_CHARACTERS = 20_000
SNIPPET_WORDS = 24
TITLE = "title"


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What somebody said in a turn of a session. A title belongs to turn 0."""

    message_id: str
    role: str
    text: str
    turn: int
    at_ms: int


class MessageIndex:
    """The words of one user's sessions."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def put(self, session_id: str, spoken: Spoken) -> None:
        """Indexes a text once; another text of the same message takes its place."""
        kept = query.indexed(spoken.text[:MAX_INDEXED_CHARACTERS])
        rows = self._sql.rows(
            "SELECT number, text FROM messages JOIN words ON words.rowid = number "
            "WHERE session_id = ? AND message_id = ?",
            session_id,
            spoken.message_id,
        )
        if rows and rows[0][1] != kept:
            self._sql.run("UPDATE words SET text = ? WHERE rowid = ?", kept, rows[0][0])
        if rows or not kept.strip():
            return
        number = self._sql.value(
            "INSERT INTO messages (session_id, message_id, role, turn, at_ms) "
            "VALUES (?, ?, ?, ?, ?) RETURNING number",
            session_id,
            spoken.message_id,
            spoken.role,
            spoken.turn,
            spoken.at_ms,
        )
        self._sql.run("INSERT INTO words (rowid, text) VALUES (?, ?)", number, kept)

    def put_title(self, session_id: str, title: str, at_ms: int) -> None:
        """Indexes a session's title in the place of the one before."""
        self.put(session_id, Spoken(message_id="", role=TITLE, text=title, turn=0, at_ms=at_ms))

    def forget_after(self, session_id: str, turn: int) -> None:
        """Removes the words of the turns after ``turn``; -1 removes the title too."""
        self._sql.run(
            "DELETE FROM words WHERE rowid IN "
            "(SELECT number FROM messages WHERE session_id = ? AND turn > ?)",
            session_id,
            turn,
        )
        self._sql.run("DELETE FROM messages WHERE session_id = ? AND turn > ?", session_id, turn)

    def forget(self, session_id: str) -> None:
        """Removes every word of a session. Repeating is harmless."""
        self.forget_after(session_id, -1)

    def find(self, match: str, limit: int) -> list[dict[str, Any]]:
        """Results for a query of ``query.match_query``, best first."""
        rows = self._sql.rows(
            "SELECT m.session_id, s.title, m.message_id, m.role, m.at_ms, "
            f"snippet(words, 0, char(2), char(3), '…', {SNIPPET_WORDS}) "
            "FROM words JOIN messages AS m ON m.number = words.rowid "
            "JOIN sessions AS s ON s.id = m.session_id "
            "WHERE words MATCH ? ORDER BY bm25(words), m.at_ms DESC LIMIT ?",
            match,
            limit,
        )
        return [_result(row) for row in rows]


def _result(row: Row) -> dict[str, Any]:
    session_id, title, message_id, role, at_ms, snippet = row
    return {
        "sessionId": session_id,
        "title": title,
        "messageId": message_id or None,
        "role": role,
        "snippet": query.shown(str(snippet)),
        "at": iso(int(at_ms or 0)),
    }
