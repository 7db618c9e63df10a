"""The turns of one session in rows: what was said, in order, and what became of it.

A turn is one row: the user's message and the answer to it. It is inserted when the message is
accepted and updated once when the turn ends, so a plain turn writes three rows (two of them for the
insert, because of the index that makes a message count once). The words of an answer that is still
being given are in the journal (``littoral.chat.journal``), not here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from littoral.clock import Clock
from littoral.jsontext import dumps
from littoral.store.migrations import Schema
from littoral.store.sql import Row, Sql

TRANSCRIPT_SCHEMA = Schema(
    name="transcript",
    steps=(
        "CREATE TABLE turns (number INTEGER PRIMARY KEY, user_id TEXT, user TEXT, reply TEXT, "
        "status TEXT NOT NULL, request_id TEXT NOT NULL, options TEXT, "
        "attempts INTEGER NOT NULL DEFAULT 0, delivered INTEGER NOT NULL DEFAULT 1, "
        "created_at_ms INTEGER NOT NULL)",
        "CREATE UNIQUE INDEX turns_by_user ON turns (user_id) WHERE user_id IS NOT NULL",
    ),
)

Status = Literal["open", "waiting", "completed", "failed", "cancelled"]
Message = dict[str, Any]

MAX_OPEN = 16
"""Turns that may wait in one session; one more is refused with ``queue_full``."""

AFTER_ALL = 2**52
"""A number above every turn's. (2^53 - 1 would cross the border as a BigInt and be refused.)"""

