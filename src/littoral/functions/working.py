"""Works on jobs: finds out the type, lets the maker of that type do it, writes what came of it.

One try of one job is one task in memory. It may be cut off anywhere: the row says that a try began,
and the supervisor or the queue begins another one. What a try does is safe to do again: code has no
effects, builds and human tasks are named after the job.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from littoral.clock import Clock
from littoral.errors import DeadlineExceeded, LittoralError, problem
from littoral.functions import job_limits
from littoral.functions.changes import JobChanges
from littoral.functions.charges import Charges
from littoral.functions.classification.classification import Classification
from littoral.functions.classification.classifier import Classifier
from littoral.functions.function_type import FunctionType
from littoral.functions.human_asking import task_of
from littoral.functions.job import Job, JobInput, Made
from littoral.functions.job_book import JobBook
from littoral.functions.ports import Maker

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class WorkingParts:
    """``jitter`` gives a number from 0 to 1; ``fault`` takes what should not have happened."""

    book: JobBook
    changes: JobChanges
    charges: Charges
    classifier: Classifier
    makers: Mapping[FunctionType, Maker]
    clock: Clock
    jitter: Callable[[], float]
    fault: Callable[[BaseException, str], None]


class Working:
    """Everything that is being worked on for one owner."""

    def __init__(self, parts: WorkingParts) -> None:
        self._parts = parts
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(job_limits.WORKING_AT_ONCE)

    def works_on(self, job_id: str) -> bool:
        """Whether a try of this job is in memory."""
        return job_id in self._tasks

    def begin(self, job_id: str) -> None:
        """Begins a try of the job, if none is going on."""
        if job_id not in self._tasks:
            task = asyncio.get_running_loop().create_task(self._run(job_id))
            self._tasks[job_id] = task
            task.add_done_callback(lambda ended: self._ended(job_id, ended))

    async def wait(self, job_id: str, seconds: float) -> None:
        """Returns when the try that is going on has ended, or after so many seconds."""
        task = self._tasks.get(job_id)
        if task is not None:
            await asyncio.wait({task}, timeout=seconds)

    def _ended(self, job_id: str, task: asyncio.Task[None]) -> None:
        self._tasks.pop(job_id, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._parts.fault(error, "job")

    def stop(self, job_id: str) -> None:
        """Cuts the try off; the row has to say first why."""
        task = self._tasks.get(job_id)
        if task is not None:
            task.cancel()

    def tasks(self) -> list[asyncio.Task[None]]:
        """All tries that are in memory."""
        return list(self._tasks.values())

    # --- one try ---------------------------------------------------------------------------------

    async def _run(self, job_id: str) -> None:
        async with self._room:
            job = self._parts.changes.begun(job_id)
            if job is not None:
                await self._try(job)
        await self.close_charge(job_id)

    async def _try(self, job: Job) -> None:
        try:
            async with asyncio.timeout(job_limits.ATTEMPT_SECONDS):
                await self._make(job)
        except TimeoutError:
            seconds = job_limits.ATTEMPT_SECONDS
            self._went_wrong(job, DeadlineExceeded(f"One try took more than {seconds} seconds."))
        except LittoralError as error:
            self._went_wrong(job, error)
        except Exception as error:  # noqa: BLE001 - a fault is told as a failed try
            self._parts.fault(error, "job")
            self._went_wrong(job, error)

    async def _make(self, job: Job) -> None:
        parts = self._parts
        asked = parts.book.input(job.id)
        if job.type is None or job.classification is None:
            found = await parts.classifier.classify(
                asked.description,
                args=asked.args,
                schema=schema_words(asked),
                explicit=asked.type,
                affinity=job.id,
            )
            job = parts.changes.classified(job.id, found)
            if job.type is None:
                parts.changes.failed(job.id, unclear(found))
                return
        maker = parts.makers[job.type]
        made = await maker.make(job, asked, lambda text: parts.changes.progress(job.id, text))
        self._write(job, made)

    def _write(self, job: Job, made: Made) -> None:
        changes = self._parts.changes
        if made.error is not None:
            changes.failed(job.id, made.error, made)
        elif made.session_id is not None:
            changes.waits_for_build(job.id, made)
        elif made.task is not None:
            asked = self._parts.book.input(job.id)
            changes.waits_for_person(job.id, made, task_of(job, asked, self._parts.clock.now_ms()))
        else:
            changes.completed(job.id, made)

    def _went_wrong(self, job: Job, error: BaseException) -> None:
        """Another try where that may help; in sync mode somebody waits, so there is none."""
        told = error_json(error)
        retryable = not isinstance(error, LittoralError) or error.retryable
        if job.mode == "sync" or not retryable:
            self._parts.changes.failed(job.id, told)
            return
        if job.attempts >= job_limits.MAX_ATTEMPTS:
            self._parts.changes.again(job.id, told, 0)
            return  # The queue moves it to the dead letters; else the supervisor does.
        seconds = job_limits.RETRY_SECONDS[min(job.attempts, len(job_limits.RETRY_SECONDS)) - 1]
        delay = int(seconds * 1000 * (1 + 0.5 * self._parts.jitter()))
        self._parts.changes.again(job.id, told, delay)

    async def close_charge(self, ref: str) -> None:
        """Settles what is decided. When the ledger does not answer, the supervisor tries again."""
        try:
            charged = await self._parts.charges.close(ref)
        except LittoralError as error:
            _log.warning("a function could not be settled yet: %s", error.detail)
            return
        if charged is not None:
            self._parts.changes.settled(ref, charged)


def error_json(error: BaseException) -> dict[str, Any]:
    """What a job keeps of an error."""
    body = problem(error)
    kept = {"code": body["code"], "message": body["detail"], "nextStep": body["nextStep"]}
    if body.get("errors"):
        kept["fields"] = body["errors"]
    return kept


def schema_words(asked: JobInput) -> Mapping[str, Any] | None:
    """The schema as the classifier looks at it."""
    return asked.schema if isinstance(asked.schema, Mapping) else None


def unclear(found: Classification) -> dict[str, Any]:
    """The error of words whose type is not clear enough; with what they may mean, best first."""
    return {
        "code": "needs_clarification",
        "message": f"It is not clear enough what kind of function this is. {found.reasoning}",
        "nextStep": "Say more about what the result should be, or choose one with options.type.",
        "alternatives": [each.to_json() for each in found.alternatives],
    }
