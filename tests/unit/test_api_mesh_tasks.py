"""``/api/mesh/tasks`` and the projections by HTTP, over real agents in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from littoral.api.envelope import result_of
from littoral.api.service import Service
from littoral.jsontext import dumps
from littoral.mesh.projections.projections import Projections
from littoral.mesh.work.coordinator import Coordinator
from littoral.mesh.work.coordinator_effects import CoordinatorEffects
from littoral.mesh.work.live import live_methods
from littoral.mesh.work.planner import Planner, PlanningSkill
from littoral.mesh.work.receipts import DatabaseReceipts
from littoral.mesh.work.worker import Worker
from littoral.mesh.work.working import Working
from littoral.models.offline import OfflineModel
from tests.fakes.database import ledger_of
from tests.fakes.mesh_objects import MeshObjects
from tests.unit.api_world import ApiWorld, problem_of

TASKS = "/api/mesh/tasks"


@pytest.fixture
async def world() -> AsyncIterator[ApiWorld]:
    made = ApiWorld(default_model="offline")
    receipts = DatabaseReceipts(made.database, made.clock, "owner")
    planner = Planner(OfflineModel((PlanningSkill(),)), max_output_tokens=1024, timeout_seconds=30)
    ledger = ledger_of(made.database, made.clock)
    effects = CoordinatorEffects(planner, ledger, receipts, made.clock)
    made.gateway.mesh_behaviours.update(
        coordinator=lambda: Coordinator(effects, pool_size=2),
        worker=lambda: Worker(Working("worker", receipts, made.clock, {})),
    )
    made.gateway.mesh_methods["coordinator"] = live_methods
    yield made
    made.close()


async def signed_up(world: ApiWorld, client: httpx.AsyncClient) -> MeshObjects:
    """A client with a key, and the mesh that belongs to it, with its projections."""
    body = {"email": "work@example.com", "name": "Somebody"}
    client.headers["x-api-key"] = (await client.post("/api/signup", json=body)).json()["apiKey"]
    await client.get("/api/mesh/agents")
    objects = list(world.gateway._meshes.values())[-1]
    mesh = objects.mesh
    mesh.projecting = Projections(objects.owner, world.database, mesh, world.clock)
    return objects


async def started(client: httpx.AsyncClient, key: str = "", **body: Any) -> httpx.Response:
    headers = {"idempotency-key": key} if key else {}
    return await client.post(TASKS, json=body, headers=headers)


async def projected(objects: MeshObjects) -> None:
    await objects.settle()
    assert objects.mesh.projecting is not None
    await objects.mesh.projecting.catch_up()


async def test_a_task_is_taken_done_charged_and_listed(world: ApiWorld):
    async with world.visitor() as client:
        objects = await signed_up(world, client)
        answer = await started(client, goal="Count words", items=["a b", "c"])
        task_id = answer.json()["taskId"]
        assert answer.status_code == 202 and answer.json()["correlationId"] == task_id
        await projected(objects)

        task = (await client.get(f"{TASKS}/{task_id}")).json()
        assert (task["status"], task["result"], task["credits"]) == ("completed", [2, 1], 0.004)
        listed = (await client.get(TASKS, params={"status": "completed"})).json()["tasks"]
        assert [each["taskId"] for each in listed] == [task_id]
        books = (await client.get("/api/credits")).json()
        assert (books["budget"]["spent"], books["reserved"]) == (0.004, 0)


async def test_the_same_key_stands_for_one_task_before_and_after_its_end(world: ApiWorld):
    async with world.visitor() as client:
        objects = await signed_up(world, client)
        first = (await started(client, "k", goal="Count words", items=["a"])).json()
        again = (await started(client, "k", goal="Count words", items=["a"])).json()
        await projected(objects)
        later = (await started(client, "k", goal="Count words", items=["a"])).json()

        assert first["taskId"] == again["taskId"] == later["taskId"]
        assert later["status"] == "completed"
        other = await started(client, "k", goal="Count words", items=["b"])
        assert other.status_code == 409 and problem_of(other, "conflict")
        entries = (await client.get("/api/credits")).json()["entries"]
        assert [each["entry"] for each in entries].count("reserve") == 1


async def test_a_new_task_is_described_before_the_projection_has_it(world: ApiWorld):
    async with world.visitor() as client:
        objects = await signed_up(world, client)
        objects.mesh.projecting = None
        task_id = (await started(client, goal="Count words", items=["a"])).json()["taskId"]

        found = await client.get(f"{TASKS}/{task_id}")

        assert found.status_code == 200 and found.json()["taskId"] == task_id


async def test_without_credits_a_task_is_refused_and_nothing_is_done(world: ApiWorld):
    async with world.visitor() as client:
        objects = await signed_up(world, client)
        await world.database.rows("UPDATE balances SET available = 1")

        answer = await started(client, "poor", goal="Count words", items=["a"])

        assert answer.status_code == 402 and problem_of(answer, "insufficient_credits")
        await projected(objects)
        assert (await client.get(TASKS)).json()["tasks"] == []
        await world.database.rows("UPDATE balances SET available = 1000")
        again = await started(client, "poor", goal="Count words", items=["a"])
        assert again.status_code == 202


async def test_what_is_no_task_is_refused_with_the_field_and_the_rule(world: ApiWorld):
    async with world.visitor() as client:
        await signed_up(world, client)
        wrong: list[dict[str, Any]] = [
            {"goal": "Translate", "items": ["a"], "work": "text"},
            {"goal": "Count words", "items": [1]},
            {"goal": "Count words", "items": []},
            {"goal": "Read", "items": ["ftp://x"], "work": "fetch"},
            {"goal": "", "items": ["a"]},
            {"goal": "Count words", "items": ["a"], "parallel": 65},
            {"goal": "Count words", "items": ["a"], "work": "magic"},
        ]
        for body in wrong:
            answer = await client.post(TASKS, json=body)
            assert answer.status_code == 422, body
        long = await client.post(TASKS, json={"goal": "Count words", "items": ["a" * 9_000]})
        assert long.status_code == 413


async def test_a_task_that_ended_cannot_be_cancelled_and_an_unknown_one_is_not_found(
    world: ApiWorld,
):
    async with world.visitor() as client:
        objects = await signed_up(world, client)
        task_id = (await started(client, goal="Count words", items=["a"])).json()["taskId"]
        await projected(objects)

        ended = await client.post(f"{TASKS}/{task_id}/cancel", json={})
        unknown = await client.post(f"{TASKS}/mtk_{'0' * 22}/cancel", json={})

        assert (ended.status_code, unknown.status_code) == (409, 404)
        assert (await client.get(f"{TASKS}/mtk_{'0' * 22}")).status_code == 404


async def test_projections_are_rebuilt_on_demand(world: ApiWorld):
    async with world.visitor() as client:
        objects = await signed_up(world, client)
        await started(client, goal="Count words", items=["a", "b"])
        await projected(objects)

        answer = await client.post("/api/mesh/projections/rebuild")

        found = answer.json()
        assert answer.status_code == 200 and found["equal"] and found["tasks"] == 1


async def test_a_key_without_the_scope_reaches_no_task(world: ApiWorld):
    async with world.visitor() as client:
        await signed_up(world, client)
        made = await client.post("/api/keys", json={"name": "chat only", "scopes": ["chat"]})
        client.headers["x-api-key"] = made.json()["apiKey"]

        assert (await client.get(TASKS)).status_code == 403
        assert (await started(client, goal="Count words", items=["a"])).status_code == 403


async def test_other_workers_start_tasks_and_look_at_them_by_rpc(world: ApiWorld):
    async with world.visitor() as client:
        objects = await signed_up(world, client)
        service, key = Service(world.app), client.headers["x-api-key"]
        asked = {"apiKey": key, "idempotencyKey": "r", "goal": "Count words", "items": ["a b"]}

        begun = result_of(await service.call("start_mesh_task", dumps(asked)))
        await projected(objects)
        look = dumps({"apiKey": key, "taskId": begun["taskId"]})
        found = result_of(await service.call("get_mesh_task", look))

        assert (found["status"], found["result"]) == ("completed", 2)
