"""Functions over HTTP on the real runtime, offline: the plan of their tests, jobs, people."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import websockets

from tests.harness.worker import KillableWorker, Worker
from tests.worker.functions_client import FunctionsClient

NUMBERS = {"numbers": [3, 1, 4, 1, 5]}


@pytest.fixture
async def client(offline_worker: KillableWorker) -> AsyncIterator[FunctionsClient]:
    made = await FunctionsClient.sign_up(offline_worker.url)
    yield made
    await made.close()


async def test_simple_functions_are_code(client: FunctionsClient):
    answer = await client.fn("Sort array of numbers", args=NUMBERS)
    found = answer.json()
    assert (answer.status_code, found["type"]) == (200, "code"), answer.text
    assert found["classification"]["confidence"] > 0.8
    assert found["result"] == [1, 1, 3, 4, 5]


async def test_the_factorial_of_five_is_computed_and_its_code_is_kept(client: FunctionsClient):
    first = (await client.fn("Calculate factorial", args={"n": 5})).json()
    again = (await client.fn("Calculate factorial", args={"n": 6})).json()
    assert (first["result"], again["result"]) == (120, 720)
    assert not first["code"]["reused"] and again["code"]["reused"]
    assert first["code"]["hash"] == again["code"]["hash"]


async def test_a_larger_task_is_a_build_that_the_job_follows(client: FunctionsClient):
    answer = await client.fn("Build a blog application")
    found = answer.json()
    assert (answer.status_code, found["type"], found["status"]) == (202, "agentic", "waiting")
    job = await client.job_ended(found["jobId"])
    assert job["result"]["sessionId"] == found["result"]["sessionId"]
    assert job["status"] == "completed" and job["result"]["files"], job["error"]


async def test_data_is_generated_as_an_object(client: FunctionsClient):
    answer = await client.fn("Generate user profile JSON")
    found = answer.json()
    assert (answer.status_code, found["type"]) == (200, "object"), answer.text
    assert found["result"]["name"] and "@" in found["result"]["email"]


async def test_a_given_schema_is_kept_to(client: FunctionsClient):
    schema = {
        "type": "object",
        "properties": {
            "sku": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{3}$"},
            "price": {"type": "number", "exclusiveMinimum": 0, "maximum": 10},
            "tags": {"type": "array", "items": {"type": "string"}, "minItems": 2},
        },
        "required": ["sku", "price", "tags"],
        "additionalProperties": False,
    }
    found = (await client.fn("Generate a product", schema=schema)).json()
    assert found["result"]["sku"] == "ABC-123" and 0 < found["result"]["price"] <= 10
    assert len(found["result"]["tags"]) >= 2


async def test_reviews_go_to_a_person_whose_answer_is_the_result(client: FunctionsClient):
    answer = await client.fn("Review code for security", options={"assignee": "Ada"})
    found = answer.json()
    assert (answer.status_code, found["type"], found["status"]) == (202, "human", "waiting")
    path = f"/fn/human-tasks/{found['result']['taskId']}"
    waiting = (await client.ask("GET", "/fn/human-tasks?status=waiting")).json()["tasks"]
    assert [each["taskId"] for each in waiting] == [found["result"]["taskId"]]
    wrong = await client.ask("POST", f"{path}/complete", json={"answer": {"decision": "maybe"}})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "answer.decision"
    said = {"decision": "approved"}
    done = await client.ask("POST", f"{path}/complete", json={"answer": said})
    assert done.json()["status"] == "completed"
    job = await client.job(found["jobId"])
    assert (job["status"], job["result"]) == ("completed", said)


async def test_nobody_answers_and_the_alarm_reminds_and_expires(client: FunctionsClient):
    asked = {"deadlineSeconds": 2}
    found = (await client.fn("Approve the deployment", options=asked)).json()
    job = await client.job_ended(found["jobId"])
    types = [each["type"] for each in await client.job_events(found["jobId"])]
    assert job["status"] == "expired" and types[-2:] == ["job.reminded", "job.expired"]


async def test_an_async_call_gives_a_job_that_the_queue_does(client: FunctionsClient):
    answer = await client.fn("Generate user profile JSON", options={"mode": "async"})
    assert answer.status_code == 202 and answer.json()["type"] == "object"
    job = await client.job_ended(answer.json()["jobId"])
    assert (job["status"], job["attempts"]) == ("completed", 1)
    assert job["credits"]["settled"] == pytest.approx(0.02)


async def test_a_repeated_call_is_the_same_job(client: FunctionsClient):
    first = await client.fn("Generate user profile JSON", key="one")
    again = await client.fn("Generate user profile JSON", key="one")
    other = await client.fn("Generate product JSON", key="one")
    assert first.json() == again.json() and other.status_code == 409
    assert len((await client.ask("GET", "/fn/jobs")).json()["jobs"]) == 1


async def test_accounts_do_not_see_each_others_jobs(
    client: FunctionsClient, offline_worker: KillableWorker
):
    found = (await client.fn("Review code for security")).json()
    other = await FunctionsClient.sign_up(offline_worker.url)
    job, task = f"/fn/jobs/{found['jobId']}", f"/fn/human-tasks/{found['result']['taskId']}"
    for method, path in (
        ("GET", job),
        ("GET", f"{job}/events"),
        ("POST", f"{job}/cancel"),
        ("POST", f"{job}/replay"),
        ("GET", task),
    ):
        assert (await other.ask(method, path)).status_code == 404, path
    said = {"answer": {"decision": "approved"}}
    assert (await other.ask("POST", f"{task}/complete", json=said)).status_code == 404
    assert (await other.ask("GET", "/fn/jobs")).json()["jobs"] == []
    assert (await other.ask("GET", "/fn/human-tasks")).json()["tasks"] == []
    await other.close()


async def test_functions_need_an_account_and_the_scope(
    client: FunctionsClient, offline_worker: KillableWorker
):
    made = await client.ask("POST", "/api/keys", json={"name": "chats", "scopes": ["chat"]})
    chats = FunctionsClient(offline_worker.url, made.json()["apiKey"])
    assert (await chats.fn("Sort array of numbers")).json()["code"] == "insufficient_scope"
    nobody = FunctionsClient(offline_worker.url, "")
    assert (await nobody.fn("Sort array of numbers")).status_code == 401
    await chats.close()
    await nobody.close()


async def test_unclear_words_are_asked_back_with_what_they_may_mean(client: FunctionsClient):
    answer = await client.fn("The thing")
    found = answer.json()
    assert (answer.status_code, found["code"]) == (422, "needs_clarification")
    assert len(found["alternatives"]) == 4 and found["jobId"].startswith("job_")
    remembered = await client.ask(
        "POST", "/fn/overrides", json={"description": "The thing", "type": "human"}
    )
    assert remembered.status_code == 200
    assert (await client.fn("the thing")).json()["type"] == "human"
    key = remembered.json()["key"]
    assert (await client.ask("DELETE", f"/fn/overrides/{key}")).status_code == 204


async def test_arguments_may_be_larger_than_other_bodies_but_not_endless(client: FunctionsClient):
    long = {"text": "x" * 200_000}
    taken = await client.fn("Approve this text", args=long, options={"type": "human"})
    assert taken.status_code == 202
    over = await client.fn("Approve this text", args={"text": "x" * 270_000})
    assert (over.status_code, over.json()["code"]) == (413, "too_large")
    assert (await client.fn("x" * 4_001)).status_code == 422


async def test_the_socket_shows_jobs_as_they_change(client: FunctionsClient):
    address = f"ws{client.url.removeprefix('http')}/agents/function-agent/default?_pk=t"
    headers = {"x-api-key": client.key}
    async with websockets.connect(address, additional_headers=headers) as socket:
        await client.fn("Generate user profile JSON")
        async with asyncio.timeout(30):
            async for text in socket:
                frame = json.loads(text)
                jobs = frame.get("state", {}).get("jobs", [])
                if jobs and jobs[0]["status"] == "completed":
                    break
        await socket.send(
            json.dumps({"type": "rpc", "id": "1", "method": "getJob", "args": [jobs[0]["jobId"]]})
        )
        async with asyncio.timeout(30):
            async for text in socket:
                frame = json.loads(text)
                if frame.get("id") == "1":
                    break
    assert frame["result"]["result"]["name"]


async def test_another_worker_calls_functions_by_rpc(worker: Worker):
    client = await FunctionsClient.sign_up(worker.url)
    asked = {"apiKey": client.key, "description": "Review code for security"}
    made = await asyncio.to_thread(
        worker.from_neighbour, "FUNCTIONS.execute_function", **asked, idempotencyKey="one"
    )
    assert made["ok"] and made["result"]["status"] == "waiting", made
    job_id = made["result"]["jobId"]
    classified = await asyncio.to_thread(worker.from_neighbour, "FUNCTIONS.classify", **asked)
    assert classified["result"]["type"] == "human"
    done = await asyncio.to_thread(
        worker.from_neighbour,
        "FUNCTIONS.complete_human_task",
        apiKey=client.key,
        taskId=made["result"]["result"]["taskId"],
        answer={"decision": "approved"},
    )
    assert done["result"]["status"] == "completed"
    job = await asyncio.to_thread(
        worker.from_neighbour, "FUNCTIONS.get_job", apiKey=client.key, jobId=job_id
    )
    assert job["result"]["result"] == {"decision": "approved"}
    late = await asyncio.to_thread(
        worker.from_neighbour, "FUNCTIONS.cancel_job", apiKey=client.key, jobId=job_id
    )
    assert not late["ok"] and late["problem"]["code"] == "conflict"
    await client.close()
