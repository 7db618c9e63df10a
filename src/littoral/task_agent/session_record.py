"""What an agent object knows of its own session: one row.

The row is written when the session begins, when its title changes, and when the directory of its
owner has to be told that something is new. A plain turn does not touch it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from littoral.jsontext import dumps
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

SESSION_SCHEMA = Schema(
    name="session",
    steps=("CREATE TABLE session (id INTEGER PRIMARY KEY CHECK (id = 1), record TEXT NOT NULL)",),
)


@dataclass(frozen=True, kw_only=True)
class SessionRecord:
    """``title`` empty: not named yet. ``named``: a person chose the title.

    ``claimed``: somebody with the owner's cookie was here, so the id alone opens nothing any more.
    ``of_account``: the owner made an account of their chats, so the guest's cookie opens nothing.
    ``dirty``: the directory has been told that there is something to fetch. ``indexed``: number of
    the last turn that the directory has fetched.
    """

    session_id: str
    owner: str
    created_at_ms: int
    updated_at_ms: int
    title: str = ""
    named: bool = False
    claimed: bool = False
    of_account: bool = False
    dirty: bool = False
    indexed: int = 0


class SessionStore:
    """Reads the row once and keeps it."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql
        self._record: SessionRecord | None = None
        self._read = False

    def get(self) -> SessionRecord | None:
        """The record, or ``None`` when the session was never begun."""
        if not self._read:
            text = self._sql.value("SELECT record FROM session")
            self._record = SessionRecord(**json.loads(str(text))) if text is not None else None
            self._read = True
        return self._record

    def put(self, record: SessionRecord) -> None:
        """Writes the record (one row)."""
        self._sql.run("INSERT OR REPLACE INTO session VALUES (1, ?)", dumps(asdict(record)))
        self._record = record
        self._read = True

    def change(self, **fields: Any) -> None:
        """Writes what differs; nothing when nothing does or when there is no record."""
        record = self.get()
        if record is None:
            return
        changed = replace(record, **fields)
        if changed != record:
            self.put(changed)

    def forget(self) -> None:
        """Drops what is in memory (the rows were erased)."""
        self._record = None
        self._read = False
