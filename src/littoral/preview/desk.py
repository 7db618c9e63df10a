"""The links of one build's preview, in the SQLite of its object: open, check, revoke.

One link counts at a time: whoever asks again gets the same one while enough of its hour is left.
How a link looks outside is ``littoral.preview.link``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from littoral.clock import Clock, Ids, iso
from littoral.errors import NotFound
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

LINK_LIFE_MS: Final = 3_600_000
RENEW_BELOW_MS: Final = 600_000
"""A link with less left is not given out again."""

Tell = Callable[[str, dict[str, Any]], None]
"""Writes an event into the build's log; called inside the transaction of the change."""

PREVIEW_SCHEMA = Schema(
    name="preview",
    steps=(
        "CREATE TABLE preview_links (word TEXT PRIMARY KEY, created_at_ms INTEGER NOT NULL, "
        "expires_at_ms INTEGER NOT NULL, revoked_at_ms INTEGER) WITHOUT ROWID",
    ),
)


class PreviewDesk:
    """Every method is one transaction or joins yours."""

    def __init__(self, sql: Sql, clock: Clock, ids: Ids, *, tell: Tell) -> None:
        self._sql = sql
        self._clock = clock
        self._ids = ids
        self._tell = tell

    def open(self) -> tuple[str, int]:
        """Word and end (ms) of a link that counts: the present one, or a new one (event
        ``preview.opened``) when that is missing or soon over.
        """
        return self._sql.transaction(self._open)

    def current(self) -> tuple[str, int] | None:
        """Word and end of the link that counts now, if there is one."""
        rows = self._sql.rows(
            "SELECT word, expires_at_ms FROM preview_links WHERE revoked_at_ms IS NULL "
            "AND expires_at_ms > ? ORDER BY expires_at_ms DESC LIMIT 1",
            self._clock.now_ms(),
        )
        return (str(rows[0][0]), int(rows[0][1] or 0)) if rows else None

    def require_good(self, word: str) -> None:
        """Raises ``NotFound`` for a link that never was, has expired or was revoked."""
        found = self._sql.value(
            "SELECT 1 FROM preview_links WHERE word = ? AND revoked_at_ms IS NULL "
            "AND expires_at_ms > ?",
            word, self._clock.now_ms(),
        )  # fmt: skip
        if found is None:
            raise NotFound(
                "This preview has ended.", next_step="Open it again from the build it belongs to."
            )

    def revoke(self) -> int:
        """Ends every link at once (event ``preview.revoked``); gives how many counted.

        Repeating is harmless and writes nothing.
        """
        return self._sql.transaction(self._revoke)

    def _open(self) -> tuple[str, int]:
        now = self._clock.now_ms()
        present = self.current()
        if present is not None and present[1] - now >= RENEW_BELOW_MS:
            return present
        self._sql.run("DELETE FROM preview_links WHERE expires_at_ms <= ?", now)
        word, expires = self._ids.new("prv"), (now + LINK_LIFE_MS) // 1000 * 1000
        self._sql.run("INSERT INTO preview_links VALUES (?, ?, ?, NULL)", word, now, expires)
        self._tell("preview.opened", {"expiresAt": iso(expires)})
        return word, expires

    def _revoke(self) -> int:
        now = self._clock.now_ms()
        counts = "revoked_at_ms IS NULL AND expires_at_ms > ?"
        counted = int(
            self._sql.value(f"SELECT count(*) FROM preview_links WHERE {counts}", now) or 0
        )
        if counted:
            self._sql.run(f"UPDATE preview_links SET revoked_at_ms = ? WHERE {counts}", now, now)
            self._tell("preview.revoked", {"links": counted})
        return counted
