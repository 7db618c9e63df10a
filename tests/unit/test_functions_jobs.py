"""Jobs of functions: what becomes of a call, whoever fails on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from littoral.errors import (
    Conflict,
    InsufficientCredits,
    InvalidInput,
    ModelUnavailable,
    NotFound,
    QueueFull,
)
from littoral.functions import job_limits
from tests.unit.function_world import GRANT, FunctionWorld


@pytest.fixture
async def world() -> AsyncIterator[FunctionWorld]:
    made = await FunctionWorld().ready()
    yield made
    await made.close()


async def test_a_call_in_sync_mode_answers_with_the_result(world: FunctionWorld):
    answer = await world.execute()
    assert (answer["type"], answer["status"], answer["result"]) == (
        "code",
        "completed",
        [1, 1, 3, 4, 5],
    )
    assert answer["classification"]["confidence"] > 0.8
    assert await world.types(answer["jobId"]) == [
        "job.created",
        "job.started",
        "job.classified",
        "job.progress",
        "job.completed",
    ]


async def test_a_call_costs_its_price_and_what_was_set_aside_comes_back(world: FunctionWorld):
    answer = await world.execute()
    job = await world.until_ended(answer["jobId"])
    assert job["credits"]["settled"] == pytest.approx(0.022)
    assert await world.balance() == (GRANT - 22, 0)


async def test_without_credits_nothing_is_done(world: FunctionWorld):
    poor = await FunctionWorld().ready(10)
    with pytest.raises(InsufficientCredits):
        await poor.execute()
    assert (await poor.call("job.list"))["jobs"] == [] and poor.code.runs == 0
    assert await poor.balance() == (10, 0)
    await poor.close()


async def test_the_same_key_is_the_same_job(world: FunctionWorld):
    first = await world.execute(idempotencyKey="one")
    again = await world.execute(idempotencyKey="one")
    assert again == first and world.code.runs == 1
    with pytest.raises(Conflict):
        await world.execute(args={"numbers": [1]}, idempotencyKey="one")


async def test_a_call_in_async_mode_is_done_by_the_queue(world: FunctionWorld):
    accepted = await world.execute(options={"mode": "async"})
    assert (accepted["status"], accepted["type"]) == ("queued", "code")
    await world.deliver()
    assert (await world.job(accepted["jobId"]))["result"] == [1, 1, 3, 4, 5]


async def test_a_try_that_fails_is_made_again_later(world: FunctionWorld):
    world.code.failures = [ModelUnavailable("busy"), RuntimeError("a fault of ours")]
    job_id = await world.queued()
    job = await world.until_ended(job_id)
    assert (job["status"], job["attempts"]) == ("completed", 3)
    assert (await world.types(job_id)).count("job.retrying") == 2


async def test_a_job_whose_every_try_fails_is_a_dead_letter_and_can_be_replayed(
    world: FunctionWorld,
):
    world.code.failures = [ModelUnavailable("busy")] * job_limits.MAX_ATTEMPTS
    job_id = await world.queued()
    job = await world.until_ended(job_id)
    assert (job["status"], job["deadLetter"], job["attempts"]) == ("failed", True, 4)
    assert job["error"]["code"] == "model_unavailable"
    dead = (await world.call("job.list", deadLetter=True))["jobs"]
    assert [each["jobId"] for each in dead] == [job_id]
    replayed = await world.call("job.replay", jobId=job_id, idempotencyKey="again")
    assert (await world.call("job.replay", jobId=job_id, idempotencyKey="again")) == replayed
    job = await world.until_ended(replayed["jobId"])
    assert (job["status"], job["replayOf"]) == ("completed", job_id)


async def test_an_error_that_no_other_try_helps_with_ends_the_job_at_once(world: FunctionWorld):
    world.code.failures = [InvalidInput("this cannot be done")]
    job = await world.until_ended(await world.queued())
    assert (job["status"], job["attempts"], job["deadLetter"]) == ("failed", 1, False)


async def test_a_sync_call_that_takes_too_long_goes_on_as_a_job(world: FunctionWorld):
    import asyncio

    world.code.hold = asyncio.Event()
    answer = await world.execute(options={"timeoutSeconds": 1})
    assert answer["status"] == "running"
    world.code.hold.set()
    assert (await world.until_ended(answer["jobId"]))["status"] == "completed"


async def test_a_cancelled_job_stays_cancelled(world: FunctionWorld):
    job_id = await world.queued()
    assert (await world.call("job.cancel", jobId=job_id, reason="no"))["status"] == "cancelled"
    await world.pass_time(60)
    job = await world.job(job_id)
    assert (job["status"], world.code.runs) == ("cancelled", 0)
    assert await world.balance() == (GRANT, 0)
    answer = await world.execute()
    with pytest.raises(Conflict):
        await world.call("job.cancel", jobId=answer["jobId"])


async def test_a_running_job_is_cut_off_by_its_cancellation(world: FunctionWorld):
    import asyncio

    world.code.hold = asyncio.Event()
    answer = await world.execute(options={"timeoutSeconds": 1})
    cancelled = await world.call("job.cancel", jobId=answer["jobId"])
    assert cancelled["status"] == "cancelled"
    assert (await world.types(answer["jobId"]))[-1] == "job.cancelled"


async def test_messages_that_the_queue_lost_are_sent_again(world: FunctionWorld):
    job_id = await world.queued()
    world.queue.lose_everything()
    assert (await world.until_ended(job_id))["status"] == "completed"
    assert world.code.runs == 1


async def test_a_queue_that_takes_nothing_delays_the_job(world: FunctionWorld):
    world.queue.broken = True
    job_id = await world.queued()
    await world.pass_time(30)
    assert (await world.job(job_id))["status"] == "queued"
    world.queue.broken = False
    assert (await world.until_ended(job_id))["status"] == "completed"


async def test_more_unfinished_jobs_than_the_limit_are_not_taken(world: FunctionWorld):
    for _ in range(job_limits.UNFINISHED_JOBS):
        await world.queued()
    with pytest.raises(QueueFull):
        await world.queued()


async def test_words_that_may_mean_anything_are_asked_back(world: FunctionWorld):
    answer = await world.execute(description="The thing", args=None)
    assert (answer["status"], answer["error"]["code"]) == ("failed", "needs_clarification")
    assert {each["type"] for each in answer["error"]["alternatives"]} <= {
        "code",
        "object",
        "agentic",
        "human",
    }


async def test_a_remembered_type_comes_before_everything_else(world: FunctionWorld):
    made = await world.call("override.set", description="The thing", type="human")
    answer = await world.execute(description="the  thing", args=None)
    assert (answer["type"], answer["classification"]["layer"]) == ("human", "override")
    await world.call("override.forget", key=made["key"])
    assert (await world.call("override.list"))["overrides"] == []


@pytest.mark.parametrize(
    ("args", "field"),
    [
        ({"description": "  "}, "description"),
        ({"schema": {"type": "nothing"}}, "schema"),
        ({"schema": False}, "schema"),
        ({"options": {"timeoutSeconds": 0}}, "timeoutSeconds"),
        ({"options": {"network": ["not a host"]}}, "network"),
        ({"examples": [{"args": 1}]}, "examples"),
    ],
)
async def test_what_cannot_be_used_costs_nothing(
    world: FunctionWorld, args: dict[str, Any], field: str
):
    with pytest.raises(InvalidInput, match=field):
        await world.execute(**args)
    assert await world.balance() == (GRANT, 0)


async def test_a_document_is_made_without_a_schema(world: FunctionWorld):
    answer = await world.execute(description="Generate user profile JSON", args=None)
    assert (answer["type"], answer["status"]) == ("object", "completed")
    assert "@" in answer["result"]["email"] and answer["result"]["name"]
    job = await world.job(answer["jobId"])
    assert set(job["schema"]["required"]) == set(answer["result"])


async def test_a_build_is_followed_to_its_end(world: FunctionWorld):
    answer = await world.execute(description="Build a blog application", args=None)
    build_id = answer["result"]["sessionId"]
    assert (answer["type"], answer["status"]) == ("agentic", "waiting")
    await world.pass_time(20)
    assert (await world.job(answer["jobId"]))["progress"][-1]["text"] == "blueprint"
    world.builds.end(build_id, "completed", generatedFilesMap={"index.html": {}})
    job = await world.until_ended(answer["jobId"])
    assert (job["status"], job["result"]["files"]) == ("completed", ["index.html"])


@pytest.mark.parametrize(
    ("ended", "status"),
    [("completed_with_issues", "completed"), ("failed", "failed"), ("cancelled", "cancelled")],
)
async def test_a_job_ends_as_its_build_does(world: FunctionWorld, ended: str, status: str):
    answer = await world.execute(description="Build a blog application", args=None)
    world.builds.end(answer["result"]["sessionId"], ended)
    assert (await world.until_ended(answer["jobId"]))["status"] == status


async def test_cancelling_a_job_ends_its_build(world: FunctionWorld):
    answer = await world.execute(description="Build a blog application", args=None)
    await world.call("job.cancel", jobId=answer["jobId"])
    await world.pass_time(10)
    assert world.builds.cancelled == [answer["result"]["sessionId"]]


async def test_unknown_jobs_and_tasks_are_not_there(world: FunctionWorld):
    for method in ("job.describe", "job.events", "job.cancel", "job.replay"):
        with pytest.raises(NotFound):
            await world.call(method, jobId="job_unknown")
    with pytest.raises(NotFound):
        await world.call("task.describe", taskId="tsk_unknown")


async def test_clients_of_the_socket_see_jobs_as_they_change(world: FunctionWorld):
    connection = world.connections.connect("one")
    answer = await world.execute()
    state = connection.frames[-1]["state"]
    assert [each["jobId"] for each in state["jobs"]] == [answer["jobId"]]
    assert state["jobs"][0]["status"] == "completed" and state["humanTasks"] == []
