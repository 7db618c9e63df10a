"""Runs by HTTP and socket on the real runtime, with real sandboxes."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from littoral.jsontext import dumps
from tests.harness.fixtures import MakeKillable
from tests.harness.worker import Worker
from tests.unit.api_world import problem_of
from tests.worker.agent_socket import ANSWER_SECONDS
from tests.worker.runs_client import RunsClient

GATE = "python3 -c 'print(6*7)'"


@pytest.fixture
async def client(worker: Worker) -> AsyncIterator[RunsClient]:
    made = await RunsClient.sign_up(worker.url)
    yield made
    await made.close()


async def test_the_gate_signup_key_run_answer_credits_usage(client: RunsClient) -> None:
    answer = await client.ask("POST", "/api/orchestrator", json={"command": GATE})
    assert answer.status_code == 202
    run = await client.ended(answer.json()["runId"])

    assert run["status"] == "completed"
    assert run["output"] == "42\n"
    assert run["exitCode"] == 0
    assert run["isolation"]
    assert run["credits"]["reserved"] == 3.5
    money = (await client.ask("GET", "/api/credits")).json()
    assert money["balance"] == pytest.approx(500 - run["credits"]["settled"])
    assert money["reserved"] == 0
    usage = (await client.ask("GET", "/api/usage")).json()
    assert [(row["kind"], row["count"]) for row in usage["rows"]] == [("run", 1)]


async def test_progress_is_streamed_until_the_run_has_ended(client: RunsClient) -> None:
    run_id = await client.start(command="echo one; sleep 1; echo two")
    path = f"/api/orchestrator/runs/{run_id}/events"
    events, ids, begun = [], [], time.monotonic()
    async with asyncio.timeout(ANSWER_SECONDS * 3):
        headers = {"accept": "text/event-stream"}
        async with client.http.stream("GET", path, headers=headers, timeout=60) as answer:
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    events.append(json.loads(line.removeprefix("data: ")))
                if line.startswith("id: "):
                    ids.append(int(line.removeprefix("id: ")))

    assert [each["number"] for each in events] == ids == list(range(1, len(events) + 1))
    assert events[-1]["type"] == "run.completed", time.monotonic() - begun
    texts = [each["data"]["text"] for each in events if each["type"] == "step.output"]
    assert "".join(texts) == "one\ntwo\n"
    async with client.http.stream(
        "GET", path, headers={"accept": "text/event-stream", "last-event-id": str(ids[-3])}
    ) as again:
        lines = [line async for line in again.aiter_lines() if line.startswith("id: ")]
    assert lines == [f"id: {ids[-2]}", f"id: {ids[-1]}"]


async def test_streams_output_and_artifacts_can_be_downloaded(client: RunsClient) -> None:
    command = "echo out; echo err >&2; mkdir -p artifacts/a; echo kept > artifacts/a/b.txt"
    run = await client.ended(await client.start(command=command))
    path = f"/api/orchestrator/runs/{run['id']}"

    assert [each["path"] for each in run["artifacts"]] == ["a/b.txt"]
    assert (await client.ask("GET", f"{path}/artifacts/a/b.txt")).text == "kept\n"
    assert (await client.ask("GET", f"{path}/artifacts/a/c.txt")).status_code == 404
    assert (await client.ask("GET", f"{path}/output?stream=stdout")).text == "out\n"
    assert (await client.ask("GET", f"{path}/output?stream=stderr")).text == "err\n"


async def test_what_is_not_allowed_is_refused_by_its_code(worker: Worker) -> None:
    client = await RunsClient.sign_up(worker.url)
    made = await client.ask("POST", "/api/keys", json={"name": "reader", "scopes": ["runs:read"]})
    reader = RunsClient(worker.url, made.json()["apiKey"])
    async with httpx.AsyncClient(base_url=worker.url) as nobody:
        problem_of(
            await nobody.post("/api/orchestrator", json={"command": "true"}), "not_authenticated"
        )
        assert (await nobody.get("/api/orchestrator")).json()["status"] == "ok"
    body = {"command": "true"}
    refused = await reader.ask("POST", "/api/orchestrator", json=body)
    problem_of(refused, "insufficient_scope")
    assert (await reader.ask("GET", "/api/orchestrator/runs")).json()["runs"] == []
    bad = await client.ask("POST", "/api/orchestrator", json={"command": "true", "task": "x"})
    problem_of(bad, "invalid_input")
    costly = {"command": "true", "timeoutSeconds": 86_400}
    await client.start(**costly)
    problem_of(await client.ask("POST", "/api/orchestrator", json=costly), "insufficient_credits")
    for _ in range(40):
        answer = await client.ask("POST", "/api/orchestrator", json=costly)
        if answer.status_code == 429:
            break
    problem_of(answer, "rate_limited")
    assert int(answer.headers["retry-after"]) > 0
    await client.close()
    await reader.close()


async def test_an_approval_survives_a_restart(make_killable_worker: MakeKillable) -> None:
    server = make_killable_worker(offline=True)
    client = await RunsClient.sign_up(server.url)
    first, second, third = [
        await client.start(command=GATE, requireApproval=True, approvalTimeoutSeconds=seconds)
        for seconds in (600, 600, 15)
    ]
    for run_id in (first, second, third):
        await client.until(run_id, "waiting_for_approval", "expired")
    await asyncio.to_thread(server.kill9)
    await asyncio.to_thread(server.start)

    await client.act(first, "approve")
    rejected = (await client.act(second, "reject", reason="no")).json()
    done = await client.ended(first)
    expired = await client.ended(third)

    assert (done["status"], done["output"]) == ("completed", "42\n")
    assert (rejected["status"], rejected["approvals"][0]["note"]) == ("rejected", "no")
    assert expired["status"] == "expired"
    assert (await client.ask("GET", "/api/credits")).json()["reserved"] == 0
    await client.close()
    left = stored_instances(server.state)
    for _ in range(120):
        if not left:
            break
        await asyncio.sleep(1)
        left = stored_instances(server.state)
    assert left == [], "the workflow instances of ended runs are deleted"


def stored_instances(state: Path) -> list[Path]:
    """What the local engine keeps of runs' workflow instances."""
    folders = state.rglob("miniflare-workflows-littoral-execute-task")
    files = [file for folder in folders for file in folder.glob("*.sqlite")]
    assert files, "the engine keeps a file of its own there"
    return [file for file in files if file.stem != "metadata"]


