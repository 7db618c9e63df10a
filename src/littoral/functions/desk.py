"""What people do with jobs and human tasks: cancel, answer, say no; and what time does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from littoral.clock import Clock
from littoral.errors import Conflict, InvalidInput
from littoral.functions.changes import JobChanges
from littoral.functions.human_task import HumanTask, HumanTasks
from littoral.functions.job import Job
from littoral.functions.job_book import JobBook
from littoral.functions.working import Working
from littoral.models.json_schema import JsonSchema


class JobDesk:
    """Decisions about one owner's jobs; each may be repeated.

    ``stop_build`` sees to it that the build of this id ends, however long that takes.
    """

    def __init__(
        self,
        *,
        book: JobBook,
        tasks: HumanTasks,
        changes: JobChanges,
        working: Working,
        stop_build: Callable[[str, str], None],
        clock: Clock,
    ) -> None:
        self._book = book
        self._tasks = tasks
        self._changes = changes
        self._working = working
        self._stop_build = stop_build
        self._clock = clock

    async def cancel(self, job_id: str, reason: str) -> Job:
        """Ends a job that has not ended. Raises ``NotFound``, ``Conflict``."""
        job = self._book.get(job_id)
        if job.status == "cancelled":
            return job
        if job.ended:
            raise Conflict(f"The job is {job.status}; it cannot be cancelled any more.")
        job = self._changes.cancelled(job_id, reason)
        self._working.stop(job_id)
        if job.type == "agentic":
            self._stop_build(job_id, reason)
        await self._working.close_charge(job_id)
        return self._book.get(job_id)

    async def complete(self, task_id: str, answer: Any) -> HumanTask:
        """Takes a person's answer. Raises ``InvalidInput`` that says what does not fit the form."""
        task = self._open(task_id, "completed")
        if task.status == "waiting":
            problems = JsonSchema(task.form).problems(answer)
            if problems:
                raise InvalidInput(
                    f"The answer does not fit the form: {problems[0]}.",
                    fields=[_field(each) for each in problems],
                )
            self._changes.answered(task, answer)
        elif task.answer != answer:
            raise Conflict("This task was completed with another answer already.")
        return self._tasks.get(task_id)

    async def reject(self, task_id: str, reason: str) -> HumanTask:
        """The person will not do it; the job fails with the reason."""
        task = self._open(task_id, "rejected")
        if task.status == "waiting":
            self._changes.rejected(task, reason)
        return self._tasks.get(task_id)

    def look_at_tasks(self) -> None:
        """Reminds and expires what is due."""
        now = self._clock.now_ms()
        for task in self._tasks.waiting():
            if task.due_at_ms <= now:
                self._changes.expired(task.job_id)
            elif task.remind_at_ms <= now and task.reminded_at_ms is None:
                self._changes.reminded(task)

    def next_task_ms(self) -> int | None:
        """When a task wants to be looked at."""
        times = [
            task.due_at_ms if task.reminded_at_ms is not None else task.remind_at_ms
            for task in self._tasks.waiting()
        ]
        return min(times, default=None)

    def _open(self, task_id: str, wanted: str) -> HumanTask:
        task = self._tasks.get(task_id)
        if task.status == "waiting" and task.due_at_ms <= self._clock.now_ms():
            raise Conflict("The time for this task is over.")
        if task.status not in ("waiting", wanted):
            raise Conflict(f"This task is {task.status} already.")
        return task


def _field(problem: str) -> dict[str, str]:
    place, _, message = problem.partition(": ")
    return {"field": "answer" if place == "document" else f"answer.{place}", "message": message}
