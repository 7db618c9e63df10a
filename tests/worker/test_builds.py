"""Builds on the real runtime with the offline model: by HTTP, on the socket, through evictions."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from websockets.asyncio.client import connect

from tests.harness.worker import KillableWorker
from tests.worker.builds_client import BuildsClient, hashes_of


@pytest.fixture
async def client(offline_worker: KillableWorker) -> Any:
    made = await BuildsClient.sign_up(offline_worker.url)
    yield made
    await made.close()


async def test_create_status_and_socket_tell_the_same(
    client: BuildsClient, offline_worker: KillableWorker
) -> None:
    made = await client.ask("POST", "/agents", json={"query": "Build a blog application"})
    assert made.status_code == 201, made.text
    answer = made.json()
    build_id = answer["sessionId"]
    assert answer["success"] is True
    assert answer["websocketUrl"].endswith(f"/agents/{build_id}/ws")

    state = await client.still(build_id)
    assert (state["sessionId"], state["status"]) == (build_id, "waiting")
    assert state["agentMode"] == "deterministic"
    assert state["blueprint"]["kind"] == "static"

    address = f"{offline_worker.websocket_url}/agents/{build_id}/ws"
    async with connect(address, additional_headers={"x-api-key": client.key}) as socket:
        frames = [json.loads(await asyncio.wait_for(socket.recv(), 30)) for _ in range(2)]
        assert frames[0]["agent"] == "code-generator-agent"
        assert frames[1]["state"] == state

        await client.steer(build_id, "generate")
        seen: dict[str, str] = {}
        while True:
            frame = json.loads(await asyncio.wait_for(socket.recv(), 60))
            if frame["type"] == "file-piece":
                before = seen.get(frame["path"], "") if frame["offset"] else ""
                assert frame["offset"] == len(before)
                seen[frame["path"]] = before + frame["text"]
            elif frame.get("state", {}).get("status") == "completed":
                break

    final = await client.still(build_id)
    assert final["status"] == "completed"
    assert {path: file["hash"] for path, file in final["generatedFilesMap"].items()} == (
        await hashes_of("Build a blog application")
    )
    for path, text in seen.items():
        found = await client.ask("GET", f"/agents/{build_id}/files", params={"path": path})
        assert found.json()["files"][0]["content"] == text
    assert (
        await client.wrong_files(
            build_id, {path: file["hash"] for path, file in final["generatedFilesMap"].items()}
        )
        == []
    )
    listed = (await client.ask("GET", "/agents")).json()["builds"]
    assert [(each["id"], each["status"]) for each in listed] == [(build_id, "completed")]


async def test_a_message_changes_a_completed_build_and_a_revision_takes_it_back(
    client: BuildsClient,
) -> None:
    build_id = await client.begin("Build a to-do list", start=True)
    before = await client.still(build_id)
    await client.steer(build_id, "message", message="make the header blue")
    changed = await client.still(build_id)
    assert changed["status"] == "completed"
    assert len(changed["generatedPhases"]) == len(before["generatedPhases"]) + 1
    assert changed["generatedFilesMap"] != before["generatedFilesMap"]

    restored = await client.steer(build_id, "restore", revision=before["revision"])
    assert {p: f["hash"] for p, f in restored["generatedFilesMap"].items()} == {
        p: f["hash"] for p, f in before["generatedFilesMap"].items()
    }
    events = await client.build_events(build_id)
    assert [each["number"] for each in events] == list(range(1, len(events) + 1))


async def test_problems_of_a_preview_are_fixed(client: BuildsClient) -> None:
    build_id = await client.begin("Build a to-do list", start=True)
    await client.still(build_id)
    problem = {"message": "x is not defined", "source": "/app.js", "line": 3}
    told = await client.steer(build_id, "problems", problems=[problem])
    assert told["status"] == "completed_with_issues"
    await client.steer(build_id, "fix")
    state = await client.still(build_id)
    assert state["status"] == "completed"
    assert [each["status"] for each in state["issues"]] == ["fixed"]


async def test_a_worker_is_built_and_checked_by_the_real_engine(
    client: BuildsClient,
) -> None:
    query = "Build a JSON API for notes as a JavaScript Worker"
    build_id = await client.begin(query, start=True, mode="smart")
    state = await client.still(build_id)

    assert state["status"] == "completed", (state["error"], state["issues"])
    assert state["blueprint"]["kind"] == "javascript-worker"
    assert state["decision"]["action"] == "finish"


async def test_builds_of_others_are_not_there(
    client: BuildsClient, offline_worker: KillableWorker
) -> None:
    build_id = await client.begin("Build a to-do list", start=True)
    other = await BuildsClient.sign_up(offline_worker.url)
    try:
        for path in ("", "/files", "/files.zip", "/events", "/revisions", "/preview"):
            answer = await other.ask("GET", f"/agents/{build_id}{path}")
            assert answer.status_code == 404, path
        for action in ("generate", "cancel", "resume", "fix"):
            answer = await other.ask("POST", f"/agents/{build_id}/{action}", json={})
            assert answer.status_code == 404, action
        assert (await other.ask("GET", "/agents")).json()["builds"] == []
    finally:
        await other.close()
    assert (await client.still(build_id))["status"] == "completed"


async def test_no_more_than_three_are_worked_on_at_once(client: BuildsClient) -> None:
    answers = await asyncio.gather(
        *(
            client.http.post("/agents", json={"query": "Build a to-do list", "start": True})
            for _ in range(12)
        )
    )
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {201, 429}
    made = [answer.json()["sessionId"] for answer in answers if answer.status_code == 201]
    for build_id in made:
        assert (await client.still(build_id))["status"] == "completed"
