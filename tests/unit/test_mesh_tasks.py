"""Tasks of the mesh from their request to their end, on the kernel in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from littoral.errors import DependencyUnavailable, InvalidInput
from littoral.fetching.fetcher import Page
from littoral.mesh.work import limits
from littoral.mesh.work.fetch_work import FetchWork
from littoral.store.sql import Value
from tests.fakes.sqlite import Sqlite
from tests.unit.mesh_work_world import GRANT, LINES, PAYER, WorkWorld


async def test_each_item_becomes_a_part_and_the_results_come_in_order():
    world = await WorkWorld().ready()

    task_id = await world.start(goal="Count the words", items=["one", "one two", "a b c"])
    await world.until_ended(task_id)

    task = await world.described(task_id)
    assert (task["status"], task["result"]) == ("completed", [1, 2, 3])
    assert task["counts"]["completed"] == task["counts"]["total"] == 3
    assert [each["attempts"] for each in task["parts"]] == [1, 1, 1]
    assert task["credits"] == 0.006
    assert await world.balance() == (GRANT - 6, 0)
    world.check()
    await world.close()


async def test_all_events_of_a_task_carry_its_correlation():
    world = await WorkWorld(pool=1).ready()
    first = await world.start(goal="Count words", items=["a"] * 6)
    second = await world.start(goal="Count words", items=["b"] * 6)
    await world.until_ended(first, second)

    wrong = [
        event
        for event in world.events("coordinator")
        if event.body.get("taskId", event.correlation_id) != event.correlation_id
    ]

    assert wrong == []
    await world.close()


async def test_a_goal_in_words_is_planned_into_parts_of_several_kinds():
    world = await WorkWorld().ready()

    goal = f'Sort lines: "{LINES}"; count words in "one two"; explain why the sea is blue'
    task_id = await world.start(goal=goal)
    await world.until_ended(task_id)

    task = await world.described(task_id)
    assert [each["work"] for each in task["parts"]] == ["text", "text", "model"]
    assert task["result"][:2] == ["a\nb\nb", 2]
    assert task["result"][2]["degraded"] and "offline" in task["result"][2]["text"]
    assert [e.type for e in world.events("coordinator")].count("task.planned") == 1
    await world.close()


async def test_a_function_is_called_with_the_part_as_its_key():
    world = await WorkWorld().ready()

    task_id = await world.start(goal="Add up", items=[[1, 2], [3]], work="function")
    await world.until_ended(task_id)

    task = await world.described(task_id)
    assert [each["value"] for each in task["result"]] == [3, 3]
    assert world.functions.calls == {f"{task_id}-1": 1, f"{task_id}-2": 1}
    await world.close()


async def test_a_part_may_do_no_more_than_the_key_that_gave_the_task():
    world = await WorkWorld().ready()
    world.scopes = ()

    task_id = await world.start(goal="Add up", items=[[1, 2]], work="function")
    await world.until_ended(task_id)

    task = await world.described(task_id)
    assert task["parts"][0]["error"]["code"] == "insufficient_scope"
    assert task["status"] == "failed" and world.functions.calls == {}
    await world.close()


async def test_a_part_that_fails_is_tried_again_and_then_completes():
    world = await WorkWorld().ready()
    world.functions.fails = [DependencyUnavailable("Away."), DependencyUnavailable("Away.")]

    task_id = await world.start(goal="Add up", items=[[1]], work="function")
    await world.until_ended(task_id)

    task = await world.described(task_id)
    assert (task["status"], task["parts"][0]["attempts"]) == ("completed", 3)
    assert task["parts"][0]["error"] is None
    await world.close()


async def test_a_task_says_how_many_of_its_parts_failed():
    world = await WorkWorld().ready()
    world.functions.fails = [InvalidInput("No numbers.")]

    task_id = await world.start(goal="Add up", items=[[1], [2], [3]], work="function")
    await world.until_ended(task_id)

    task = await world.described(task_id)
    assert task["status"] == "completed_with_failures"
    assert task["counts"]["failed"] == 1 and task["error"]["code"] == "parts_failed"
    failed = next(each for each in task["parts"] if each["status"] == "failed")
    assert (failed["error"]["code"], failed["attempts"]) == ("invalid_input", 1)
    await world.close()


async def test_the_retries_of_a_task_are_bounded_by_its_budget():
    world = await WorkWorld().ready()
    world.functions.fails = [DependencyUnavailable("Away.") for _ in range(500)]

    items = [[1] for _ in range(8)]
    task_id = await world.start(goal="Add up", items=items, work="function", retries=5)
    await world.until_ended(task_id)

    assert (await world.described(task_id))["status"] == "failed"
    assert 500 - len(world.functions.fails) == 8 + limits.LEAST_RETRY_BUDGET
    await world.close()


async def test_never_more_parts_are_out_than_the_task_and_the_pool_allow():
    running: list[int] = []
    now = [0]

    async def slow(part: Mapping[str, Any]) -> dict[str, Any]:
        now[0] += 1
        running.append(now[0])
        await world.sleep(2)
        now[0] -= 1
        return {"result": part["partId"], "usage": {}}

    world = await WorkWorld(pool=2, kinds={"model": slow}).ready()
    narrow = await world.start(goal="Think", items=["x"] * 9, work="model", parallel=3)
    await world.until_ended(narrow)
    assert max(running) == 3

    running.clear()
    wide = await world.start(goal="Think", items=["x"] * 20, work="model", parallel=64)
    await world.until_ended(wide)
    assert max(running) == 2 * limits.WORKER_SLOTS
    await world.close()


async def test_a_small_task_does_not_wait_for_a_large_one():
    async def slow(part: Mapping[str, Any]) -> dict[str, Any]:
        await world.sleep(1)
        return {"result": part["partId"], "usage": {}}

    world = await WorkWorld(pool=1, kinds={"model": slow}).ready()
    large = await world.start(goal="Think", items=["a"] * 60, work="model")
    small = await world.start(goal="Think", items=["b"], work="model")

    await world.until_ended(large, small)

    ends = [e.body["taskId"] for e in world.events("coordinator") if e.type == "task.ended"]
    assert ends == [small, large]
    await world.close()


async def test_a_cancelled_task_ends_at_once_and_its_workers_stop():
    async def never(part: Mapping[str, Any]) -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError(part)

    world = await WorkWorld(kinds={"model": never}).ready()
    task_id = await world.start(goal="Think", items=["x"] * 30, work="model")
    await world.run(seconds=20)

    answer = await world.cancel(task_id, "Enough.")
    await world.until_ended(task_id)

    task = await world.described(task_id)
    assert answer == {"status": "cancelled", "cancelled": True}
    assert (task["status"], task["error"]["detail"]) == ("cancelled", "Enough.")
    assert task["counts"]["cancelled"] == 30
    assert all(world.state(f"worker-{n}")["parts"] == {} for n in (1, 2, 3))
    assert await world.balance() == (GRANT, 0)
    await world.close()


async def test_a_task_expires_at_its_deadline_with_what_was_done():
    async def never(part: Mapping[str, Any]) -> dict[str, Any]:
        if part["input"]["data"] == "slow":
            await world.sleep(10_000)
        return {"result": "done", "usage": {}}

    world = await WorkWorld(kinds={"model": never}).ready()
    items = ["quick", "slow"]
    task_id = await world.start(goal="Think", items=items, work="model", deadlineSeconds=60)
    await world.until_ended(task_id)

    task = await world.described(task_id)
    assert task["status"] == "expired" and task["error"]["code"] == "deadline_exceeded"
    assert [each["status"] for each in task["parts"]] == ["completed", "expired"]
    assert await world.balance() == (GRANT - 2, 0)
    await world.close()


async def test_long_work_keeps_its_lease_and_is_done_once():
    done: list[str] = []

    async def long(part: Mapping[str, Any]) -> dict[str, Any]:
        await world.sleep(200)
        done.append(part["partId"])
        return {"result": "done", "usage": {}}

    world = await WorkWorld(kinds={"model": long}).ready()
    task_id = await world.start(goal="Think", items=["x"], work="model")
    await world.until_ended(task_id)

    assert done == [f"{task_id}-1"]
    assert "part.lost" not in world.types("coordinator")
    assert world.types("coordinator").count("part.leased") >= 10
    await world.close()


async def test_a_task_without_credits_is_forgotten():
    world = await WorkWorld().ready()
    task_id = await world.start(goal="Count words", items=["a"], fund=False)

    await world.run(seconds=120)

    assert world.task(task_id) is None
    assert world.types("coordinator").count("task.abandoned") == 1
    assert "part.dispatched" not in world.types("coordinator")
    await world.close()


async def test_starting_a_task_again_changes_nothing():
    world = await WorkWorld().ready()
    task_id = await world.start(goal="Count words", items=["a"])
    await world.until_ended(task_id)
    before = len(world.events("coordinator"))

    await world.start(task_id, goal="Count words", items=["a"], fund=False)

    told = [each.type for each in world.events("coordinator")[before:]]
    assert told == ["message.received"]
    await world.close()


async def test_an_offer_that_comes_late_is_not_worked_on_again():
    world = await WorkWorld(pool=1).ready()
    task_id = await world.start(goal="Count words", items=["a"])
    await world.until_ended(task_id)
    planned = next(e for e in world.events("coordinator") if e.type == "task.planned")
    part = planned.body["parts"][0]
    offer = {
        **{name: part[name] for name in ("name", "work", "capability", "input")},
        "taskId": task_id,
        "partId": part["id"],
        "attempt": 1,
        "goal": "Count words",
        "payer": PAYER,
        "scopes": [],
    }

    for late in ("env_late_1", "env_late_2"):
        await world.send("worker-1", "part.offer", offer, sender="coordinator", message_id=late)

    assert world.types("worker-1").count("work.taken") == 1
    await world.close()


async def test_a_page_is_read_as_a_person_would():
    class OnePage:
        async def read(self, url: str) -> Page:
            text = "<html><title>Tides</title><script>x</script><p>High at <b>noon</b></p></html>"
            return Page(url=url, media_type="text/html", text=text, size=len(text))

    world = await WorkWorld(kinds={"fetch": FetchWork(OnePage()).do}).ready()
    task_id = await world.start(goal="Read", items=["https://example.com/tides"])
    await world.until_ended(task_id)

    task = await world.described(task_id)
    assert task["result"]["title"] == "Tides"
    assert task["result"]["text"] == "High at noon" and not task["result"]["cut"]
    await world.close()


async def test_a_part_writes_few_rows():
    world = await WorkWorld(pool=8).ready()
    counted = [RowCount(node.sqlite) for node in world.nodes.values()]
    for node, count in zip(world.nodes.values(), counted, strict=True):
        node.sqlite.run = count.run  # type: ignore[method-assign]

    task_id = await world.start(goal="Count words", items=["a b"] * 100, parallel=64)
    await world.until_ended(task_id)

    assert sum(each.rows for each in counted) <= 17 * 100
    await world.close()


class RowCount:
    """Counts the rows that an agent's database writes."""

    def __init__(self, sqlite: Sqlite) -> None:
        self._run = sqlite.run
        self.rows = 0

    def run(self, statement: str, *parameters: Value) -> int:
        written = self._run(statement, *parameters)
        self.rows += 0 if statement.startswith("CREATE") else written
        return written
