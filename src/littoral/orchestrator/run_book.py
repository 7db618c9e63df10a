"""The rows of runs, steps and approvals: they are the truth about every run.

Each thing is one row with its contents as JSON; columns beside it are only what is searched for.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from littoral.errors import InvalidInput, NotFound
from littoral.jsontext import dumps
from littoral.orchestrator.run import STATUSES, Approval, Run, RunInput, Step
from littoral.store.migrations import Schema
from littoral.store.sql import Sql, Value

RUN_BOOK_SCHEMA = Schema(
    name="run_book",
    steps=(
        "CREATE TABLE runs (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
        "status TEXT NOT NULL, active INTEGER NOT NULL, title TEXT NOT NULL, record TEXT NOT NULL)",
        "CREATE INDEX active_runs ON runs (number) WHERE active = 1",
        "CREATE TABLE steps (run_id TEXT NOT NULL, number INTEGER NOT NULL, record TEXT NOT NULL, "
        "PRIMARY KEY (run_id, number)) WITHOUT ROWID",
        "CREATE TABLE approvals (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
        "run_id TEXT NOT NULL, state TEXT NOT NULL, record TEXT NOT NULL)",
        "CREATE INDEX approvals_of_run ON approvals (run_id)",
        "CREATE INDEX waiting_approvals ON approvals (number) WHERE state = 'waiting'",
    ),
)
DRAFT = "draft"


class RunBook:
    """Reads and writes the rows of one owner. Writes belong into a transaction with their event."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    # --- runs ------------------------------------------------------------------------------------

    def find(self, run_id: str) -> Run | None:
        """The run, drafts included, or ``None``."""
        text = self._sql.value("SELECT record FROM runs WHERE id = ?", run_id)
        return None if text is None else _run(text)

    def get(self, run_id: str) -> Run:
        """The run; raises ``NotFound`` for none of this owner's, and for drafts."""
        run = self.find(run_id)
        if run is None or run.draft:
            raise NotFound(f"You have no run {run_id[:60]!r}.")
        return run

    def put(self, run: Run) -> None:
        """Writes a run, new or changed."""
        status = DRAFT if run.draft else run.status
        self._sql.run(
            "INSERT INTO runs (id, status, active, title, record) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET status = excluded.status, active = excluded.active, "
            "record = excluded.record",
            run.id,
            status,
            0 if run.ended else 1,
            run.title,
            dumps(asdict(run)),
        )

    def forget(self, run_id: str) -> None:
        """Deletes a run with its steps and approvals."""
        for table, column in (("runs", "id"), ("steps", "run_id"), ("approvals", "run_id")):
            self._sql.run(f"DELETE FROM {table} WHERE {column} = ?", run_id)

    def active(self) -> list[Run]:
        """Runs that have not ended, drafts included, oldest first."""
        rows = self._sql.rows("SELECT record FROM runs WHERE active = 1 ORDER BY number")
        return [_run(text) for (text,) in rows]

    def active_count(self) -> int:
        return int(self._sql.value("SELECT count(*) FROM runs WHERE active = 1") or 0)

    def ended_count(self) -> int:
        return int(self._sql.value("SELECT count(*) FROM runs WHERE active = 0") or 0)

    def oldest_ended(self, limit: int) -> list[str]:
        """Ids of the ended runs that were created first."""
        rows = self._sql.rows("SELECT id FROM runs WHERE active = 0 ORDER BY number LIMIT ?", limit)
        return [str(run_id) for (run_id,) in rows]

    def page(
        self, *, status: str | None, words: str, cursor: str | None, limit: int
    ) -> tuple[list[Run], str | None]:
        """Runs, newest first, and the cursor of the next page. Raises ``InvalidInput``."""
        if status is not None and status not in STATUSES:
            raise InvalidInput(f"status is {status[:40]!r}: use one of {', '.join(STATUSES)}.")
        before = 2**53 - 2 if cursor is None else _cursor(cursor)
        where, values = ["number < ?", "status <> 'draft'"], [before]
        if status is not None:
            where, values = [*where, "status = ?"], [*values, status]
        if words:
            pattern = "%" + "".join(f"\\{c}" if c in "%_\\" else c for c in words) + "%"
            where, values = [*where, "title LIKE ? ESCAPE '\\'"], [*values, pattern]
        rows = self._sql.rows(
            f"SELECT number, record FROM runs WHERE {' AND '.join(where)} "
            "ORDER BY number DESC LIMIT ?",
            *values,
            limit + 1,
        )
        more = str(rows[limit - 1][0]) if len(rows) > limit else None
        return [_run(text) for _, text in rows[:limit]], more

    # --- steps -----------------------------------------------------------------------------------

    def steps(self, run_id: str) -> list[Step]:
        rows = self._sql.rows("SELECT record FROM steps WHERE run_id = ? ORDER BY number", run_id)
        return [_step(text) for (text,) in rows]

    def step(self, run_id: str, index: int) -> Step:
        """One step; raises ``NotFound``."""
        text = self._sql.value(
            "SELECT record FROM steps WHERE run_id = ? AND number = ?", run_id, index
        )
        if text is None:
            raise NotFound(f"The run {run_id[:60]!r} has no step {index}.")
        return _step(text)

    def put_step(self, step: Step) -> None:
        self._sql.run(
            "INSERT OR REPLACE INTO steps VALUES (?, ?, ?)",
            step.run_id,
            step.index,
            dumps(asdict(step)),
        )

    # --- approvals -------------------------------------------------------------------------------

    def approvals(self, run_id: str) -> list[Approval]:
        rows = self._sql.rows(
            "SELECT record FROM approvals WHERE run_id = ? ORDER BY number", run_id
        )
        return [_approval(text) for (text,) in rows]

    def waiting_approvals(self) -> list[Approval]:
        """All questions of this owner that wait, oldest first."""
        rows = self._sql.rows(
            "SELECT record FROM approvals WHERE state = 'waiting' ORDER BY number"
        )
        return [_approval(text) for (text,) in rows]

    def put_approval(self, approval: Approval) -> None:
        self._sql.run(
            "INSERT INTO approvals (id, run_id, state, record) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET state = excluded.state, record = excluded.record",
            approval.id,
            approval.run_id,
            approval.state,
            dumps(asdict(approval)),
        )


def _run(text: Value) -> Run:
    raw = json.loads(str(text))
    asked = raw["input"]
    for name in ("commands", "network"):
        asked[name] = tuple(asked[name])
    artifacts = raw["artifacts"]
    return Run(
        **{
            **raw,
            "input": RunInput(**asked),
            "plan_tokens": tuple(raw["plan_tokens"]),
            "artifacts": None if artifacts is None else tuple(artifacts),
        }
    )


def _step(text: Value) -> Step:
    return Step(**json.loads(str(text)))


def _approval(text: Value) -> Approval:
    return Approval(**json.loads(str(text)))


def _cursor(text: str) -> Any:
    if not text.isdecimal() or len(text) > 15:
        raise InvalidInput("The cursor is not one that a list gave.")
    return int(text)
