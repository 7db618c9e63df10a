"""Calls of functions: run one and wait for it, queue one, replay one, only classify the words."""

from __future__ import annotations

import logging
from dataclasses import replace

from littoral.clock import Clock, Ids
from littoral.credits.prices import of_tokens
from littoral.credits.usage import Usage
from littoral.errors import Conflict, LittoralError
from littoral.functions.changes import JobChanges
from littoral.functions.charges import KIND, Charges
from littoral.functions.classification.classification import Classification
from littoral.functions.classification.classifier import Classifier
from littoral.functions.job import Job, JobInput
from littoral.functions.job_book import JobBook
from littoral.functions.starting import Starting, user_of
from littoral.functions.supervisor import Supervisor
from littoral.functions.working import Working, schema_words

_log = logging.getLogger(__name__)


class Calling:
    """What callers ask for; a repeated call with the same key is the same job."""

    def __init__(
        self,
        *,
        book: JobBook,
        starting: Starting,
        working: Working,
        changes: JobChanges,
        charges: Charges,
        classifier: Classifier,
        supervisor: Supervisor,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._book = book
        self._starting = starting
        self._working = working
        self._changes = changes
        self._charges = charges
        self._classifier = classifier
        self._supervisor = supervisor
        self._clock = clock
        self._ids = ids

    async def execute(self, asked: JobInput, payer: str, *, key: str | None) -> Job:
        """The job of a call: in sync mode at its end or when the time to wait is over."""
        job = await self._starting.start(asked, payer, key=key)
        if job.mode == "async":
            return await self._queued(job, asked)
        if job.to_do:
            self._working.begin(job.id)
            await self._working.wait(job.id, asked.wait_seconds)
        return self._book.get(job.id)

    async def replay(self, job_id: str, payer: str, *, key: str | None) -> Job:
        """The same call once more, as a job of its own, by the queue. Raises ``Conflict``."""
        known = self._book.get(job_id)
        if not known.ended:
            raise Conflict(f"The job is {known.status}; only one that has ended is replayed.")
        asked = replace(self._book.input(job_id), mode="async")
        job = await self._starting.start(asked, payer, key=key, replay_of=job_id)
        return await self._queued(job, asked)

    async def classify(self, asked: JobInput, payer: str) -> Classification:
        """What kind of function the words describe. Only a model with a price costs something."""
        known = self._classifier.at_once(
            asked.description, args=asked.args, schema=schema_words(asked), explicit=asked.type
        )
        if known is not None:
            return known
        amount = self._charges.asking()
        if not amount:
            return await self._ask(asked, self._ids.new("cls"))
        return await self._paid(asked, payer, amount)

    async def work(self, job_id: str) -> Job | None:
        """Works on a job for the queue and waits for the end of this try.

        ``None`` when there is no such job. A job whose next try is not due yet is left alone.
        """
        job = self._book.find(job_id)
        if job is None or job.draft:
            return None
        due = (job.next_try_at_ms or 0) <= self._clock.now_ms()
        if job.to_do and (due or self._working.works_on(job_id)):
            self._working.begin(job_id)
            await self._working.wait(job_id, 3_600)
        return self._book.find(job_id)

    async def _queued(self, job: Job, asked: JobInput) -> Job:
        """Sends a job that was not sent; what cannot be sent now is sent by the supervisor."""
        if not job.to_do or job.sends:
            return job
        if job.classification is None:
            found = self._classifier.at_once(
                asked.description, args=asked.args, schema=schema_words(asked), explicit=asked.type
            )
            if found is not None and found.type is not None:
                job = self._changes.classified(job.id, found)
        try:
            await self._supervisor.send(job)
        except LittoralError as error:
            _log.warning("a job could not be sent yet: %s", error.detail)
        return self._book.get(job.id)

    async def _paid(self, asked: JobInput, payer: str, amount: int) -> Classification:
        ref = self._ids.new("cls")
        await self._charges.open(ref, user_of(payer), amount)
        usage = None
        begun = self._clock.now_ms()
        try:
            found = await self._ask(asked, ref)
            used = found.usage
            usage = Usage(
                kind=KIND,
                model=found.model,
                input_tokens=used.input_tokens,
                output_tokens=used.output_tokens,
                cost=of_tokens(found.model, used.input_tokens, used.output_tokens),
                latency_ms=max(0, self._clock.now_ms() - begun),
                at_ms=self._clock.now_ms(),
            )
            return found
        finally:
            self._charges.decide(ref, usage)
            await self._working.close_charge(ref)

    async def _ask(self, asked: JobInput, affinity: str) -> Classification:
        return await self._classifier.classify(
            asked.description, args=asked.args, schema=schema_words(asked), affinity=affinity
        )
