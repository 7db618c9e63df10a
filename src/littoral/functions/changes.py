"""Every change of a job: the rows and the event that tells of it, in one transaction.

Nothing here awaits and nothing reaches outside; what has to happen in the world for a change is
the business of those who call. ``told`` is called after the transaction. Each method may be
repeated: what is so already changes nothing, and a job ends once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from littoral.clock import Clock
from littoral.credits.amount import credits_of
from littoral.credits.prices import of_function, of_tokens
from littoral.functions import job_limits
from littoral.functions.charges import Charges
from littoral.functions.classification.classification import Classification
from littoral.functions.human_task import HumanTask, HumanTasks
from littoral.functions.job import Job, JobEvent, Made
from littoral.functions.job_book import JobBook
from littoral.functions.job_events import JobEvents
from littoral.ops.here import observer
from littoral.store.sql import Sql

EndStatus = Literal["completed", "failed", "cancelled", "expired"]
_ENDS: dict[EndStatus, JobEvent] = {
    "completed": "job.completed",
    "failed": "job.failed",
    "cancelled": "job.cancelled",
    "expired": "job.expired",
}


class JobChanges:
    """Writes the jobs of one owner."""

    def __init__(
        self,
        sql: Sql,
        clock: Clock,
        book: JobBook,
        events: JobEvents,
        tasks: HumanTasks,
        charges: Charges,
        told: Callable[[Job, bool], None],
    ) -> None:
        self._sql = sql
        self._clock = clock
        self._book = book
        self._events = events
        self._tasks = tasks
        self._charges = charges
        self._told = told

    # --- from the request to the work ------------------------------------------------------------

    def accepted(self, job_id: str, reserved: int) -> Job:
        """The credits are set aside: from now on the job exists for everybody."""

        def work(job: Job) -> Job:
            if not job.draft:
                return job
            self._event(job, "job.created", {"description": job.description, "mode": job.mode})
            return replace(job, draft=False, reserved=reserved)

        return self._change(job_id, work)

    def sent(self, job_id: str) -> Job:
        """A message of the queue is about to be sent."""
        now = self._clock.now_ms()
        return self._change(
            job_id, lambda job: replace(job, sends=job.sends + 1, sent_at_ms=now), shown=False
        )

    def begun(self, job_id: str) -> Job | None:
        """Another try begins; ``None`` when the job is not to be worked on."""
        before = self._book.find(job_id)
        if before is None or not before.to_do or before.attempts >= job_limits.MAX_ATTEMPTS:
            return None
        now = self._clock.now_ms()

        def work(job: Job) -> Job:
            attempts = job.attempts + 1
            self._event(job, "job.started", {"attempt": attempts})
            return replace(
                job,
                status="running",
                attempts=attempts,
                started_at_ms=job.started_at_ms or now,
                next_try_at_ms=None,
            )

        return self._change(job_id, work)

    def classified(self, job_id: str, found: Classification) -> Job:
        """The type is known, and what finding it out used."""

        def work(job: Job) -> Job:
            if job.ended or job.classification is not None:
                return job
            shown = {"type": found.type, "confidence": found.confidence, "layer": found.layer}
            self._event(job, "job.classified", shown)
            job = replace(job, classification=found.to_json(), type=found.type)
            used = found.usage
            return _used(job, found.model, used.input_tokens, used.output_tokens, found.degraded)

        return self._change(job_id, work)

    def progress(self, job_id: str, text: str) -> None:
        """Words about what the job is busy with."""

        def work(job: Job) -> Job:
            if job.ended or job.stage == text:
                return job
            self._event(job, "job.progress", {"text": text})
            return replace(job, stage=text)

        self._change(job_id, work, shown=False)

    def again(self, job_id: str, error: dict[str, Any], delay_ms: int) -> Job:
        """A try failed and another one may help."""

        def work(job: Job) -> Job:
            if not job.to_do:
                return job
            self._event(
                job, "job.retrying", {"attempt": job.attempts, "error": error, "delayMs": delay_ms}
            )
            at_ms = self._clock.now_ms() + delay_ms
            return replace(job, status="queued", error=error, next_try_at_ms=at_ms)

        return self._change(job_id, work)

    # --- waiting ---------------------------------------------------------------------------------

    def waits_for_person(self, job_id: str, made: Made, task: HumanTask) -> Job:
        """A person is asked."""

        def work(job: Job) -> Job:
            if not job.to_do:
                return job
            if self._tasks.find(task.id) is None:
                self._tasks.put(task)
            self._event(job, "job.waiting", {"taskId": task.id, "dueAtMs": task.due_at_ms})
            return self._waits(replace(job, task_id=task.id), made)

        return self._change(job_id, work)

    def waits_for_build(self, job_id: str, made: Made) -> Job:
        """A build goes on."""

        def work(job: Job) -> Job:
            if not job.to_do:
                return job
            self._event(job, "job.waiting", {"sessionId": made.session_id})
            at_ms = self._clock.now_ms() + job_limits.POLL_MS[0]
            job = replace(job, session_id=made.session_id, next_try_at_ms=at_ms)
            return self._waits(job, made)

        return self._change(job_id, work)

    def polled(self, job_id: str) -> Job:
        """A build was looked at and goes on."""

        def work(job: Job) -> Job:
            polls = job.polls + 1
            delay = job_limits.POLL_MS[min(polls, len(job_limits.POLL_MS) - 1)]
            return replace(job, polls=polls, next_try_at_ms=self._clock.now_ms() + delay)

        return self._change(job_id, work, shown=False)

    def reminded(self, task: HumanTask) -> None:
        """The person was told once more."""

        def work(job: Job) -> Job:
            current = self._tasks.get(task.id)
            if current.status == "waiting" and current.reminded_at_ms is None:
                now = self._clock.now_ms()
                self._tasks.put(replace(current, reminded_at_ms=now))
                self._event(job, "job.reminded", {"taskId": task.id, "dueAtMs": task.due_at_ms})
            return job

        self._change(task.job_id, work)

    # --- ends ------------------------------------------------------------------------------------

    def completed(self, job_id: str, made: Made) -> Job:
        """It worked."""
        return self._end(job_id, "completed", made=made)

    def failed(
        self, job_id: str, error: dict[str, Any], made: Made | None = None, *, dead: bool = False
    ) -> Job:
        """It did not work, and no other try will help; ``dead`` when every try was used up."""
        return self._end(job_id, "failed", made=made, error=error, dead=dead)

    def cancelled(self, job_id: str, reason: str) -> Job:
        """Somebody ended it."""
        error = {"code": "cancelled", "message": reason or "Somebody cancelled it.", "nextStep": ""}
        return self._end(job_id, "cancelled", error=error, task_status="cancelled", reason=reason)

    def expired(self, job_id: str) -> Job:
        """The person did not answer in time."""
        error = {
            "code": "expired",
            "message": "Nobody answered before the deadline.",
            "nextStep": "Replay the job, with a longer deadlineSeconds if need be.",
        }
        return self._end(job_id, "expired", error=error, task_status="expired")

    def answered(self, task: HumanTask, answer: Any) -> Job:
        """The person answered."""
        made = Made(result=answer)
        return self._end(task.job_id, "completed", made=made, task_status="completed")

    def rejected(self, task: HumanTask, reason: str) -> Job:
        """The person said no."""
        error = {"code": "rejected", "message": reason, "nextStep": "Ask for something else."}
        return self._end(task.job_id, "failed", error=error, task_status="rejected", reason=reason)

    def settled(self, job_id: str, charged: int) -> None:
        """The ledger knows what it cost."""
        if self._book.find(job_id) is not None:
            self._change(job_id, lambda job: replace(job, settled=charged))

    # --- inside ----------------------------------------------------------------------------------

    def _change(self, job_id: str, work: Callable[[Job], Job], *, shown: bool = True) -> Job:
        def write() -> tuple[Job, bool, bool]:
            before = self._book.find(job_id)
            assert before is not None, "jobs are only let go after their end"
            after = work(before)
            if after != before:
                self._book.put(after)
            return after, after != before, after.ended and not before.ended

        job, changed, ended = self._sql.transaction(write)
        if ended:
            _note_end(job)
        self._told(job, shown and changed)
        return job

    def _event(self, job: Job, event_type: JobEvent, data: dict[str, Any]) -> None:
        self._events.append(job.id, event_type, data)

    def _waits(self, job: Job, made: Made) -> Job:
        """Nothing more will cost anything: what it cost is decided here."""
        job = self._counted(replace(job, status="waiting", error=None, stage=""), made)
        self._charges.decide(job.id, self._charges.usage(job, "completed"))
        return job

    def _end(
        self,
        job_id: str,
        status: EndStatus,
        *,
        made: Made | None = None,
        error: dict[str, Any] | None = None,
        dead: bool = False,
        task_status: Any = None,
        reason: str = "",
    ) -> Job:
        def work(job: Job) -> Job:
            if job.ended:
                return job
            if made is not None:
                job = self._counted(self._kept(job, made), made)
            if job.task_id and task_status:
                self._end_task(job.task_id, task_status, made, reason)
            told: dict[str, Any] = {} if error is None else {"error": error}
            self._event(job, _ENDS[status], {**told, "deadLetter": dead} if dead else told)
            job = replace(
                job,
                status=status,
                error=error,
                dead_letter=dead,
                stage="",
                next_try_at_ms=None,
                ended_at_ms=self._clock.now_ms(),
            )
            self._charges.decide(job.id, self._charges.usage(job, status))
            return job

        return self._change(job_id, work)

    def _kept(self, job: Job, made: Made) -> Job:
        """Keeps what is long beside the row."""
        parts: dict[str, Any] = {"result": made.result}
        if made.stdout:
            parts["stdout"] = made.stdout
        if made.schema is not None:
            parts["schema"] = made.schema
        code = made.code
        if code is not None and "source" in code:
            parts["source"] = code["source"]
            code = {key: value for key, value in code.items() if key != "source"}
        for part, value in parts.items():
            self._book.put_part(job.id, part, value)
        return replace(job, code=code, parts=tuple(sorted({*job.parts, *parts})))

    def _counted(self, job: Job, made: Made) -> Job:
        if not job.counted:
            job = replace(job, counted=True, cost=job.cost + of_function(made.seconds))
        return _used(job, made.model, made.input_tokens, made.output_tokens, made.degraded)

    def _end_task(self, task_id: str, status: Any, made: Made | None, reason: str) -> None:
        task = self._tasks.get(task_id)
        if task.status != "waiting":
            return
        answer = made.result if made is not None else None
        now = self._clock.now_ms()
        self._tasks.put(replace(task, status=status, answer=answer, reason=reason, ended_at_ms=now))


def _used(
    job: Job, model: str, input_tokens: int, output_tokens: int, degraded: bool = False
) -> Job:
    """The job with what a model used; the last model that was asked is the one that is told."""
    return replace(
        job,
        model=model or job.model,
        degraded=degraded or job.degraded,
        input_tokens=job.input_tokens + input_tokens,
        output_tokens=job.output_tokens + output_tokens,
        cost=job.cost + of_tokens(model, input_tokens, output_tokens),
    )


def _note_end(job: Job) -> None:
    observer().work(
        agent="function-agent",
        work="job",
        outcome=job.status,
        begun_ms=job.created_at_ms,
        id=job.id,
        user=job.user_id,
        model=job.model,
        input_tokens=job.input_tokens,
        output_tokens=job.output_tokens,
        credits=credits_of(job.cost),
        code=str((job.error or {}).get("code", "")),
        trace=job.trace,
    )


def credits_json(job: Job) -> dict[str, Any]:
    """Credits set aside, and what it cost when that is settled."""
    settled = None if job.settled is None else credits_of(job.settled)
    return {"reserved": credits_of(job.reserved), "settled": settled}
