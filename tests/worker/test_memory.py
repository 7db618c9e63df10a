"""An agent's memory over HTTP on the real runtime.

The same story on ``worker``, where Workers AI and Vectorize are doubles, and on ``offline_worker``,
with the offline embedder and the object's own index.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.harness.fixtures import MakeKillable
from tests.harness.worker import KillableWorker, Worker
from tests.worker.runs_client import RunsClient

WAIT_SECONDS = 60.0
AGENT = {"name": "Keeper", "model": "offline", "promptTemplate": "{{input}}"}
TIDES = "The moon pulls the sea.\r\n\r\nTwice a day the water rises. 🌊 潮は一日に二回満ちる。"
LONG = "\n\n".join(f"Chapter {n}. " + f"Thing {n} is about subject {n}. " * 30 for n in range(60))


class MemoryClient:
    """One account with one agent."""

    def __init__(self, http: httpx.AsyncClient, agent_id: str) -> None:
        self.http = http
        self.path = f"/api/agents/{agent_id}/memory"

    async def add(self, **body: Any) -> httpx.Response:
        return await self.http.post(self.path, json=body)

    async def search(self, question: str, count: int = 5) -> dict[str, Any]:
        answer = await self.http.get(self.path, params={"q": question, "count": count})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def ready(self) -> dict[str, Any]:
        """The list, once every document is searchable."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            found: dict[str, Any] = (await self.http.get(self.path)).json()
            if all(each["status"] == "ready" for each in found["documents"]):
                return found
            assert time.monotonic() < deadline, found
            await asyncio.sleep(0.2)


async def with_agent(url: str) -> MemoryClient:
    made = await RunsClient.sign_up(url)
    answer = await made.http.post("/api/agents", json=AGENT)
    assert answer.status_code == 201, answer.text
    return MemoryClient(made.http, answer.json()["id"])


@pytest.fixture(params=["doubles", "offline"])
async def memory(request: pytest.FixtureRequest) -> AsyncIterator[MemoryClient]:
    chosen = "worker" if request.param == "doubles" else "offline_worker"
    server: Worker | KillableWorker = request.getfixturevalue(chosen)
    made = await with_agent(server.url)
    yield made
    await made.http.aclose()


async def test_documents_go_in_and_passages_come_out_with_true_places(
    memory: MemoryClient,
) -> None:
    added = await memory.add(title="Tides", text=TIDES, source="https://example.com/tides")
    assert added.status_code in (201, 202), added.text
    tides = added.json()["documentId"]
    bread = await memory.add(documents=[{"text": "Bake the bread for forty minutes."}])
    assert bread.json()["documents"][0]["title"].startswith("Bake the bread")
    listed = await memory.ready()
    assert listed["counts"]["documents"] == 2 and listed["counts"]["embedded"] == 2

    found = await memory.search("when does the water rise?")
    first = found["passages"][0]
    assert first["documentId"] == tides and found["pending"] == 0
    text = (await memory.http.get(f"{memory.path}/{tides}")).json()["text"]
    assert first["text"] == text[first["start"] : first["end"]]
    assert "潮" in first["text"] and "\r" not in text

    again = await memory.add(title="Tides", text=TIDES, source="https://example.com/tides")
    assert (again.status_code, again.json()["documentId"]) == (201, tides)
    assert (await memory.http.delete(f"{memory.path}/{tides}")).json()["deleted"]
    left = await memory.search("when does the water rise?")
    assert all(each["documentId"] != tides for each in left["passages"])
    assert (await memory.http.get(f"{memory.path}/{tides}")).status_code == 404


async def test_a_long_document_is_searchable_after_a_while_through_an_eviction(
    worker: Worker,
) -> None:
    known = set(worker.list_objects("AgentMemory"))
    memory = await with_agent(worker.url)
    added = await memory.add(title="Long", text=LONG)
    assert added.json()["chunks"] > 50
    [made] = set(worker.list_objects("AgentMemory")) - known
    worker.evict_id("AgentMemory", made)
    await memory.ready()
    [best] = (await memory.search("Thing 37 is about subject 37", 1))["passages"]
    assert best["text"].startswith("Chapter 37")
    await memory.http.aclose()


async def test_a_megabyte_and_hostile_texts_are_bounded(offline_worker: KillableWorker) -> None:
    memory = await with_agent(offline_worker.url)
    for bad, code in (
        ({"text": "a\x00b"}, 422),
        ({"text": " \n "}, 422),
        ({"text": "ä" * 500_001}, 413),
        ({"documents": []}, 422),
        ({}, 422),
    ):
        assert (await memory.add(**bad)).status_code == code, bad
    huge = await memory.add(text="a" * 1_000_000)
    assert huge.status_code in (201, 202), huge.text
    assert huge.json()["chunks"] < 1_000
    stranger = await with_agent(offline_worker.url)
    assert (await stranger.http.get(memory.path)).status_code == 404
    for client in (memory, stranger):
        await client.http.aclose()


async def test_a_kill_loses_no_document(make_killable_worker: MakeKillable) -> None:
    server = make_killable_worker(offline=True)
    memory = await with_agent(server.url)
    added = await memory.add(title="Long", text=LONG * 8)
    assert added.status_code in (201, 202), added.text
    server.kill9()
    server.start()
    await memory.http.aclose()
    memory.http = httpx.AsyncClient(base_url=server.url, headers=memory.http.headers, timeout=60)
    listed = await memory.ready()
    assert listed["counts"]["embedded"] == added.json()["chunks"] == listed["counts"]["passages"]
    [best] = (await memory.search("Thing 37 is about subject 37", 1))["passages"]
    assert best["text"].startswith("Chapter 37")
    await memory.http.aclose()
