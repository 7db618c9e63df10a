"""What the object wrote down of its sandbox and of every command: the truth after any loss.

A command's row is written before the daemon hears of it, with the daemon's boot id. When a daemon
with another boot id does not know the command, it was lost with the former one and may have run:
it is told as unknown and never started again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from littoral.sandbox.command import Command, Description
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

SANDBOX_SCHEMA = Schema(
    name="sandbox",
    steps=(
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE commands (exec_id TEXT PRIMARY KEY, asked TEXT NOT NULL, "
        "boot TEXT NOT NULL, known TEXT NOT NULL, run_id TEXT NOT NULL DEFAULT '', "
        "reported_seq INTEGER NOT NULL DEFAULT 0, is_open INTEGER NOT NULL, "
        "asked_at_ms INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE INDEX commands_open ON commands (is_open)",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Record:
    """One command. ``is_open`` until its end was taken by whoever is told of it."""

    exec_id: str
    command: Command
    boot: str
    description: Description
    run_id: str
    reported_seq: int
    is_open: bool


class Records:
    """The tables of one sandbox object."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def fact(self, name: str) -> Any:
        """A remembered value, ``None`` when there is none."""
        text = self._sql.value("SELECT value FROM facts WHERE name = ?", name)
        return None if text is None else json.loads(str(text))

    def remember(self, name: str, value: Any) -> None:
        self._sql.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, json.dumps(value))

    def add(self, command: Command, *, boot: str, run_id: str, at_ms: int) -> Record:
        """Writes the intention to start; the id is new."""
        known = Description(exec_id=command.exec_id, state="running", started_at_ms=at_ms)
        self._sql.run(
            "INSERT INTO commands (exec_id, asked, boot, known, run_id, is_open, asked_at_ms) "
            "VALUES (?, ?, ?, ?, ?, 1, ?)",
            command.exec_id,
            json.dumps(command.to_json()),
            boot,
            json.dumps(known.to_json()),
            run_id,
            at_ms,
        )
        found = self.find(command.exec_id)
        assert found is not None
        return found

    def find(self, exec_id: str) -> Record | None:
        rows = self._select("WHERE exec_id = ?", exec_id)
        return rows[0] if rows else None

    def open(self) -> list[Record]:
        """Commands whose end nobody took yet, oldest first."""
        return self._select("WHERE is_open = 1 ORDER BY asked_at_ms, exec_id")

    def follow(self, exec_id: str, *, run_id: str, since_seq: int) -> None:
        """Names who is told, and from which chunk on; the end is told once more."""
        self._sql.run(
            "UPDATE commands SET run_id = ?, reported_seq = ?, is_open = 1 WHERE exec_id = ?",
            run_id,
            since_seq,
            exec_id,
        )

    def describe(self, exec_id: str, description: Description) -> None:
        """Keeps what is known now; an end that is known is never overwritten."""
        self._sql.run(
            "UPDATE commands SET known = ? WHERE exec_id = ? AND "
            "json_extract(known, '$.state') = 'running'",
            json.dumps(description.to_json()),
            exec_id,
        )

    def reported(self, exec_id: str, seq: int) -> None:
        """Chunks up to ``seq`` were taken."""
        self._sql.run(
            "UPDATE commands SET reported_seq = max(reported_seq, ?) WHERE exec_id = ?",
            seq,
            exec_id,
        )

    def close(self, exec_id: str) -> None:
        """Its end was taken; nobody follows it any more."""
        self._sql.run("UPDATE commands SET is_open = 0 WHERE exec_id = ?", exec_id)

    def _select(self, rest: str, *values: str) -> list[Record]:
        rows = self._sql.rows(
            "SELECT exec_id, asked, boot, known, run_id, reported_seq, is_open FROM commands "
            + rest,
            *values,
        )
        return [_record(*row) for row in rows]


def _record(
    exec_id: Any, asked: Any, boot: Any, known: Any, run_id: Any, reported: Any, is_open: Any
) -> Record:
    return Record(
        exec_id=str(exec_id),
        command=Command.read(json.loads(asked)),
        boot=str(boot),
        description=Description.from_json(json.loads(known)),
        run_id=str(run_id),
        reported_seq=int(reported),
        is_open=bool(is_open),
    )
