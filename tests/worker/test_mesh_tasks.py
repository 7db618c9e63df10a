"""Tasks of the mesh on the real runtime: planned, done by several workers, told, replayed."""

from __future__ import annotations

from tests.harness.worker import KillableWorker
from tests.worker.mesh_client import MeshClient

GOAL = 'Sort lines: "pear\napple"; calculate the sum of [1, 2, 3]; explain why the sea is salty'


async def test_a_goal_is_planned_done_by_the_pool_and_told_from_beginning_to_end(
    offline_worker: KillableWorker,
) -> None:
    client = await MeshClient.sign_up(offline_worker.url)
    task_id = await client.begin("a-goal", goal=GOAL)
    assert await client.begin("a-goal", goal=GOAL) == task_id
    await client.all_settled(task_id)

    task = await client.task(task_id)
    assert task["status"] == "completed", task
    assert [each["work"] for each in task["parts"]] == ["text", "function", "model"]
    assert task["result"][0] == "apple\npear"
    assert task["result"][1]["value"] == 6
    assert task["result"][2]["degraded"] and task["credits"] == 0.006

    params = {"correlationId": task_id, "since": 0, "limit": 500}
    events = (await client.ask("GET", "/api/mesh/events", params=params)).json()["events"]
    told = [each["type"] for each in events if each["agent"] == "coordinator"]
    assert told.index("task.accepted") < told.index("task.funded") < told.index("task.planned")
    assert told.count("part.completed") == 3 and told.count("task.ended") == 1
    assert {each["agent"] for each in events} >= {"coordinator", "worker-1", "worker-2"}

    for agent in await client.agents():
        path = f"/api/mesh/agents/{agent['name']}/replay"
        assert (await client.ask("POST", path, json={})).json()["equal"], agent
    rebuilt = (await client.ask("POST", "/api/mesh/projections/rebuild", json={})).json()
    assert rebuilt["equal"] and rebuilt["tasks"] == 1, rebuilt
    await client.close()


async def test_a_large_task_is_cancelled_while_it_runs_and_charged_for_what_was_done(
    offline_worker: KillableWorker,
) -> None:
    client = await MeshClient.sign_up(offline_worker.url)
    items = [f"text number {number}" for number in range(1_000)]
    task_id = await client.begin("large", goal="Count the words", items=items)

    answer = await client.ask("POST", f"/api/mesh/tasks/{task_id}/cancel", json={})
    assert answer.status_code == 200 and answer.json()["status"] == "cancelled"
    [listed] = await client.all_settled(task_id)

    done = listed["counts"]["completed"]
    assert listed["status"] == "cancelled" and listed["counts"]["cancelled"] == 1_000 - done
    assert listed["credits"] == done * 2 / 1_000
    again = await client.ask("POST", f"/api/mesh/tasks/{task_id}/cancel", json={})
    assert again.status_code == 409
    await client.close()
