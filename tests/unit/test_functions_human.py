"""Questions to people: forms, answers that fit, reminders, deadlines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from littoral.errors import Conflict, InvalidInput
from tests.unit.function_world import FunctionWorld

DAY = 24 * 3600


@pytest.fixture
async def world() -> AsyncIterator[FunctionWorld]:
    made = await FunctionWorld().ready()
    yield made
    await made.close()


async def ask(world: FunctionWorld, **args: Any) -> tuple[str, str]:
    """A question; its job and its task."""
    asked = {"description": "Review code for security", "args": None, **args}
    answer = await world.execute(**asked)
    assert (answer["type"], answer["status"]) == ("human", "waiting")
    return answer["jobId"], answer["result"]["taskId"]


async def test_an_answer_that_fits_the_form_is_the_result(world: FunctionWorld):
    job_id, task_id = await ask(world)
    answer = {"decision": "approved", "comment": "fine"}
    task = await world.call("task.complete", taskId=task_id, answer=answer)
    assert (task["status"], task["answer"]) == ("completed", answer)
    job = await world.job(job_id)
    assert (job["status"], job["result"]) == ("completed", answer)
    again = await world.call("task.complete", taskId=task_id, answer=answer)
    assert again == task
    with pytest.raises(Conflict):
        await world.call("task.complete", taskId=task_id, answer={"decision": "rejected"})


async def test_an_answer_that_does_not_fit_is_told_field_by_field(world: FunctionWorld):
    schema = {"type": "object", "properties": {"score": {"type": "integer", "maximum": 5}}}
    job_id, task_id = await ask(world, schema=schema)
    with pytest.raises(InvalidInput) as wrong:
        await world.call("task.complete", taskId=task_id, answer={"score": 9})
    assert wrong.value.fields[0]["field"] == "answer.score"
    assert (await world.job(job_id))["status"] == "waiting"


async def test_a_no_with_a_reason_fails_the_job(world: FunctionWorld):
    job_id, task_id = await ask(world)
    await world.call("task.reject", taskId=task_id, reason="not mine")
    job = await world.job(job_id)
    assert (job["status"], job["error"]["code"]) == ("failed", "rejected")
    assert job["error"]["message"] == "not mine"
    with pytest.raises(Conflict):
        await world.call("task.complete", taskId=task_id, answer={"decision": "approved"})


async def test_a_person_is_reminded_once_at_half_time(world: FunctionWorld):
    job_id, task_id = await ask(world, options={"deadlineSeconds": 600})
    await world.pass_time(290)
    assert (await world.call("task.describe", taskId=task_id))["remindedAt"] is None
    await world.pass_time(100)
    assert (await world.call("task.describe", taskId=task_id))["remindedAt"] is not None
    assert (await world.types(job_id)).count("job.reminded") == 1


async def test_nobody_answers_and_the_job_expires(world: FunctionWorld):
    job_id, task_id = await ask(world, options={"deadlineSeconds": 60})
    await world.pass_time(65)
    assert (await world.job(job_id))["status"] == "expired"
    assert (await world.call("task.describe", taskId=task_id))["status"] == "expired"
    with pytest.raises(Conflict):
        await world.call("task.complete", taskId=task_id, answer={"decision": "approved"})
    assert (await world.types(job_id))[-1] == "job.expired"


async def test_an_answer_after_the_deadline_is_refused_before_the_alarm_rings(
    world: FunctionWorld,
):
    _, task_id = await ask(world, options={"deadlineSeconds": 60})
    world.clock.advance(seconds=61)
    with pytest.raises(Conflict, match="time for this task is over"):
        await world.call("task.complete", taskId=task_id, answer={"decision": "approved"})


async def test_cancelling_the_job_takes_the_question_back(world: FunctionWorld):
    job_id, task_id = await ask(world)
    await world.call("job.cancel", jobId=job_id)
    assert (await world.call("task.describe", taskId=task_id))["status"] == "cancelled"
    assert (await world.call("task.list", status="waiting"))["tasks"] == []


async def test_the_socket_shows_what_waits(world: FunctionWorld):
    connection = world.connections.connect("one")
    _, task_id = await ask(world, options={"assignee": "Ada", "note": "before Friday"})
    waiting = connection.frames[-1]["state"]["humanTasks"]
    assert [(each["taskId"], each["assignee"], each["note"]) for each in waiting] == [
        (task_id, "Ada", "before Friday")
    ]
    await world.call("task.reject", taskId=task_id, reason="no")
    assert connection.frames[-1]["state"]["humanTasks"] == []


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("Approve the deployment", "decision"),
        ("Rate this essay by hand as a person", "rating"),
        ("Ask a human for the name of the harbour", "answer"),
    ],
)
async def test_the_form_reads_off_the_words(world: FunctionWorld, words: str, field: str):
    _, task_id = await ask(world, description=words, options={"type": "human"})
    form = (await world.call("task.describe", taskId=task_id))["form"]
    assert field in form["properties"]
