"""Work that an agent does later: one table of jobs, and the time of the one alarm derived from it.

A job has a name; scheduling the same name again moves the job instead of doubling it. A handler
that raises is tried again with growing delays and given up after ``MAX_ATTEMPTS``. All jobs of one
agent together run at most ``per_hour`` times an hour: the surplus waits for the next hour, so that
a job which keeps scheduling itself cannot run up a bill.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from littoral.clock import Clock
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

JOBS_SCHEMA = Schema(
    name="jobs",
    steps=(
        "CREATE TABLE jobs (name TEXT PRIMARY KEY, kind TEXT NOT NULL, due_at_ms INTEGER NOT NULL, "
        "payload TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID",
        "CREATE TABLE job_hours (hour INTEGER PRIMARY KEY, runs INTEGER NOT NULL)",
    ),
)

MAX_ATTEMPTS = 5
RETRY_DELAYS_MS = (2_000, 10_000, 60_000, 300_000)
HOUR_MS = 3_600_000
BATCH = 25

Handler = Callable[["Job"], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Job:
    """One piece of later work. ``payload`` is a JSON object; ``attempts`` counts failed tries."""

    name: str
    kind: str
    due_at_ms: int
    payload: dict[str, Any]
    attempts: int = 0


@dataclass(frozen=True, kw_only=True)
class JobFailure:
    """A try that failed; ``given_up`` when it was the last one."""

    job: Job
    error: Exception
    given_up: bool


class Jobs:
    """The job table of one agent."""

    def __init__(self, sql: Sql, clock: Clock, *, per_hour: int) -> None:
        self._sql = sql
        self._clock = clock
        self._per_hour = per_hour
        self._earliest: int | None = None
        self._earliest_known = False
        self._runs: tuple[int, int] | None = None  # of the last hour that was asked for

    def schedule(self, name: str, kind: str, due_at_ms: int, payload: Mapping[str, Any]) -> None:
        """Plans a job, or moves the one of this name. Repeating is safe (one row)."""
        self._earliest_known = False
        self._sql.run(
            "INSERT OR REPLACE INTO jobs (name, kind, due_at_ms, payload, attempts) "
            "VALUES (?, ?, ?, ?, 0)",
            name,
            kind,
            due_at_ms,
            json.dumps(dict(payload), separators=(",", ":")),
        )

    def cancel(self, name: str) -> None:
        """Forgets the job of this name, if there is one."""
        self._earliest_known = False
        self._sql.run("DELETE FROM jobs WHERE name = ?", name)

    def named(self, prefix: str) -> list[Job]:
        """Planned jobs whose names begin with ``prefix``, by time."""
        rows = self._sql.rows(
            "SELECT name, kind, due_at_ms, payload, attempts FROM jobs "
            "WHERE substr(name, 1, ?) = ? ORDER BY due_at_ms, name",
            len(prefix),
            prefix,
        )
        return [_job(*row) for row in rows]

    def next_due_at_ms(self) -> int | None:
        """When the alarm has to ring for the jobs, or ``None`` when nothing is planned.

        Asked in every turn: it costs no query as long as no job was planned, moved or run.
        """
        if not self._earliest_known:
            due = self._sql.value("SELECT min(due_at_ms) FROM jobs")
            self._earliest = int(due) if due is not None else None
            self._earliest_known = True
        if self._earliest is None:
            return None
        return max(self._earliest, self._open_again_at_ms())

    async def run_due(self, handlers: Mapping[str, Handler]) -> list[JobFailure]:
        """Runs what is due, oldest first, at most ``BATCH``; gives the tries that failed.

        The handler runs first and the row goes away afterwards: a kill in between runs the job
        again, so a handler must be safe to repeat (write its effect and a mark in one transaction).
        """
        failures: list[JobFailure] = []
        for job in self._due():
            if not self._may_run():
                break
            failure = await self._run(job, handlers.get(job.kind))
            if failure is not None:
                failures.append(failure)
        self._earliest_known = False
        return failures

    def _due(self) -> list[Job]:
        rows = self._sql.rows(
            "SELECT name, kind, due_at_ms, payload, attempts FROM jobs WHERE due_at_ms <= ? "
            "ORDER BY due_at_ms, name LIMIT ?",
            self._clock.now_ms(),
            BATCH,
        )
        return [_job(*row) for row in rows]

    async def _run(self, job: Job, handler: Handler | None) -> JobFailure | None:
        try:
            if handler is None:
                raise LookupError(f"no handler for jobs of kind {job.kind!r}")
            await handler(job)
        except Exception as error:  # noqa: BLE001 - any failure of a job is kept and retried
            return self._failed(job, error)
        # The handler may have planned the same name anew: only the run that was due goes away.
        self._sql.run("DELETE FROM jobs WHERE name = ? AND due_at_ms = ?", job.name, job.due_at_ms)
        return None

    def _failed(self, job: Job, error: Exception) -> JobFailure:
        attempts = job.attempts + 1
        if attempts >= MAX_ATTEMPTS:
            self.cancel(job.name)
            return JobFailure(job=job, error=error, given_up=True)
        self._sql.run(
            "UPDATE jobs SET attempts = ?, due_at_ms = ? WHERE name = ? AND due_at_ms = ?",
            attempts,
            self._clock.now_ms() + RETRY_DELAYS_MS[attempts - 1],
            job.name,
            job.due_at_ms,
        )
        return JobFailure(job=job, error=error, given_up=False)

    def _may_run(self) -> bool:
        """Counts one run against this hour; false when the hour is used up."""
        hour = self._clock.now_ms() // HOUR_MS
        if self._runs_in(hour) >= self._per_hour:
            return False
        self._sql.run("DELETE FROM job_hours WHERE hour < ?", hour)
        self._runs = None
        self._sql.run(
            "INSERT INTO job_hours VALUES (?, 1) ON CONFLICT (hour) DO UPDATE SET runs = runs + 1",
            hour,
        )
        return True

    def _open_again_at_ms(self) -> int:
        hour = self._clock.now_ms() // HOUR_MS
        return (hour + 1) * HOUR_MS if self._runs_in(hour) >= self._per_hour else 0

    def _runs_in(self, hour: int) -> int:
        if self._runs is None or self._runs[0] != hour:
            found = self._sql.value("SELECT runs FROM job_hours WHERE hour = ?", hour)
            self._runs = hour, int(found or 0)
        return self._runs[1]


def _job(name: Any, kind: Any, due_at_ms: Any, payload: Any, attempts: Any) -> Job:
    return Job(
        name=str(name),
        kind=str(kind),
        due_at_ms=int(due_at_ms),
        payload=json.loads(payload),
        attempts=int(attempts),
    )
