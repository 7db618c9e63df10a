"""Numbered events of each job: from 1, without a gap, for as long as the job is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from littoral.clock import Clock, iso
from littoral.functions.job import JobEvent
from littoral.jsontext import dumps
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

JOB_EVENTS_SCHEMA = Schema(
    name="function_job_events",
    steps=(
        "CREATE TABLE function_job_events (job_id TEXT NOT NULL, number INTEGER NOT NULL, "
        "at_ms INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, "
        "PRIMARY KEY (job_id, number)) WITHOUT ROWID",
    ),
)
MAX_PAGE = 500
SHOWN_PROGRESS = 50


@dataclass(frozen=True, kw_only=True)
class Event:
    """One fact about one job."""

    number: int
    type: str
    data: dict[str, Any]
    at_ms: int

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "type": self.type,
            "at": iso(self.at_ms),
            "data": self.data,
        }


class JobEvents:
    """Appends and reads the events of all jobs of one owner."""

    def __init__(self, sql: Sql, clock: Clock) -> None:
        self._sql = sql
        self._clock = clock

    def append(self, job_id: str, event_type: JobEvent, data: dict[str, Any]) -> None:
        """Writes the next event of a job. Call it inside the transaction of the change."""
        self._sql.run(
            "INSERT INTO function_job_events VALUES (?, ?, ?, ?, ?)",
            job_id,
            self.last(job_id) + 1,
            self._clock.now_ms(),
            event_type,
            dumps(data),
        )

    def last(self, job_id: str) -> int:
        """Number of the newest event, 0 when there is none."""
        found = self._sql.value(
            "SELECT max(number) FROM function_job_events WHERE job_id = ?", job_id
        )
        return int(found or 0)

    def since(self, job_id: str, number: int, limit: int = 200) -> list[Event]:
        """Events after ``number``, oldest first."""
        rows = self._sql.rows(
            "SELECT number, type, data, at_ms FROM function_job_events "
            "WHERE job_id = ? AND number > ? ORDER BY number LIMIT ?",
            job_id,
            number,
            max(1, min(limit, MAX_PAGE)),
        )
        return [_event(*row) for row in rows]

    def progress(self, job_id: str) -> list[dict[str, Any]]:
        """What the job has been busy with, oldest first, the newest fifty."""
        rows = self._sql.rows(
            "SELECT number, type, data, at_ms FROM function_job_events "
            "WHERE job_id = ? AND type = 'job.progress' ORDER BY number DESC LIMIT ?",
            job_id,
            SHOWN_PROGRESS,
        )
        found = [_event(*row) for row in reversed(rows)]
        return [{"at": iso(each.at_ms), "text": each.data.get("text", "")} for each in found]

    def forget(self, job_id: str) -> None:
        self._sql.run("DELETE FROM function_job_events WHERE job_id = ?", job_id)


def _event(number: Any, event_type: Any, data: Any, at_ms: Any) -> Event:
    return Event(number=int(number), type=str(event_type), data=json.loads(data), at_ms=int(at_ms))
