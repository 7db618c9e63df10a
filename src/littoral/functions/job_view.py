"""What callers read of jobs: one whole, pages, events, the answer to a call."""

from __future__ import annotations

from typing import Any

from littoral.errors import InvalidInput
from littoral.functions.human_task import HumanTasks
from littoral.functions.job import Job
from littoral.functions.job_book import JobBook
from littoral.functions.job_events import JobEvents
from littoral.functions.job_json import job_json, latency_ms, summary_json

MAX_PAGE = 100


class JobView:
    """Reads; changes nothing."""

    def __init__(self, book: JobBook, events: JobEvents, tasks: HumanTasks) -> None:
        self._book = book
        self._events = events
        self._tasks = tasks

    def job(self, job: Job) -> dict[str, Any]:
        """Everything of one job."""
        asked = self._book.input(job.id)
        schema = asked.schema
        if schema is None and "schema" in job.parts:
            schema = self._book.part(job.id, "schema")
        return job_json(
            job,
            asked,
            result=self._result(job),
            stdout=self._stdout(job),
            schema=schema,
            progress=self._events.progress(job.id),
            last_event=self._events.last(job.id),
            code=self._code(job),
        )

    def call(self, job: Job) -> dict[str, Any]:
        """The answer to the call that made the job."""
        answer: dict[str, Any] = {"jobId": job.id, "type": job.type, "status": job.status}
        if job.status == "waiting":
            answer["result"] = self._result(job)
        if not job.ended:
            return {**answer, "classification": job.classification}
        return {
            **answer,
            "result": self._result(job),
            "classification": job.classification,
            "stdout": self._stdout(job),
            "error": job.error,
            "code": self._code(job),
            "model": job.model,
            "degraded": job.degraded,
            "usage": {"inputTokens": job.input_tokens, "outputTokens": job.output_tokens},
            "latencyMs": latency_ms(job),
        }

    def page(
        self,
        *,
        status: str | None,
        kind: str | None,
        dead: bool | None,
        words: str,
        cursor: str | None,
        limit: int,
    ) -> dict[str, Any]:
        """A page of summaries, newest first."""
        jobs, more = self._book.page(
            status=status,
            kind=kind,
            dead=dead,
            words=words,
            cursor=cursor,
            limit=max(1, min(limit, MAX_PAGE)),
        )
        return {"jobs": [summary_json(job) for job in jobs], "cursor": more}

    def events(self, job_id: str, since: int, limit: int) -> dict[str, Any]:
        """Events after ``since``; ``ended`` when the last of all is among those known."""
        job = self._book.get(job_id)
        if since < 0:
            raise InvalidInput("since must be 0 or more.")
        found = self._events.since(job_id, since, limit)
        following = found[-1].number if found else since
        ended = job.ended and following >= self._events.last(job_id)
        return {"events": [each.to_json() for each in found], "next": following, "ended": ended}

    def waiting_tasks(self) -> list[dict[str, Any]]:
        """Human tasks that wait, without what may be long."""
        return [task.to_summary() for task in self._tasks.listed("waiting", 50)]

    def _result(self, job: Job) -> Any:
        if job.status == "waiting" and job.task_id:
            task = self._tasks.get(job.task_id)
            return {"taskId": task.id, "dueAt": task.to_json()["dueAt"], "form": task.form}
        if job.status == "waiting" and job.session_id:
            return {"sessionId": job.session_id}
        return self._book.part(job.id, "result") if "result" in job.parts else None

    def _stdout(self, job: Job) -> str:
        return str(self._book.part(job.id, "stdout")) if "stdout" in job.parts else ""

    def _code(self, job: Job) -> dict[str, Any] | None:
        if job.code is None or "source" not in job.parts:
            return job.code
        return {**job.code, "source": self._book.part(job.id, "source")}