async def test_cancel_ends_the_process_and_pause_holds_it(client: RunsClient) -> None:
    ticks = "for i in $(seq 1 600); do echo $i; sleep 0.1; done"
    run_id = await client.start(command=ticks)
    await client.until(run_id, "running")
    paused = (await client.act(run_id, "pause")).json()
    assert paused["status"] == "paused"
    resumed = (await client.act(run_id, "resume")).json()
    assert resumed["status"] == "running"
    await client.act(run_id, "cancel", reason="enough")
    run = await client.ended(run_id)

    assert run["status"] == "cancelled"
    assert run["steps"][0]["status"] == "cancelled"


async def test_nobody_reaches_the_runs_of_somebody_else(client: RunsClient, worker: Worker) -> None:
    other = await RunsClient.sign_up(worker.url)
    run_id = await client.start(command="sleep 2", requireApproval=True)
    made = await client.ask("POST", "/api/orchestrator/session", json={})
    session_id = made.json()["sessionId"]

    assert (await other.ask("GET", "/api/orchestrator/runs")).json()["runs"] == []
    assert (await other.ask("GET", "/api/orchestrator/approvals")).json()["approvals"] == []
    assert (await other.ask("GET", "/api/orchestrator/session")).json()["sessions"] == []
    one = f"/api/orchestrator/runs/{run_id}"
    for path in ("", "/events", "/output", "/artifacts", "/artifacts/x"):
        problem_of(await other.ask("GET", f"{one}{path}"), "not_found")
    for action in ("approve", "reject", "cancel", "pause", "resume", "restart"):
        problem_of(await other.act(run_id, action), "not_found")
    for method in ("GET", "DELETE"):
        path = f"/api/orchestrator/session/{session_id}"
        problem_of(await other.ask(method, path), "not_found")
    refused = await other.ask(
        "POST", "/api/orchestrator", json={"command": "true", "sessionId": session_id}
    )
    problem_of(refused, "not_found")
    async with orchestrator_socket(other) as socket:
        assert await first_state(socket) == {"runs": [], "sessions": [], "approvals": []}
        await socket.send(dumps({"type": "rpc", "id": "1", "method": "getRun", "args": [run_id]}))
        assert not (await frame_of(socket, "rpc"))["success"]
    assert (await client.run(run_id))["status"] in ("queued", "waiting_for_approval")
    await client.act(run_id, "cancel")
    await client.ask("DELETE", f"/api/orchestrator/session/{session_id}")
    await other.close()


