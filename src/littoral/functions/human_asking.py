"""Makes human tasks of jobs: the form that was given or reads off the words, deadline, reminder."""

from __future__ import annotations

from collections.abc import Callable

from littoral.functions.forms import form_for, title_of
from littoral.functions.human_task import HumanTask
from littoral.functions.job import Job, JobInput, Made
from littoral.functions.job_limits import REMIND_AT


class HumanMaker:
    """``Maker`` for functions that a person does."""

    async def make(self, job: Job, asked: JobInput, told: Callable[[str], None]) -> Made:
        """Nothing is asked of anybody here: the task comes to be with the row of the job."""
        return Made(task={"taskId": task_id_of(job.id)})


def task_id_of(job_id: str) -> str:
    """A job has one task at most, named after it, so that trying again makes no second one."""
    return f"tsk_{job_id.partition('_')[2]}"


def task_of(job: Job, asked: JobInput, now_ms: int) -> HumanTask:
    """The task of a job, as it begins."""
    span_ms = asked.deadline_seconds * 1000
    return HumanTask(
        id=task_id_of(job.id),
        job_id=job.id,
        title=title_of(asked.description),
        description=asked.description,
        args=asked.args,
        form=form_for(asked.description) if asked.schema is None else asked.schema,
        assignee=asked.assignee,
        note=asked.note,
        created_at_ms=now_ms,
        due_at_ms=now_ms + span_ms,
        remind_at_ms=now_ms + int(span_ms * REMIND_AT),
    )
