"""The words of answers that are still being given, in rows, so that a kill loses none that matter.

A row holds the chunks of one flush, a JSON text a line. Chunks are flushed together with the effect
of a tool (one transaction), before a tool that reaches outside, and now and then while words
stream; a short plain answer ends before any flush and writes nothing here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from littoral.chat.fold import Chunk
from littoral.chat.stream import LiveStream
from littoral.clock import Clock
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

JOURNAL_SCHEMA = Schema(
    name="journal",
    steps=(
        "CREATE TABLE chunks (turn INTEGER NOT NULL, first INTEGER NOT NULL, lines TEXT NOT NULL, "
        "PRIMARY KEY (turn, first)) WITHOUT ROWID",
    ),
)

FLUSH_CHUNKS = 64
FLUSH_AFTER_MS = 1_000


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


class JournalWriter:
    """Writes the chunks of one stream as far as they are not written yet."""

    def __init__(self, journal: Journal, stream: LiveStream, clock: Clock) -> None:
        self._journal = journal
        self._stream = stream
        self._clock = clock
        # Of a stream that begins anew nothing is written, also not the start that it has already.
        self._saved = len(stream.chunks) if stream.journaled else 0
        self._saved_at_ms = clock.now_ms()

    def flush(self) -> None:
        """Writes everything up to now (one row, or none)."""
        bodies = self._stream.bodies(self._saved)
        if bodies:
            self._journal.save(self._stream.turn, self._saved, bodies)
            self._stream.journaled = True
            self._saved += len(bodies)
        self._saved_at_ms = self._clock.now_ms()

    def now_and_then(self) -> None:
        """Writes when much has come since the last time, at most once a second."""
        if len(self._stream.chunks) - self._saved < FLUSH_CHUNKS:
            return
        if self._clock.now_ms() - self._saved_at_ms >= FLUSH_AFTER_MS:
            self.flush()
