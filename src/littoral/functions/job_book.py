"""The rows of jobs: they are the truth about every job.

A job is one small row with its contents as JSON. What may be long (the input, the result, what was
written) lies beside it in rows of their own, written once each.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from littoral.errors import InvalidInput, NotFound
from littoral.functions.function_type import FUNCTION_TYPES
from littoral.functions.job import JOB_STATUSES, Example, Job, JobInput
from littoral.jsontext import dumps
from littoral.store.migrations import Schema
from littoral.store.sql import Sql, Value

JOB_BOOK_SCHEMA = Schema(
    name="function_jobs",
    steps=(
        "CREATE TABLE function_jobs (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
        "status TEXT NOT NULL, type TEXT NOT NULL, active INTEGER NOT NULL, "
        "dead INTEGER NOT NULL, description TEXT NOT NULL, record TEXT NOT NULL)",
        "CREATE INDEX active_function_jobs ON function_jobs (number) WHERE active = 1",
        "CREATE TABLE function_job_parts (job_id TEXT NOT NULL, part TEXT NOT NULL, "
        "value TEXT NOT NULL, PRIMARY KEY (job_id, part)) WITHOUT ROWID",
    ),
)
DRAFT = "draft"
_UPSERT = (
    "INSERT INTO function_jobs (id, status, type, active, dead, description, record) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET status = excluded.status, "
    "type = excluded.type, active = excluded.active, dead = excluded.dead, "
    "record = excluded.record"
)


class JobBook:
    """Reads and writes the rows of one owner. Writes belong into a transaction with their event."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def find(self, job_id: str) -> Job | None:
        """The job, drafts included, or ``None``."""
        text = self._sql.value("SELECT record FROM function_jobs WHERE id = ?", job_id)
        return None if text is None else _job(text)

    def get(self, job_id: str) -> Job:
        """The job; raises ``NotFound`` for none of this owner's, and for drafts."""
        job = self.find(job_id)
        if job is None or job.draft:
            raise NotFound(f"You have no job {job_id[:60]!r}.")
        return job

    def put(self, job: Job) -> None:
        """Writes a job, new or changed."""
        self._sql.run(
            _UPSERT,
            job.id,
            DRAFT if job.draft else job.status,
            job.type or "",
            0 if job.ended else 1,
            1 if job.dead_letter else 0,
            job.description,
            dumps(asdict(job)),
        )

    def forget(self, job_id: str) -> None:
        """Deletes a job with its parts."""
        self._sql.run("DELETE FROM function_jobs WHERE id = ?", job_id)
        self._sql.run("DELETE FROM function_job_parts WHERE job_id = ?", job_id)

    def active(self) -> list[Job]:
        """Jobs that have not ended, drafts included, oldest first."""
        rows = self._sql.rows("SELECT record FROM function_jobs WHERE active = 1 ORDER BY number")
        return [_job(text) for (text,) in rows]

    def active_count(self) -> int:
        return int(self._sql.value("SELECT count(*) FROM function_jobs WHERE active = 1") or 0)

    def ended_count(self) -> int:
        return int(self._sql.value("SELECT count(*) FROM function_jobs WHERE active = 0") or 0)

    def oldest_ended(self, limit: int) -> list[str]:
        """Ids of the ended jobs that were created first."""
        rows = self._sql.rows(
            "SELECT id FROM function_jobs WHERE active = 0 ORDER BY number LIMIT ?", limit
        )
        return [str(job_id) for (job_id,) in rows]

    # --- long parts ------------------------------------------------------------------------------

    def put_part(self, job_id: str, part: str, value: Any) -> None:
        """Keeps a JSON value beside the job; the last one written stays."""
        self._sql.run(
            "INSERT OR REPLACE INTO function_job_parts VALUES (?, ?, ?)", job_id, part, dumps(value)
        )

    def part(self, job_id: str, part: str) -> Any:
        """The value, ``None`` when there is none."""
        text = self._sql.value(
            "SELECT value FROM function_job_parts WHERE job_id = ? AND part = ?", job_id, part
        )
        return None if text is None else json.loads(str(text))

    def put_input(self, job_id: str, asked: JobInput) -> None:
        self.put_part(job_id, "input", asdict(asked))

    def input(self, job_id: str) -> JobInput:
        """What was asked for; raises ``NotFound``."""
        raw = self.part(job_id, "input")
        if raw is None:
            raise NotFound(f"You have no job {job_id[:60]!r}.")
        examples = tuple(Example(**each) for each in raw["examples"])
        return JobInput(**{**raw, "examples": examples, "network": tuple(raw["network"])})

    # --- lists -----------------------------------------------------------------------------------

    def page(
        self,
        *,
        status: str | None,
        kind: str | None,
        dead: bool | None,
        words: str,
        cursor: str | None,
        limit: int,
    ) -> tuple[list[Job], str | None]:
        """Jobs, newest first, and the cursor of the next page. Raises ``InvalidInput``."""
        where, values = ["number < ?", "status <> 'draft'"], [_cursor(cursor)]
        if status is not None:
            where, values = [*where, "status = ?"], [*values, _one_of(status, JOB_STATUSES)]
        if kind is not None:
            where, values = [*where, "type = ?"], [*values, _one_of(kind, FUNCTION_TYPES)]
        if dead is not None:
            where, values = [*where, "dead = ?"], [*values, 1 if dead else 0]
        if words:
            pattern = "%" + "".join(f"\\{c}" if c in "%_\\" else c for c in words) + "%"
            where, values = [*where, "description LIKE ? ESCAPE '\\'"], [*values, pattern]
        rows = self._sql.rows(
            f"SELECT number, record FROM function_jobs WHERE {' AND '.join(where)} "
            "ORDER BY number DESC LIMIT ?",
            *values,
            limit + 1,
        )
        more = str(rows[limit - 1][0]) if len(rows) > limit else None
        return [_job(text) for _, text in rows[:limit]], more


def _job(text: Value) -> Job:
    raw = json.loads(str(text))
    return Job(**{**raw, "parts": tuple(raw["parts"])})


def _one_of(value: str, known: tuple[str, ...]) -> Any:
    if value not in known:
        raise InvalidInput(f"{value[:40]!r} is none of {', '.join(known)}.")
    return value


def _cursor(text: str | None) -> Any:
    if text is None:
        return 2**53 - 2
    if not text.isdecimal() or len(text) > 15:
        raise InvalidInput("The cursor is not one that a list gave.")
    return int(text)
