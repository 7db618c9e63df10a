"""The words of answers that are still being given, in rows, so that a kill loses none that matter.

A row holds the chunks of one flush, a JSON text a line. Chunks are flushed together with the effect
of a tool (one transaction), before a tool that reaches outside, and now and then while words
stream; a short plain answer ends before any flush and writes nothing here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from littoral.chat.fold import Chunk
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

JOURNAL_SCHEMA = Schema(
    name="journal",
    steps=(
        "CREATE TABLE chunks (turn INTEGER NOT NULL, first INTEGER NOT NULL, lines TEXT NOT NULL, "
        "PRIMARY KEY (turn, first)) WITHOUT ROWID",
    ),
)


class Journal:
    """Chunk rows of the turns that are open."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def save(self, turn: int, first: int, bodies: Sequence[str]) -> None:
        """Appends chunks; ``first`` is the position of the first one (one row written)."""
        self._sql.run("INSERT INTO chunks VALUES (?, ?, ?)", turn, first, "\n".join(bodies))

    def load(self, turn: int) -> list[Chunk]:
        """All chunks of a turn in order."""
        rows = self._sql.rows("SELECT lines FROM chunks WHERE turn = ? ORDER BY first", turn)
        return [json.loads(line) for (lines,) in rows for line in str(lines).split("\n")]

    def erase(self, turn: int) -> None:
        """Forgets the chunks of a turn; its message is kept elsewhere by then."""
        self._sql.run("DELETE FROM chunks WHERE turn = ?", turn)

    def clear(self) -> None:
        """Forgets all chunks."""
        self._sql.run("DELETE FROM chunks")
