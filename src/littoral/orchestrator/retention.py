"""How long what happened is kept: output first goes by age and size, whole runs by number."""

from __future__ import annotations

from functools import partial

from littoral.clock import Clock
from littoral.orchestrator import limits
from littoral.orchestrator.run_book import RunBook
from littoral.orchestrator.run_events import RunEvents
from littoral.store.jobs import Job
from littoral.store.sql import Sql

JOB = "retention"
EVERY_MS = 24 * 3600 * 1000
BATCH = 50


class Retention:
    """One look a day; each lets go of a bounded number of runs."""

    def __init__(self, sql: Sql, book: RunBook, events: RunEvents, clock: Clock) -> None:
        self._sql = sql
        self._book = book
        self._events = events
        self._clock = clock

    async def on_job(self, _job: Job) -> None:
        """Lets go of what is too much. Repeating is safe."""
        self.forget_runs()
        self.forget_output()

    def forget_runs(self) -> int:
        """The oldest ended runs beyond ``KEPT_RUNS``; how many."""
        surplus = self._book.ended_count() - limits.KEPT_RUNS
        oldest = self._book.oldest_ended(min(surplus, BATCH)) if surplus > 0 else []
        for run_id in oldest:
            self._sql.transaction(partial(self._forget, run_id))
        return len(oldest)

    def _forget(self, run_id: str) -> None:
        self._events.forget(run_id)
        self._book.forget(run_id)

    def forget_output(self) -> int:
        """Output of ended runs that is too old, or too much in all; of how many runs."""
        old = self._clock.now_ms() - limits.OLD_OUTPUT_MS
        rows = self._sql.rows(
            "SELECT e.run_id, max(e.at_ms), sum(length(e.data)) FROM run_events AS e "
            "JOIN runs AS r ON r.id = e.run_id WHERE r.active = 0 AND e.type = 'step.output' "
            "AND json_extract(e.data, '$.letGo') IS NULL GROUP BY e.run_id ORDER BY r.number DESC"
        )
        kept, gone = 0, 0
        for run_id, at_ms, size in rows:
            kept += int(size or 0)
            if kept > limits.KEPT_OUTPUT_BYTES or int(at_ms or 0) < old:
                self._events.let_output_go(str(run_id))
                gone += 1
        return gone
