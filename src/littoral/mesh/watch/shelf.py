"""The texts of watched pages, beside the events: rows by watch and hash.

Events and state hold hashes only, so they stay small. A text that is missing is no error: the page
is then as if seen for the first time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from littoral.clock import Clock
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

SHELF_SCHEMA: Final = Schema(
    name="watch_shelf",
    steps=(
        "CREATE TABLE watch_pages (watch_id TEXT NOT NULL, hash TEXT NOT NULL, kept_at_ms INTEGER "
        "NOT NULL, text TEXT NOT NULL, PRIMARY KEY (watch_id, hash)) WITHOUT ROWID",
    ),
)
KEPT_TEXTS: Final = 3
"""Of each watch: the last one seen, the one before it, and one that a kill left unrecorded."""


class Shelf:
    """Of one data agent."""

    def __init__(self, sql: Sql, clock: Clock) -> None:
        self._sql = sql
        self._clock = clock

    def keep(self, watch_id: str, digest: str, lines: Sequence[str], *, beside: str = "") -> None:
        """Keeps a text; the oldest go, never the one whose hash is ``beside``. Repeatable."""

        def write() -> None:
            self._sql.run(
                "INSERT OR REPLACE INTO watch_pages VALUES (?, ?, ?, ?)",
                watch_id,
                digest,
                self._clock.now_ms(),
                "\n".join(lines),
            )
            self._sql.run(
                "DELETE FROM watch_pages WHERE watch_id = ? AND hash NOT IN (?, ?) AND hash NOT IN"
                " (SELECT hash FROM watch_pages WHERE watch_id = ? ORDER BY kept_at_ms DESC "
                "LIMIT ?)",
                watch_id,
                digest,
                beside,
                watch_id,
                KEPT_TEXTS,
            )

        self._sql.transaction(write)

    def lines(self, watch_id: str, digest: str) -> list[str] | None:
        """The lines of a text; ``None`` when it is not here."""
        found = self._sql.value(
            "SELECT text FROM watch_pages WHERE watch_id = ? AND hash = ?", watch_id, digest
        )
        return None if found is None else str(found).split("\n") if found else []

    def clear(self, watch_id: str) -> None:
        """Forgets the texts of a watch. Repeatable."""
        self._sql.run("DELETE FROM watch_pages WHERE watch_id = ?", watch_id)
