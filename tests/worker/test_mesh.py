"""The mesh on the real runtime: objects deliver to each other, sleep, and replay what they did."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import websockets

from tests.harness.worker import Worker
from tests.worker.runs_client import RunsClient

CLASSES = ("MeshAgent", "CoordinatorAgent", "WorkerAgent")


async def ended(client: RunsClient, task_id: str) -> dict[str, Any]:
    """Waits until a task of the mesh has ended."""
    deadline = time.monotonic() + 60
    while True:
        found: dict[str, Any] = (await client.ask("GET", f"/api/mesh/tasks/{task_id}")).json()
        if found["endedAt"]:
            return found
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.2)


async def quiet(client: RunsClient) -> list[dict[str, Any]]:
    """All events, once every agent says that there is nothing before it."""
    deadline = time.monotonic() + 60
    while True:
        agents = (await client.ask("GET", "/api/mesh/agents")).json()["agents"]
        if all(each["inbox"] + each["outbox"] + each["effects"] == 0 for each in agents):
            page = await client.ask("GET", "/api/mesh/events", params={"limit": 500})
            events: list[dict[str, Any]] = page.json()["events"]
            told = {each["agent"]: each["number"] for each in events}
            if all(told.get(each["name"], 0) == each["events"] for each in agents):
                return events
        assert time.monotonic() < deadline, agents
        await asyncio.sleep(0.2)


async def start(client: RunsClient, *items: str) -> str:
    body = {"goal": "Count the words", "items": list(items), "work": "text"}
    answer = await client.ask("POST", "/api/mesh/tasks", json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["taskId"])


async def test_agents_deliver_to_each_other_lose_their_memory_and_replay_what_they_did(
    worker: Worker,
) -> None:
    client = await RunsClient.sign_up(worker.url)
    address = f"{worker.url.replace('http', 'ws', 1)}/agents/mesh-agent/default"
    async with websockets.connect(
        address, additional_headers={"x-api-key": client.key}, max_size=2**24
    ) as socket:
        first = await ended(client, await start(client, "one two", "three"))
        assert first["status"] == "completed", first
        events = await quiet(client)
        seen: set[int] = set()
        async with asyncio.timeout(30):
            while len(seen) < len(events):
                frame = json.loads(await socket.recv())
                told = frame.get("events") or [frame.get("event")]
                if frame["type"].startswith("mesh-event"):
                    seen |= {each["position"] for each in told}

    sent = {each["body"]["id"] for each in events if each["type"] == "message.sent"}
    received = [each["body"]["id"] for each in events if each["type"] == "message.received"]
    assert sent <= set(received) and len(received) == len(set(received))

    for name in CLASSES:
        for object_id in worker.list_objects(name):
            worker.evict_id(name, object_id)
    second = await ended(client, await start(client, "four five six"))
    assert second["status"] == "completed", second
    events = await quiet(client)
    assert [each["position"] for each in events] == list(range(1, len(events) + 1))
    for agent in {each["agent"] for each in events}:
        numbers = [each["number"] for each in events if each["agent"] == agent]
        assert numbers == list(range(1, len(numbers) + 1))
        answer = await client.ask("POST", f"/api/mesh/agents/{agent}/replay", json={})
        assert answer.json()["equal"] is True, answer.text
        assert answer.json()["events"] == len(numbers)
    await client.close()
