"""One trace followed through everything that a request causes, and what operators see of it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from websockets.asyncio.client import connect

from tests.harness.worker import KillableWorker
from tests.worker.functions_client import FunctionsClient

WAIT_SECONDS = 60.0

Spans = list[dict[str, Any]]


@pytest.fixture
async def client(offline_worker: KillableWorker) -> AsyncIterator[FunctionsClient]:
    made = await FunctionsClient.sign_up(offline_worker.url)
    yield made
    await made.close()


def traceparent(number: int) -> str:
    """A trace of this moment, whose caller wants its spans kept."""
    return f"00-{time.time_ns():031x}{number:x}-00f067aa0ba902b7-01"


async def spans_of(
    client: FunctionsClient, header: str, complete: Callable[[Spans], bool]
) -> Spans:
    """The spans of a trace, as soon as they are what a test waits for."""
    path = f"/api/operations/traces/{header.split('-')[1]}"
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        answer = await client.ask("GET", path)
        spans: Spans = answer.json().get("parts", [])
        if spans and complete(spans):
            return spans
        assert time.monotonic() < deadline, answer.text
        await asyncio.sleep(0.3)


def named(spans: Spans, name: str) -> dict[str, Any]:
    return next(each for each in spans if each["name"] == name)


def above(spans: Spans, span: dict[str, Any]) -> list[str]:
    """The names of the spans that a span is a part of, nearest first."""
    by_id = {each["spanId"]: each for each in spans}
    names = []
    while span["parentId"] in by_id:
        span = by_id[span["parentId"]]
        names.append(span["name"])
    return names


async def test_a_trace_goes_from_the_request_through_agent_and_queue_to_the_job(
    client: FunctionsClient,
) -> None:
    trace = traceparent(1)
    asked = {"description": "Reverse the text in args.text", "args": {"text": "abc"}}
    answer = await client.ask(
        "POST", "/fn", json={**asked, "options": {"mode": "async"}}, headers={"traceparent": trace}
    )
    assert answer.status_code == 202, answer.text
    assert answer.headers["traceresponse"].split("-")[1] == trace.split("-")[1]
    job = await client.job_ended(answer.json()["jobId"])

    wanted = {"POST /fn", "function-agent job", "function-execution message"}
    spans = await spans_of(client, trace, lambda found: wanted <= {s["name"] for s in found})

    ended = named(spans, "function-agent job")
    assert above(spans, ended) == [
        "function-agent job.work",
        "function-execution message",
        "function-agent function.execute",
        "POST /fn",
    ]
    assert ended["facts"]["id"] == job["jobId"]
    assert named(spans, "POST /fn")["parentId"] == "00f067aa0ba902b7"
    assert all(span["status"] == "ok" for span in spans)


async def test_a_trace_goes_through_a_runs_workflow_to_its_end(client: FunctionsClient) -> None:
    trace = traceparent(2)
    answer = await client.ask(
        "POST", "/api/orchestrator", json={"command": "echo hi"}, headers={"traceparent": trace}
    )
    assert answer.status_code == 202, answer.text
    run_id = answer.json()["runId"]
    run = await client.ended(run_id)
    assert run["status"] == "completed", run

    spans = await spans_of(
        client, trace, lambda found: "orchestrator-agent run" in {s["name"] for s in found}
    )

    stages = {span["name"] for span in spans if span["kind"] == "stage"}
    assert {"run validate", "run plan", "run sandbox", "run begin", "run close"} <= stages
    assert above(spans, named(spans, "orchestrator-agent workflow.stage"))[-1] == (
        "POST /api/orchestrator"
    )
    ended = named(spans, "orchestrator-agent run")
    assert ended["facts"]["id"] == run_id
    assert above(spans, ended)[-1] == "POST /api/orchestrator"
    assert any(span["name"].startswith("sandbox ") for span in spans)


async def test_turns_by_http_and_by_socket_are_seen_in_the_figures_and_the_log(
    client: FunctionsClient, offline_worker: KillableWorker
) -> None:
    secret = "feed the swordfish"
    trace = traceparent(3)
    body = {"message": f"Add task: {secret}"}
    chat = await client.ask("POST", "/api/chat", json=body, headers={"traceparent": trace})
    session_id = chat.json()["sessionId"]
    path = f"{offline_worker.websocket_url}/agents/task-agent/{session_id}"
    async with connect(path, additional_headers={"x-api-key": client.key}) as socket:
        message = {"id": "m-1", "role": "user", "parts": [{"type": "text", "text": "list tasks"}]}
        frame = {
            "type": "cf_agent_use_chat_request",
            "id": "r-1",
            "init": {"method": "POST", "body": json.dumps({"messages": [message]})},
        }
        await socket.send(json.dumps(frame))
        async with asyncio.timeout(WAIT_SECONDS):
            async for text in socket:
                if json.loads(text).get("done"):
                    break
    spans = await spans_of(
        client, trace, lambda found: "task-agent turn" in {s["name"] for s in found}
    )
    assert above(spans, named(spans, "task-agent turn")) == [
        "task-agent chat.send",
        "POST /api/chat",
    ]
    assert named(spans, "offline")["kind"] == "model"

    async def turns() -> list[dict[str, Any]]:
        lines = (await client.ask("GET", "/api/operations/log?limit=500")).json()["lines"]
        return [each for each in lines if each["kind"] == "turn" and each["user"] == client.user_id]

    deadline = time.monotonic() + WAIT_SECONDS
    while len(found := await turns()) < 2:
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.3)
    assert {each["outcome"] for each in found} == {"completed"}
    assert secret not in json.dumps(found)

    summary = (await client.ask("GET", "/api/operations/summary")).json()
    row = next(each for each in summary["agents"] if each["work"] == "turn")
    assert row["count"] >= 2 and row["p95Ms"] > 0
    assert summary["dependencies"]["database"]["status"] == "ok"
    metrics = (await client.ask("GET", "/api/metrics")).text
    families = {each.name: each for each in text_string_to_metric_families(metrics)}
    assert families["littoral_work_duration_seconds"].samples


async def test_ready_looks_at_everything_and_tells_its_age(offline_worker: KillableWorker) -> None:
    async with httpx.AsyncClient(base_url=offline_worker.url, timeout=60) as http:
        first = await http.get("/api/ready")
        again = await http.get("/api/ready")

    assert first.status_code == 200, first.text
    states = first.json()["dependencies"]
    assert set(states) == {
        "database",
        "files",
        "models",
        "objects",
        "queue",
        "settings",
        "telemetry",
    }
    assert {each["status"] for each in states.values()} == {"ok"}
    assert again.json()["dependencies"]["database"]["ageMs"] >= states["database"]["ageMs"]
