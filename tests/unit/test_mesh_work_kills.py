"""Tasks through kills at every moment and through a bad network: done once, paid once, all told."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.fakes.mesh import OWNER, Chaos
from tests.unit.mesh_work_world import GRANT, WorkWorld

ITEMS = ["one", "one two", "one two three"]


async def wrong_with(world: WorkWorld, task_id: str, parts: int) -> list[str]:
    """What is not as it should be with one task."""
    found = []
    task = await world.rows.described(task_id) or {"status": None}
    mine = [e for e in world.events("coordinator") if e.body.get("taskId") == task_id]
    told = Counter(each.type for each in mine)
    done = Counter(e.body["partId"] for e in mine if e.type == "part.completed")
    if task["status"] != "completed" or len(done) != parts or set(done.values()) != {1}:
        found.append(f"{task_id}: {task['status']}, {done}")
    if any(told[each] != 1 for each in ("task.accepted", "task.ended", "task.settled")):
        found.append(f"{task_id}: {told}")
    receipts = await world.database.rows(
        "SELECT count(*) FROM mesh_receipts WHERE owner = ? AND part_id LIKE ?",
        *(OWNER, f"{task_id}-%"),
    )
    if receipts != [(parts,)]:
        found.append(f"{task_id}: {receipts} receipts")
    return found


async def points_of_one_task() -> int:
    world = await WorkWorld(pool=2).ready()
    await world.until_ended(await world.start(goal="Count words", items=ITEMS))
    await world.close()
    return world.points


async def test_a_kill_at_any_moment_neither_loses_nor_doubles_a_part():
    for moment in range(1, await points_of_one_task() + 1):
        world = await WorkWorld(pool=2, chaos=Chaos(kill_at=moment)).ready()
        task_id = await world.start(goal="Count words", items=ITEMS)
        await world.until_ended(task_id)

        await world.project()
        assert await wrong_with(world, task_id, 3) == [], moment
        assert (await world.described(task_id))["result"] == [1, 2, 3], moment
        assert await world.balance() == (GRANT - 6, 0), moment
        world.check()
        await world.close()


@pytest.mark.parametrize("seed", range(4))
async def test_100_parts_through_many_kills_and_losses_are_each_done_once(seed: int):
    chaos = Chaos(
        seed=seed, lose=0.05, lose_answer=0.05, duplicate=0.05, late=0.05, kill=0.02, kills=100
    )
    world = await WorkWorld(pool=4, chaos=chaos).ready()
    tasks = [
        await world.start(goal="Count words", items=[f"a b {n}" for n in range(10)])
        for _ in range(10)
    ]
    await world.until_ended(*tasks)

    await world.project()
    problems = [each for task_id in tasks for each in await wrong_with(world, task_id, 10)]
    assert problems == []
    assert world.killed > 15
    assert await world.balance() == (GRANT - 10 * 10 * 2, 0)
    world.check()
    await world.close()


async def test_a_worker_that_never_answers_is_passed_over():
    world = await WorkWorld(pool=2).ready()
    del world.nodes["worker-1"]

    task_id = await world.start(goal="Count words", items=ITEMS)
    await world.until_ended(task_id)

    task = await world.described(task_id)
    assert task["status"] == "completed"
    assert {each["worker"] for each in task["parts"]} == {"worker-2"}
    await world.close()


async def test_parts_that_nobody_takes_are_given_up():
    world = await WorkWorld(pool=1).ready()
    del world.nodes["worker-1"]

    task_id = await world.start(goal="Count words", items=["a", "b"])
    await world.until_ended(task_id)

    task = await world.described(task_id)
    assert task["status"] == "failed"
    assert {each["error"]["code"] for each in task["parts"]} == {"part_lost"}
    assert await world.balance() == (GRANT, 0)
    await world.close()