_COLUMNS = "number, user, reply, status, request_id, options, attempts, delivered, created_at_ms"


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One row. ``user`` is ``None`` for what the agent says by itself (a reminder).

    ``request_id`` names the stream that answers, or answered last. ``options`` is what the client
    sent along (its own tools, its time zone). ``delivered`` is false for a failure nobody saw.
    """

    number: int
    user: Message | None
    reply: Message | None
    status: Status
    request_id: str
    options: dict[str, Any]
    attempts: int
    delivered: bool
    created_at_ms: int


class Transcript:
    """Writes and reads turns."""

    def __init__(self, sql: Sql, clock: Clock) -> None:
        self._sql = sql
        self._clock = clock
        self._newest: int | None = None  # the number given last, if it is known

    def open(self, user: Message, request_id: str, options: dict[str, Any]) -> Turn | None:
        """Keeps a user's message as a turn that is to be answered (two rows written).

        ``None``, and nothing is written, when a message of that id is there.
        """
        return self._insert(user, None, "open", request_id, options)

    def note(self, user: Message) -> Turn | None:
        """Keeps a user's message that gets no answer of its own, unless its id is there."""
        return self._insert(user, None, "completed", "", {})

    def say(self, reply: Message) -> Turn:
        """Keeps a message that the agent says by itself."""
        turn = self._insert(None, reply, "completed", "", {})
        assert turn is not None, "only the id of a user's message can be there already"
        return turn

    def _insert(
        self,
        user: Message | None,
        reply: Message | None,
        status: Status,
        request_id: str,
        options: dict[str, Any],
    ) -> Turn | None:
        now = self._clock.now_ms()
        number = self._next_number()
        # By its own number: to have it returned would cost as much as the insert itself.
        written = self._sql.run(
            "INSERT INTO turns "
            "(number, user_id, user, reply, status, request_id, options, created_at_ms) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (user_id) WHERE user_id IS NOT NULL DO NOTHING",
            number,
            user["id"] if user else None,
            dumps(user) if user else None,
            dumps(reply) if reply else None,
            status,
            request_id,
            dumps(options) if options else None,
            now,
        )
        if not written:
            return None
        self._newest = None if self._sql.in_transaction else number
        return Turn(
            number=number,
            user=user,
            reply=reply,
            status=status,
            request_id=request_id,
            options=options,
            attempts=0,
            delivered=True,
            created_at_ms=now,
        )

    def _next_number(self) -> int:
        if self._newest is None:
            self._newest = int(self._sql.value("SELECT max(number) FROM turns") or 0)
        return self._newest + 1

    def end(self, number: int, reply: Message, status: Status, *, delivered: bool = True) -> None:
        """Keeps the answer and how the turn ended (one row written)."""
        self._sql.run(
            "UPDATE turns SET reply = ?, status = ?, delivered = ? WHERE number = ?",
            dumps(reply),
            status,
            int(delivered),
            number,
        )

    def reopen(self, number: int, request_id: str, options: dict[str, Any] | None = None) -> None:
        """Makes a waiting turn run on under a new request; its answer so far stays."""
        if options is not None:
            self._sql.run("UPDATE turns SET options = ? WHERE number = ?", dumps(options), number)
        self._sql.run(
            "UPDATE turns SET status = 'open', request_id = ?, attempts = 0 WHERE number = ?",
            request_id,
            number,
        )

    def restart(self, number: int, request_id: str, user: Message, options: dict[str, Any]) -> None:
        """Throws an answer away, and all turns after it, to give it anew."""
        self._newest = None
        self._sql.run("DELETE FROM turns WHERE number > ?", number)
        self._sql.run(
            "UPDATE turns SET user = ?, reply = NULL, status = 'open', request_id = ?, "
            "options = ?, attempts = 0, delivered = 1 WHERE number = ?",
            dumps(user),
            request_id,
            dumps(options) if options else None,
            number,
        )

    def change_reply(self, number: int, reply: Message) -> None:
        """Rewrites an answer whose tool parts changed (one row written)."""
        self._sql.run("UPDATE turns SET reply = ? WHERE number = ?", dumps(reply), number)

    def count_attempt(self, number: int) -> None:
        """Counts one more try of a turn that was cut off."""
        self._sql.run("UPDATE turns SET attempts = attempts + 1 WHERE number = ?", number)

    def mark_delivered(self, number: int) -> None:
        """A failure has been shown to somebody."""
        self._sql.run("UPDATE turns SET delivered = 1 WHERE number = ?", number)

    def clear(self) -> None:
        """Forgets everything that was said."""
        self._newest = None
        self._sql.run("DELETE FROM turns")

    def get(self, number: int) -> Turn | None:
        """The turn of that number."""
        return _first(self._sql.rows(f"SELECT {_COLUMNS} FROM turns WHERE number = ?", number))

    def by_user_message(self, message_id: str) -> Turn | None:
        """The turn that a user's message began."""
        return _first(self._sql.rows(f"SELECT {_COLUMNS} FROM turns WHERE user_id = ?", message_id))

    def last(self) -> Turn | None:
        """The newest turn."""
        return _first(self._sql.rows(f"SELECT {_COLUMNS} FROM turns ORDER BY number DESC LIMIT 1"))

    def open_turns(self) -> list[Turn]:
        """Turns that are still to be answered, oldest first.

        They are among the newest rows because no more than ``MAX_OPEN`` may wait, so the cost does
        not grow with the length of the conversation.
        """
        rows = self._sql.rows(
            f"SELECT {_COLUMNS} FROM (SELECT * FROM turns ORDER BY number DESC LIMIT ?) "
            "WHERE status = 'open' ORDER BY number",
            2 * MAX_OPEN,
        )
        return [_turn(row) for row in rows]

    def before(self, number: int | None, limit: int) -> list[Turn]:
        """At most ``limit`` turns before ``number`` (the newest without one), oldest first."""
        rows = self._sql.rows(
            f"SELECT {_COLUMNS} FROM turns WHERE number < ? ORDER BY number DESC LIMIT ?",
            number if number is not None else AFTER_ALL,
            limit,
        )
        return [_turn(row) for row in reversed(rows)]

    def after(self, number: int, limit: int) -> list[Turn]:
        """At most ``limit`` turns after ``number``, oldest first."""
        rows = self._sql.rows(
            f"SELECT {_COLUMNS} FROM turns WHERE number > ? ORDER BY number LIMIT ?", number, limit
        )
        return [_turn(row) for row in rows]

    def messages_json(self, limit: int) -> str:
        """The newest messages, oldest first, as JSON texts joined by commas (no brackets).

        The rows hold JSON already, so nothing is parsed here. ``limit`` counts turns.
        """
        rows = self._sql.rows("SELECT user, reply FROM turns ORDER BY number DESC LIMIT ?", limit)
        return ",".join(str(text) for row in reversed(rows) for text in row if text is not None)

    def message_count(self) -> int:
        """How many messages there are (a scan: not for the hot path)."""
        return int(self._sql.value("SELECT count(user) + count(reply) FROM turns") or 0)


def _first(rows: list[Row]) -> Turn | None:
    return _turn(rows[0]) if rows else None


def _turn(row: Row) -> Turn:
    number, user, reply, status, request_id, options, attempts, delivered, created = row
    known: Any = status
    return Turn(
        number=int(number or 0),
        user=json.loads(str(user)) if user else None,
        reply=json.loads(str(reply)) if reply else None,
        status=known,
        request_id=str(request_id),
        options=json.loads(str(options)) if options else {},
        attempts=int(attempts or 0),
        delivered=bool(delivered),
        created_at_ms=int(created or 0),
    )
