"""The journal of the last changes: what undo reads, and the memory of the highest task id.

A ring of ``MAX_UNDO`` rows that are overwritten in place, so that a change costs exactly one row.
Leaves to others: what a change does to the tasks (``task_list``).
"""

from __future__ import annotations

from littoral.store.sql import Sql
from littoral.tasks.change import Change, dump_change, load_change

MAX_UNDO = 50
"""Changes that can be taken back, newest first."""

JOURNAL_TABLE = """CREATE TABLE task_journal (
    slot INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    highest_id INTEGER NOT NULL,
    change TEXT NOT NULL,
    undone INTEGER NOT NULL
)"""


class TaskJournal:
    """Rows of changes, newest last. A change that was undone stays, marked, for its ids."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def highest_id(self) -> int:
        """The highest task id that was ever given, 0 at the beginning."""
        query = "SELECT highest_id FROM task_journal ORDER BY number DESC LIMIT 1"
        return int(self._sql.value(query) or 0)

    def record(self, change: Change) -> None:
        """Writes one row."""
        newest = int(self._sql.value("SELECT max(number) FROM task_journal") or 0)
        self._sql.run(
            "INSERT INTO task_journal VALUES (?, ?, ?, ?, 0) ON CONFLICT (slot) DO UPDATE SET "
            "number = excluded.number, highest_id = excluded.highest_id, "
            "change = excluded.change, undone = 0",
            (newest + 1) % MAX_UNDO,
            newest + 1,
            max([self.highest_id(), *(task.id for task in change.after)]),
            dump_change(change),
        )

    def take_last(self) -> Change | None:
        """The newest change that was not undone, marked as undone; ``None`` when none is left."""
        rows = self._sql.rows(
            "SELECT slot, change FROM task_journal WHERE undone = 0 ORDER BY number DESC LIMIT 1"
        )
        if not rows:
            return None
        slot, text = rows[0]
        self._sql.run("UPDATE task_journal SET undone = 1 WHERE slot = ?", slot)
        return load_change(str(text))
