"""Looks at every job that has not ended: what a kill left lying is begun again, or given up.

A queue may lose a message in a local crash, and a try may be cut off with the object's memory; the
rows know what is missing. Messages that come twice do no harm.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from littoral.clock import Clock
from littoral.errors import LittoralError
from littoral.functions import job_limits
from littoral.functions.building import BuildFollowing
from littoral.functions.changes import JobChanges
from littoral.functions.charges import Charges
from littoral.functions.desk import JobDesk
from littoral.functions.job import Job
from littoral.functions.job_book import JobBook
from littoral.functions.ports import Queue
from littoral.functions.starting import Starting
from littoral.functions.working import Working

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SupervisorParts:
    """What a look needs."""

    owner: str
    book: JobBook
    changes: JobChanges
    charges: Charges
    working: Working
    starting: Starting
    desk: JobDesk
    following: BuildFollowing
    queue: Queue
    clock: Clock


class Supervisor:
    """One look at a time."""

    def __init__(self, parts: SupervisorParts) -> None:
        self._parts = parts

    async def look(self) -> None:
        """Looks at all jobs. One that fails does not keep the others from it."""
        parts = self._parts
        parts.desk.look_at_tasks()
        for job in parts.book.active():
            try:
                await self._look(job)
            except LittoralError as error:
                _log.warning("a job could not be looked after: %s", error.detail)
        for ref in parts.charges.abandoned():
            parts.charges.decide(ref, None)
        for ref in parts.charges.decided():
            await parts.working.close_charge(ref)

    def next_look_ms(self) -> int | None:
        """When to look again; ``None`` while nothing is to be done."""
        now = self._parts.clock.now_ms()
        jobs = self._parts.book.active()
        times = [each.next_try_at_ms or now for each in jobs if _follows(each)]
        if self._parts.charges.any_open() or any(each.to_do or each.draft for each in jobs):
            times.append(now + job_limits.SUPERVISE_MS)
        task_ms = self._parts.desk.next_task_ms()
        if task_ms is not None:
            times.append(task_ms)
        return min(times, default=None)

    async def send(self, job: Job) -> None:
        """Puts a job into the queue; the row says so first, so that nobody waits in vain."""
        self._parts.changes.sent(job.id)
        await self._parts.queue.send(self._parts.owner, job.id, trace=job.trace)

    async def _look(self, job: Job) -> None:
        parts = self._parts
        if job.draft:
            await self._sweep(job)
        elif _follows(job):
            if (job.next_try_at_ms or 0) <= parts.clock.now_ms():
                await parts.following.look(job)
                await parts.working.close_charge(job.id)
        elif job.to_do and not parts.working.works_on(job.id):
            await self._begin_again(job)

    async def _begin_again(self, job: Job) -> None:
        now = self._parts.clock.now_ms()
        if job.attempts >= job_limits.MAX_ATTEMPTS:
            if now >= (job.next_try_at_ms or job.sent_at_ms or 0) + job_limits.DEAD_LETTER_MS:
                await self.dead(job.id)
        elif job.mode == "sync":
            self._parts.working.begin(job.id)
        elif now >= _send_at_ms(job):
            await self.send(job)

    async def dead(self, job_id: str) -> Job:
        """Every try of the job was used up, or nobody could be told of it any more."""
        parts = self._parts
        job = parts.book.get(job_id)
        if job.to_do and not parts.working.works_on(job_id):
            job = parts.changes.failed(job_id, job.error or _worn_out(job), dead=True)
            await parts.working.close_charge(job_id)
        return job

    async def _sweep(self, job: Job) -> None:
        """Whoever asked for it got no answer and did not ask again."""
        parts = self._parts
        age = parts.clock.now_ms() - job.created_at_ms
        if job.id in parts.starting.reserving or age <= job_limits.DRAFT_MS:
            return
        parts.starting.sweeping.add(job.id)
        try:
            parts.charges.decide(job.id, None)
            await parts.charges.close(job.id)
            parts.book.forget(job.id)
        finally:
            parts.starting.sweeping.discard(job.id)


def _follows(job: Job) -> bool:
    return job.status == "waiting" and job.session_id is not None


def _send_at_ms(job: Job) -> int:
    """When a message of a job is not waited for any longer."""
    if job.sent_at_ms is None:
        return 0
    patience = job_limits.RESEND_MS[min(job.sends, len(job_limits.RESEND_MS)) - 1]
    return max(job.sent_at_ms, job.next_try_at_ms or 0) + patience


def _worn_out(job: Job) -> dict[str, str]:
    return {
        "code": "internal_error",
        "message": f"The job was begun {job.attempts} times and cut off each time.",
        "nextStep": "Replay it; if that fails again, report the job's id.",
    }