async def test_a_sandbox_session_keeps_files_between_runs(client: RunsClient) -> None:
    made = await client.ask("POST", "/api/orchestrator/session", json={"name": "desk"})
    assert made.status_code == 202
    session_id = made.json()["sessionId"]
    path = f"/api/orchestrator/session/{session_id}"
    deadline = time.monotonic() + 60
    while (found := (await client.ask("GET", path)).json())["status"] == "starting":
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.2)
    assert found["status"] == "ready"
    await client.ended(await client.start(command="echo 6 > n", sessionId=session_id))
    run = await client.ended(await client.start(command="cat n", sessionId=session_id))

    assert run["output"] == "6\n"
    assert (await client.ask("DELETE", path)).json()["status"] == "stopped"
    refused = await client.ask(
        "POST", "/api/orchestrator", json={"command": "true", "sessionId": session_id}
    )
    problem_of(refused, "conflict")


async def test_the_socket_shows_runs_and_follows_one(client: RunsClient) -> None:
    async with orchestrator_socket(client) as socket:
        assert (await first_state(socket))["runs"] == []
        run_id = await client.start(command=GATE)
        assert [run["id"] for run in (await first_state(socket))["runs"]] == [run_id]
        call = {"type": "rpc", "id": "f", "method": "followRun", "args": [run_id, 0]}
        await socket.send(dumps(call))
        numbers = []
        while not (part := await frame_of(socket, "rpc"))["done"]:
            numbers.append(part["result"]["number"])

    assert numbers == list(range(1, len(numbers) + 1))
    assert part["result"]["type"] == "run.completed"


async def test_a_key_without_the_scope_gets_no_socket(client: RunsClient, worker: Worker) -> None:
    made = await client.ask("POST", "/api/keys", json={"name": "chat", "scopes": ["chat"]})
    other = RunsClient(worker.url, made.json()["apiKey"])
    async with orchestrator_socket(other) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await frame_of(socket, "cf_agent_state")
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
    await other.close()


def orchestrator_socket(client: RunsClient) -> connect:
    address = f"ws{client.url.removeprefix('http')}/agents/orchestrator-agent/default?_pk=t"
    return connect(address, additional_headers={"x-api-key": client.key}, max_size=None)


async def first_state(socket: ClientConnection) -> Any:
    """The next state that a socket is sent."""
    return (await frame_of(socket, "cf_agent_state"))["state"]


async def frame_of(socket: ClientConnection, kind: str) -> Any:
    """The next frame of a type."""
    async with asyncio.timeout(ANSWER_SECONDS * 2):
        while True:
            frame = json.loads(await socket.recv())
            if frame["type"] == kind:
                return frame
