"""Agents and executions over HTTP on the real runtime: seed 003's flow, streams, live view."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest
import websockets

from tests.fakes.scripted_ai import Answer, ScriptedAi
from tests.harness.worker import KillableWorker, Worker
from tests.worker.registry_client import RegistryClient

SECRET = "sk-abcdefghijklmnopqrstuvwxyz0123"


@pytest.fixture
async def client(worker: Worker, ai: ScriptedAi) -> AsyncIterator[RegistryClient]:
    made = await RegistryClient.sign_up(worker.url)
    yield made
    await made.close()


async def test_an_agent_is_made_executed_and_its_execution_has_every_field(
    client: RegistryClient, ai: ScriptedAi
) -> None:
    ai.answer_aside_when("For children", Answer(text="Water, wide and wet."))
    agent = await client.agent(
        name="Summariser",
        promptTemplate="For {{audience}}:\n{{input}}",
        systemPrompt="Be short.",
        temperature=0,
        maxTokens=200,
        gateway={"id": "gate", "cacheTtl": 300, "collectLog": False},
    )

    answer = await client.execute(
        agent["id"], "The sea.", variables={"audience": "children"}, sessionId="s-1"
    )

    found = answer.json()
    assert answer.status_code == 200, answer.text
    assert re.fullmatch(r"exe_[A-Za-z0-9_-]{22}", found["id"])
    times = [datetime.fromisoformat(found[each]) for each in ("createdAt", "startedAt", "endedAt")]
    assert times == sorted(times)
    assert found["latencyMs"] == round((times[2] - times[0]).total_seconds() * 1000)
    changing = ("id", "createdAt", "startedAt", "endedAt", "latencyMs", "credits")
    assert {name: value for name, value in found.items() if name not in changing} == {
        "agentId": agent["id"],
        "agentName": "Summariser",
        "agentVersion": 1,
        "input": "The sea.",
        "variables": {"audience": "children"},
        "output": "Water, wide and wet.",
        "status": "completed",
        "edgeLocation": "local",
        "requestedLocation": "auto",
        "tokens": {"input": 11, "output": 7},
        "model": "@cf/meta/llama-2-7b-chat-int8",
        "degraded": False,
        "cached": False,
        "cacheAgeSeconds": None,
        "filtered": [],
        "citations": [],
        "error": None,
        "sessionId": "s-1",
    }
    asked = ai.calls_aside[-1]
    assert asked.model == "@cf/meta/llama-2-7b-chat-int8"
    assert asked.inputs["messages"] == [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "For children:\nThe sea."},
    ]
    assert (asked.inputs["temperature"], asked.inputs["max_tokens"]) == (0, 200)
    assert asked.options is not None
    assert asked.options["gateway"] == {"id": "gate", "cacheTtl": 300, "collectLog": False}

    kept = (
        await client.execute(agent["id"], "The sea.", variables={"audience": "children"})
    ).json()
    assert (kept["cached"], kept["output"], kept["tokens"]["output"]) == (True, found["output"], 0)
    assert kept["cacheAgeSeconds"] >= 0
    assert await client.execution(found["id"]) == found
    listed = (await client.ask("GET", f"/api/executions?agentId={agent['id']}")).json()
    assert [each["id"] for each in listed["executions"]] == [kept["id"], found["id"]]
    stats = (await client.ask("GET", f"/api/agents/{agent['id']}")).json()["stats"]
    assert (stats["executions"], stats["failed"], len(stats["recentLatencies"])) == (2, 0, 2)
    spent = await client.credits()
    assert spent["reserved"] == 0
    assert round(500 - spent["balance"], 3) == round(found["credits"] + kept["credits"], 3) > 0


async def test_what_cannot_be_used_is_refused_with_the_reason(client: RegistryClient) -> None:
    async def reason(path: str, **body: Any) -> str:
        answer = await client.ask("POST", path, json=body)
        assert answer.status_code == 422, answer.text
        return str(answer.json()["errors"][0])

    agent = await client.agent(promptTemplate="{{tone}}: {{input}}")
    execute = f"/api/agents/{agent['id']}/execute"
    assert "no model" in await reason("/api/agents", name="A", model="gpt-4")
    assert "embeddings" in await reason("/api/agents", name="A", model="TextEmbedding")
    for field, value in (("temperature", 2.5), ("maxTokens", 0), ("maxTokens", 10**6)):
        assert field in await reason("/api/agents", name="A", model="offline", **{field: value})
    bad = await reason("/api/agents", name="A", model="offline", promptTemplate="{{input}} {{x y}}")
    assert "position 10" in bad
    assert "variables.tone" in await reason(execute, input="x")
    assert "variables.more" in await reason(
        execute, input="x", variables={"tone": "a", "more": "b"}
    )
    assert "edgeLocation" in await reason(
        execute, input="x", variables={"tone": "a"}, edgeLocation="x"
    )


async def test_a_stream_holds_a_secret_back_that_comes_in_pieces(
    client: RegistryClient, ai: ScriptedAi
) -> None:
    text = f"Here it is: {SECRET} and a mail to a@example.com."
    ai.answer_aside_when("secret", Answer(text=text, cut_bytes=5))
    agent = await client.agent(outputFilter={"personalData": True})

    frames: list[dict[str, Any]] = []
    body = {"input": "a secret", "mode": "stream"}
    path = f"/api/agents/{agent['id']}/execute"
    async with client.http.stream("POST", path, json=body) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                frames.append(json.loads(line[6:]))

    said = "".join(each["delta"] for each in frames if each["type"] == "text-delta")
    assert said == "Here it is: [api-key removed] and a mail to [email removed]."
    assert (frames[0]["type"], frames[-1]["type"]) == ("execution.started", "execution.completed")
    ended = frames[-1]["execution"]
    assert ended["output"] == said
    assert ended["filtered"] == [{"rule": "api-key", "count": 1}, {"rule": "email", "count": 1}]
    events = await client.ask("GET", f"/api/executions/{ended['id']}/events")
    assert SECRET not in events.text and events.json()["ended"] is True


async def test_a_page_sees_an_execution_run_and_be_cancelled(
    client: RegistryClient, ai: ScriptedAi, worker: Worker
) -> None:
    slow = Answer(text="many words " * 20, hold_after=12)
    ai.answer_aside_when("slowly", slow)
    agent = await client.agent(edgeLocations=["weur", "apac"])
    address = f"{worker.websocket_url}/agents/registry-agent/default?_pk=t"
    headers = {"x-api-key": client.key}
    async with websockets.connect(address, additional_headers=headers) as socket:
        first = await state_of(socket, lambda state: True)
        made = await client.execute(agent["id"], "slowly", mode="async", edgeLocation="apac")
        await words_of(client, made.json()["id"])
        running = await state_of(socket, lambda state: state["counts"]["running"] == 1)
        path = f"/api/executions/{made.json()['id']}/cancel"
        cancelled = (await client.ask("POST", path, json={"reason": "enough"})).json()
        slow.release()
        ended = await state_of(socket, lambda state: state["counts"]["executions"] == 1)

    assert made.status_code == 202 and made.json()["requestedLocation"] == "apac"
    assert [each["id"] for each in first["agents"]] == [agent["id"]]
    assert running["executions"][0]["status"] == "running"
    assert (cancelled["status"], cancelled["error"]["detail"]) == ("cancelled", "enough")
    assert cancelled["output"].startswith("many words")
    assert ended["executions"][0]["status"] == "cancelled"
    assert (ended["counts"]["failed"], ended["agents"][0]["stats"]["failed"]) == (0, 0)


async def test_another_worker_executes_an_agent_once_for_a_key(
    client: RegistryClient, worker: Worker
) -> None:
    agent = await client.agent()
    call = {"apiKey": client.key, "agentId": agent["id"], "idempotencyKey": "once"}

    said = await asyncio.to_thread(
        worker.from_neighbour, "rpc", method="execute_agent", input="hi", **call
    )
    again = (await client.execute(agent["id"], "hi", key="once")).json()

    assert said["ok"] and said["result"] == again


async def test_without_a_model_the_offline_one_says_so(offline_worker: KillableWorker) -> None:
    client = await RegistryClient.sign_up(offline_worker.url)
    agent = await client.agent()

    found = (await client.execute(agent["id"], "The sea is wide.")).json()
    async with httpx.AsyncClient(base_url=offline_worker.url) as guest:
        refused = await guest.get("/api/agents")
    await client.close()

    assert (found["status"], found["degraded"], found["model"]) == ("completed", True, "offline")
    assert "I am offline" in found["output"] and "The sea is wide." in found["output"]
    assert refused.status_code == 401


async def words_of(client: RegistryClient, execution_id: str) -> None:
    """Waits until an execution has said something."""
    for _ in range(300):
        page = await client.ask("GET", f"/api/executions/{execution_id}/events")
        if "execution.output" in page.text:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(page.text)


async def state_of(socket: Any, wanted: Any) -> dict[str, Any]:
    """The next state that is as ``wanted``."""
    async with asyncio.timeout(30):
        async for text in socket:
            frame = json.loads(text)
            if frame["type"] == "cf_agent_state" and wanted(frame["state"]):
                found: dict[str, Any] = frame["state"]
                return found
    raise AssertionError("the socket was closed")
