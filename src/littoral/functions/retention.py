"""How many ended jobs are kept: the newest ones."""

from __future__ import annotations

from functools import partial

from littoral.functions import job_limits
from littoral.functions.human_task import HumanTasks
from littoral.functions.job_book import JobBook
from littoral.functions.job_events import JobEvents
from littoral.store.jobs import Job as LaterWork
from littoral.store.sql import Sql

JOB = "retention"
EVERY_MS = 24 * 3600 * 1000
BATCH = 100


class Retention:
    """One look a day; each lets go of a bounded number of jobs."""

    def __init__(self, sql: Sql, book: JobBook, events: JobEvents, tasks: HumanTasks) -> None:
        self._sql = sql
        self._book = book
        self._events = events
        self._tasks = tasks

    async def on_job(self, _job: LaterWork) -> None:
        """Lets go of what is too much. Repeating is safe."""
        surplus = self._book.ended_count() - job_limits.KEPT_JOBS
        for job_id in self._book.oldest_ended(min(surplus, BATCH)) if surplus > 0 else ():
            self._sql.transaction(partial(self._forget, job_id))

    def _forget(self, job_id: str) -> None:
        self._events.forget(job_id)
        self._tasks.forget_job(job_id)
        self._book.forget(job_id)
