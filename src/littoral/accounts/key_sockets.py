"""Where one user has sockets open, and with which key, so that a key's end ends them.

    a socket is accepted  ── opened ──▶  a row; or the answer that the key has ended already
    a key is revoked      ── revoke ──▶  the intent is a row; then D1; then every object is told
    the alarm             ───────────▶  keys that expired; objects that did not answer, again

The object tells after it has accepted the socket: so either the row is there when the key ends, or
the end is there when the row shall be written. Nothing is lost by a kill, and repeating is safe.
Looking keys up at each request is ``littoral.accounts.identity``'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from littoral.accounts.store import AccountStore
from littoral.agent.alarm import AlarmClock
from littoral.clock import Clock
from littoral.errors import LittoralError, NotAuthenticated
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

MOST_ROWS = 500
"""Objects with sockets of one user; the oldest has to let go for one more."""

RETRY_MS = 5_000
MOST_DOUBLINGS = 6
TOLD_AT_ONCE = 10
REMEMBERED_MS = 86_400_000
"""How long the end of a key is kept for sockets that were on their way; D1 keeps it for ever."""

KEY_SOCKETS_SCHEMA = Schema(
    name="key_sockets",
    steps=(
        """
        CREATE TABLE places (
          number INTEGER PRIMARY KEY,
          key_id TEXT NOT NULL,
          kind TEXT NOT NULL,
          name TEXT NOT NULL,
          expires_at_ms INTEGER,
          UNIQUE (key_id, kind, name)
        );
        CREATE TABLE ended (
          key_id TEXT PRIMARY KEY,
          at_ms INTEGER NOT NULL,
          in_database INTEGER NOT NULL DEFAULT 0,
          tries INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID;
        """,
    ),
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SocketPlace:
    """One object with sockets of a key. ``kind`` is the agent's kind as in addresses."""

    key_id: str
    kind: str
    name: str


Tell = Callable[[SocketPlace], Awaitable[None]]
"""Lets an object close its sockets of a key; raises ``LittoralError`` when it does not answer."""


class KeySockets:
    """The open sockets of one user's keys."""

    def __init__(
        self,
        sql: Sql,
        *,
        user_id: str,
        store: AccountStore,
        tell: Tell,
        alarm: AlarmClock,
        clock: Clock,
    ) -> None:
        self._sql = sql
        self._user_id = user_id
        self._store = store
        self._tell = tell
        self._alarm = alarm
        self._clock = clock

    async def opened(self, place: SocketPlace, expires_at_ms: int | None) -> None:
        """An object has accepted a socket. Repeating is harmless.

        Raises ``NotAuthenticated`` when the key has ended: the object closes the socket itself.
        """
        now_ms = self._clock.now_ms()
        if self._has_ended(place.key_id) or (expires_at_ms is not None and expires_at_ms <= now_ms):
            raise NotAuthenticated("The key has ended.", next_step="Sign in with another key.")
        await self._make_room(place)
        self._sql.run(
            "INSERT INTO places (key_id, kind, name, expires_at_ms) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET expires_at_ms = excluded.expires_at_ms",
            place.key_id,
            place.kind,
            place.name,
            expires_at_ms,
        )
        if expires_at_ms is not None:
            self._plan()

    def closed(self, place: SocketPlace) -> None:
        """An object has no socket of this key any more. Repeating is harmless."""
        self._sql.run(
            "DELETE FROM places WHERE key_id = ? AND kind = ? AND name = ?",
            place.key_id,
            place.kind,
            place.name,
        )

    async def revoke(self, key_id: str) -> bool:
        """Ends a key: marked in D1, then its sockets are closed. ``False``: no key of this user.

        When it returns the key opens nothing; sockets in objects that did not answer are closed by
        the alarm.
        """
        now_ms = self._clock.now_ms()
        self._sql.run("INSERT OR IGNORE INTO ended (key_id, at_ms) VALUES (?, ?)", key_id, now_ms)
        self._plan()
        if not await self._store.revoke(self._user_id, key_id, now_ms):
            self._sql.run("DELETE FROM ended WHERE key_id = ?", key_id)
            return False
        self._sql.run("UPDATE ended SET in_database = 1 WHERE key_id = ?", key_id)
        await self._close(key_id)
        return True

    async def on_alarm(self) -> None:
        """Ends what has expired and goes on with what is not finished."""
        self._alarm.rang()
        now_ms = self._clock.now_ms()
        self._sql.run(
            "INSERT OR IGNORE INTO ended (key_id, at_ms, in_database) SELECT DISTINCT key_id, ?, 1 "
            "FROM places WHERE expires_at_ms <= ?",
            now_ms,
            now_ms,
        )
        for key_id, in_database in self._sql.rows(
            "SELECT key_id, in_database FROM ended LIMIT 100"
        ):
            await self._go_on(str(key_id), bool(in_database))
        self._sql.run(
            "DELETE FROM ended WHERE at_ms <= ? AND in_database = 1 AND key_id NOT IN "
            "(SELECT key_id FROM places)",
            now_ms - REMEMBERED_MS,
        )
        self._plan()

    async def _go_on(self, key_id: str, in_database: bool) -> None:
        try:
            if not in_database:
                await self._store.revoke(self._user_id, key_id, self._clock.now_ms())
                self._sql.run("UPDATE ended SET in_database = 1 WHERE key_id = ?", key_id)
            await self._close(key_id)
        except LittoralError as error:
            _log.warning("a key's end is not known everywhere yet: %s", error)
        self._sql.run("UPDATE ended SET tries = tries + 1 WHERE key_id = ?", key_id)

    async def _close(self, key_id: str) -> None:
        """Tells every object of a key; those that do not answer stay for the alarm."""
        found = self._sql.rows("SELECT kind, name FROM places WHERE key_id = ?", key_id)
        places = [SocketPlace(key_id=key_id, kind=str(k), name=str(name)) for k, name in found]
        for first in range(0, len(places), TOLD_AT_ONCE):
            some = places[first : first + TOLD_AT_ONCE]
            await asyncio.gather(*(self._close_at(place) for place in some))

    async def _close_at(self, place: SocketPlace) -> None:
        try:
            await self._tell(place)
        except LittoralError as error:
            _log.warning("an object did not close the sockets of a key: %s", error)
        else:
            self.closed(place)

    async def _make_room(self, place: SocketPlace) -> None:
        count = self._sql.value("SELECT COUNT(*) FROM places")
        if int(count or 0) < MOST_ROWS:
            return
        ((key_id, kind, name),) = self._sql.rows(
            "SELECT key_id, kind, name FROM places ORDER BY number LIMIT 1"
        )
        oldest = SocketPlace(key_id=str(key_id), kind=str(kind), name=str(name))
        if oldest != place:
            await self._tell(oldest)
            self.closed(oldest)

    def _has_ended(self, key_id: str) -> bool:
        return self._sql.value("SELECT 1 FROM ended WHERE key_id = ?", key_id) is not None

    def _plan(self) -> None:
        """The alarm at the next thing to do, if there is any."""
        now_ms = self._clock.now_ms()
        expiry = self._sql.value(
            "SELECT MIN(expires_at_ms) FROM places WHERE key_id NOT IN (SELECT key_id FROM ended)"
        )
        tries = self._sql.value(
            "SELECT MIN(tries) FROM ended WHERE in_database = 0 OR key_id IN "
            "(SELECT key_id FROM places)"
        )
        forgetting = self._sql.value("SELECT MIN(at_ms) FROM ended")
        times = [
            None if expiry is None else int(expiry),
            None if tries is None else now_ms + RETRY_MS * 2 ** min(int(tries), MOST_DOUBLINGS),
            None if forgetting is None else max(now_ms + RETRY_MS, int(forgetting) + REMEMBERED_MS),
        ]
        planned = [time for time in times if time is not None]
        if planned:
            self._alarm.at_latest(min(planned))
