"""Jobs of functions through kills at every moment: each ends once, and the credits add up."""

from __future__ import annotations

import random

import pytest

from littoral.errors import DependencyUnavailable
from tests.unit.function_world import GRANT, FunctionWorld

ENDS = ("job.completed", "job.failed", "job.cancelled", "job.expired")


async def submit(world: FunctionWorld, key: str, **args: object) -> str:
    """A client that does not give up: the same key until somebody answers."""
    for _ in range(50):
        try:
            return await world.queued(**args, idempotencyKey=key)
        except DependencyUnavailable:
            await world.pass_time(1)
    raise AssertionError("nobody answered")


async def waits(world: FunctionWorld, job_id: str) -> None:
    """Lets time pass until the job waits; from then on no kill comes."""
    await world.pass_time(60)
    world.spare()
    await world.pass_time(60)
    assert (await world.job(job_id))["status"] == "waiting"


async def points_of_one_job() -> int:
    """How many moments there are at which a kill may come."""
    world = await FunctionWorld().ready()
    await world.until_ended(await submit(world, "count"))
    passed = world.fuse.passed
    await world.close()
    return passed


async def test_a_kill_at_any_moment_neither_loses_nor_doubles_a_job():
    for moment in range(1, await points_of_one_job() + 1):
        world = await FunctionWorld().ready()
        world.fuse.left = moment
        job_id = await submit(world, "one")
        job = await world.until_ended(job_id)
        assert (job["status"], job["result"]) == ("completed", [1, 1, 3, 4, 5]), moment
        types = await world.types(job_id)
        assert sum(each in ENDS for each in types) == 1 and types[-1] == "job.completed"
        assert await world.balance() == (GRANT - 22, 0), moment
        await world.close()


@pytest.mark.parametrize("seed", range(6))
async def test_many_jobs_through_many_kills_all_end_once(seed: int):
    chance = random.Random(seed)
    world = await FunctionWorld().ready()
    world.further_kills = [chance.randint(3, 60) for _ in range(5)]
    world.fuse.left = chance.randint(3, 60)
    ids = []
    for number in range(8):
        ids.append(await submit(world, f"key {number}", args={"numbers": [number, 0]}))
        if chance.random() < 0.5:
            await world.pass_time(chance.randint(1, 10))
    cost = 0
    for number, job_id in enumerate(ids):
        job = await world.until_ended(job_id)
        cost += round(job["credits"]["settled"] * 1000)
        assert sum(each in ENDS for each in await world.types(job_id)) == 1
        assert job["status"] == "completed" or job["deadLetter"], job
        if job["status"] == "completed":
            assert job["result"] == sorted([number, 0])
    assert world.kills > 0
    assert await world.balance() == (GRANT - cost, 0)
    await world.close()


async def test_a_kill_while_a_build_is_begun_begins_one_build():
    for moment in range(1, 12):
        world = await FunctionWorld().ready()
        world.fuse.left = moment
        job_id = await submit(world, "one", description="Build a blog application", args=None)
        await waits(world, job_id)
        assert len(world.builds.states) == 1
        world.builds.end(next(iter(world.builds.states)), "completed")
        assert (await world.until_ended(job_id))["status"] == "completed"
        await world.close()


async def test_a_kill_while_a_person_is_asked_asks_once():
    for moment in range(1, 12):
        world = await FunctionWorld().ready()
        world.fuse.left = moment
        job_id = await submit(world, "one", description="Review code for security", args=None)
        await waits(world, job_id)
        tasks = (await world.call("task.list", status="waiting"))["tasks"]
        assert [each["jobId"] for each in tasks] == [job_id]
        await world.call(
            "task.complete", taskId=tasks[0]["taskId"], answer={"decision": "approved"}
        )
        assert (await world.until_ended(job_id))["result"] == {"decision": "approved"}
        await world.close()
