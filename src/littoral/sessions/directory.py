"""The list of one user's sessions and the search over what was said in them.

    an agent   ── sessions.dirty ──▶  the row is marked      (first turn since it was last read)
    a reader   ── list, search   ──▶  marked sessions are read from their agents, then answered

Reading on demand keeps a plain turn free of writes here, and still finds what was said a moment
ago. One directory per user.
"""

from __future__ import annotations

from typing import Any

from littoral.clock import Clock
from littoral.errors import Conflict, GuestClaimed, NotFound
from littoral.sessions import query
from littoral.sessions.catch_up import DEADLINE_SECONDS, CatchUp, Pull
from littoral.sessions.message_index import MESSAGE_INDEX_SCHEMA, MessageIndex
from littoral.sessions.session_list import SESSION_LIST_SCHEMA, SessionList, at_ms, place
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

CLAIM_SCHEMA = Schema(
    name="claim", steps=("CREATE TABLE claim (id INTEGER PRIMARY KEY CHECK (id = 1))",)
)
DIRECTORY_SCHEMAS = (SESSION_LIST_SCHEMA, MESSAGE_INDEX_SCHEMA, CLAIM_SCHEMA)


class Directory:
    """The sessions of one user. ``pull`` reads a session from its agent."""

    def __init__(
        self,
        sql: Sql,
        clock: Clock,
        pull: Pull,
        *,
        most_sessions: int,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._sql = sql
        self._clock = clock
        self._most_sessions = most_sessions
        self._sessions = SessionList(sql)
        self._index = MessageIndex(sql)
        self._catch_up = CatchUp(
            sql, self._sessions, self._index, pull, deadline_seconds=deadline_seconds
        )

    # --- whose it is -----------------------------------------------------------------------------

    def claim(self, after: str, limit: int) -> dict[str, Any]:
        """The guest became an account; gives a page of the sessions' ids, by id after ``after``.

        From now on ``require_caller`` lets only the account in. Repeating is harmless.
        """
        self._sql.run("INSERT OR IGNORE INTO claim VALUES (1)")
        return {"sessions": self._sessions.ids_after(after, limit)}

    def require_caller(self, *, guest: bool) -> None:
        """Raises ``GuestClaimed`` for a guest's cookie when the guest became an account."""
        if guest and self._sql.value("SELECT 1 FROM claim") is not None:
            raise GuestClaimed()

    # --- what agents and the API report ----------------------------------------------------------

    def register(self, session_id: str, title: str = "", at: str | None = None) -> dict[str, Any]:
        """Adds a session and gives its entry; one that is there already stays as it is.

        Raises ``Conflict`` when the user keeps as many as they may.
        """
        self.require_room(session_id)
        self._ensure(session_id, title, at)
        return self._require(session_id)

    def require_room(self, session_id: str) -> None:
        """Raises ``Conflict`` when a session that is not in the list does not fit into it."""
        if self._sessions.entry(session_id) is not None:
            return
        count = self._sessions.count()
        if count >= self._most_sessions:
            raise Conflict(
                f"You keep {count} sessions, as many as you may.",
                next_step="Delete sessions that you no longer need and try again.",
            )

    def report(self, session_id: str, title: str = "", at: str | None = None) -> None:
        """A session has news since it was last read. Repeating is harmless.

        One that is not in the list is added even to a full one: it exists, so it is shown.
        """
        self._ensure(session_id, title, at)
        self._sessions.mark(session_id, self._moment(at))

    def rename(self, session_id: str, title: str, at: str | None = None) -> dict[str, Any]:
        """A session has another title; adds it as ``report`` does and gives its entry."""
        self._ensure(session_id, title, at)
        self._sessions.set_title(session_id, title)
        self._index.put_title(session_id, title, self._moment(at))
        return self._require(session_id)

    def remove(self, session_id: str) -> None:
        """Forgets a session and every word of it. Repeating is harmless."""
        self._sql.transaction(lambda: self._erase(session_id))

    # --- what people ask -------------------------------------------------------------------------

    async def page(self, cursor: str | None, limit: int) -> dict[str, Any]:
        """A page of sessions, newest first. ``InvalidInput`` for a cursor of other making."""
        place(cursor)
        await self._catch_up.run()
        return self._sessions.page(cursor, limit)

    async def search(self, text: str, limit: int) -> dict[str, Any]:
        """The messages and titles that hold all words of ``text``, best first."""
        match = query.match_query(text)
        if match is None:
            return {"results": []}
        await self._catch_up.run()
        return {"results": self._index.find(match, limit)}

    def _ensure(self, session_id: str, title: str, at: str | None) -> None:
        def write() -> None:
            self._sessions.add(session_id, title, self._moment(at))
            self._index.put_title(session_id, title, self._moment(at))

        if self._sessions.entry(session_id) is None:
            self._sql.transaction(write)

    def _erase(self, session_id: str) -> None:
        self._index.forget(session_id)
        self._sessions.remove(session_id)

    def _require(self, session_id: str) -> dict[str, Any]:
        entry = self._sessions.entry(session_id)
        if entry is None:
            raise NotFound(f"There is no session {session_id!r} in the list.")
        return entry

    def _moment(self, at: str | None) -> int:
        return at_ms(at) if at else self._clock.now_ms()
