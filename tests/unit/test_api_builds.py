"""Routes of builds: who may, what is refused, what was written comes back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from littoral.api.service import Service
from littoral.jsontext import dumps, loads
from littoral.preview.link import read_token
from tests.unit.api_world import SECRET, ApiWorld, problem_of


@pytest.fixture
def world() -> Iterator[ApiWorld]:
    made = ApiWorld()
    yield made
    made.close()


async def account(world: ApiWorld, email: str = "a@b.cd") -> str:
    async with world.visitor() as visitor:
        made = await visitor.post("/api/signup", json={"email": email, "name": "A"})
    return str(made.json()["apiKey"])


@pytest.fixture
async def user(world: ApiWorld) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with an account."""
    key = await account(world)
    async with world.visitor() as client:
        client.headers["x-api-key"] = key
        yield client


async def begin(user: httpx.AsyncClient, **more: Any) -> str:
    made = await user.post("/agents", json={"query": "Build a to-do page", "start": True, **more})
    assert made.status_code == 201, made.text
    return str(made.json()["sessionId"])


async def built(world: ApiWorld, user: httpx.AsyncClient, **more: Any) -> str:
    """A build that is done."""
    build_id = await begin(user, **more)
    owner = (await world.database.rows("SELECT owner FROM builds WHERE id = ?", build_id))[0][0]
    state: dict[str, Any] = {}
    for _ in range(50):
        await world.gateway.build_at(str(owner), build_id).work()
        state = (await user.get(f"/agents/{build_id}")).json()["state"]
        if state["status"].startswith("completed"):
            return build_id
    raise AssertionError(state)


async def test_guests_have_no_builds(world: ApiWorld) -> None:
    async with world.guest() as guest:
        problem_of(await guest.post("/agents", json={"query": "x"}), "not_authenticated")
        problem_of(await guest.get("/agents"), "not_authenticated")
        problem_of(await guest.get("/agents/bld_a"), "not_authenticated")


async def test_a_key_without_the_scope_has_none_either(
    world: ApiWorld, user: httpx.AsyncClient
) -> None:
    made = await user.post("/api/keys", json={"name": "chat", "scopes": ["chat"]})
    user.headers["x-api-key"] = made.json()["apiKey"]

    problem_of(await user.get("/agents"), "insufficient_scope")


async def test_a_build_begins_once_for_a_key(user: httpx.AsyncClient) -> None:
    headers = {"idempotency-key": "k"}
    body = {"query": "Build a to-do page"}
    first = await user.post("/agents", json=body, headers=headers)
    again = await user.post("/agents", json=body, headers=headers)

    assert first.status_code == 201
    assert first.json() == again.json()
    build_id = first.json()["sessionId"]
    assert first.json()["websocketUrl"] == f"ws://littoral.test/agents/{build_id}/ws"
    listed = (await user.get("/agents")).json()["builds"]
    assert [each["id"] for each in listed] == [build_id]
    other = {"query": "Build something else"}
    problem_of(await user.post("/agents", json=other, headers=headers), "conflict")


async def test_a_fourth_build_at_once_is_refused(user: httpx.AsyncClient) -> None:
    for _ in range(3):
        await begin(user)
    refused = await user.post("/agents", json={"query": "One more", "start": True})

    problem_of(refused, "queue_full")
    assert len((await user.get("/agents")).json()["builds"]) == 3


async def test_the_list_comes_in_pages_newest_first(
    world: ApiWorld, user: httpx.AsyncClient
) -> None:
    made = []
    for _ in range(3):
        made.append(await begin(user))
        world.clock.advance(seconds=1)
    first = (await user.get("/agents?limit=2")).json()
    second = (await user.get(f"/agents?limit=2&cursor={first['cursor']}")).json()

    assert [each["id"] for each in first["builds"]] == [made[2], made[1]]
    assert [each["id"] for each in second["builds"]] == [made[0]]
    assert second["cursor"] is None
    problem_of(await user.get("/agents?cursor=x"), "invalid_input")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": " "},
        {"query": "x", "mode": "clever"},
        {"query": "x", "budget": {"tokens": 0}},
        {"query": "x", "budget": {"money": 1}},
        {"query": "x", "start": "yes"},
        {"query": "x" * 20_001},
    ],
)
async def test_a_bad_request_is_refused_with_the_field(
    user: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    problem_of(await user.post("/agents", json=body), "invalid_input")


REQUESTS = [
    ("GET", "", None),
    ("GET", "/files", None),
    ("GET", "/files?path=index.html", None),
    ("GET", "/files.zip", None),
    ("GET", "/events", None),
    ("GET", "/revisions", None),
    ("GET", "/preview", None),
    ("DELETE", "/preview", None),
    ("POST", "/generate", {}),
    ("POST", "/message", {"message": "x"}),
    ("POST", "/cancel", {}),
    ("POST", "/resume", {}),
    ("POST", "/fix", {}),
    ("POST", "/problems", {"problems": [{"message": "x"}]}),
    ("POST", "/restore", {"revision": 1}),
    ("PUT", "/blueprint", {"blueprint": {}}),
]


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
async def test_somebody_elses_build_is_none(
    world: ApiWorld, user: httpx.AsyncClient, method: str, path: str, body: Any
) -> None:
    build_id = await built(world, user)
    stranger = await account(world, "x@y.zz")
    headers = {"x-api-key": stranger}

    for asked in (build_id, "bld_absent"):
        answer = await user.request(method, f"/agents/{asked}{path}", json=body, headers=headers)
        problem_of(answer, "invalid_input" if path == "/blueprint" else "not_found")

    assert (await user.get(f"/agents/{build_id}")).status_code == 200


async def test_what_was_written_comes_back(world: ApiWorld, user: httpx.AsyncClient) -> None:
    build_id = await built(world, user)
    base = f"/agents/{build_id}"
    files = (await user.get(f"{base}/files")).json()["files"]
    page = (await user.get(f"{base}/files?path=index.html")).json()["files"][0]
    packed = await user.get(f"{base}/files.zip")

    assert packed.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert sorted(archive.namelist()) == sorted(f"{build_id}/{each['path']}" for each in files)
        assert archive.read(f"{build_id}/index.html").decode() == page["content"]
    assert packed.content == (await user.get(f"{base}/files.zip")).content
    problem_of(await user.get(f"{base}/files?path=absent"), "not_found")


async def test_an_old_revision_is_restored_as_a_new_one(
    world: ApiWorld, user: httpx.AsyncClient
) -> None:
    build_id = await built(world, user)
    base = f"/agents/{build_id}"
    kept = (await user.get(f"{base}/revisions")).json()["revisions"]
    assert kept[0]["files"]

    answer = await user.post(f"{base}/restore", json={"revision": kept[-1]["number"]})

    assert answer.status_code == 200
    newest = (await user.get(f"{base}/revisions")).json()["revisions"][0]
    assert newest["hash"] == kept[-1]["hash"]
    problem_of(await user.post(f"{base}/restore", json={"revision": 999}), "not_found")


async def test_events_are_numbered_without_a_gap(world: ApiWorld, user: httpx.AsyncClient) -> None:
    build_id = await built(world, user)
    page = (await user.get(f"/agents/{build_id}/events?limit=500")).json()
    stream = await user.get(
        f"/agents/{build_id}/events", headers={"accept": "text/event-stream", "last-event-id": "2"}
    )

    numbers = [each["number"] for each in page["events"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert page["ended"]
    ids = [int(line[4:]) for line in stream.text.splitlines() if line.startswith("id: ")]
    assert ids == numbers[2:]


async def test_a_preview_is_opened_again_and_revoked(
    world: ApiWorld, user: httpx.AsyncClient
) -> None:
    build_id = await built(world, user)
    first = (await user.get(f"/agents/{build_id}/preview")).json()
    assert (await user.get(f"/agents/{build_id}/preview")).json() == first

    _, _, _, _, token, rest = first["url"].split("/")
    link = read_token(token, secret=SECRET)
    assert link is not None
    assert (link.build_id, rest) == (build_id, "")
    assert (await user.delete(f"/agents/{build_id}/preview")).status_code == 204
    assert (await user.delete(f"/agents/{build_id}/preview")).status_code == 204
    assert (await user.get(f"/agents/{build_id}/preview")).json()["url"] != first["url"]


async def test_there_is_no_preview_before_there_is_something(user: httpx.AsyncClient) -> None:
    build_id = await begin(user)
    problem_of(await user.get(f"/agents/{build_id}/preview"), "conflict")


async def test_a_build_is_planned_edited_begun_and_stopped(
    world: ApiWorld, user: httpx.AsyncClient
) -> None:
    build_id = await begin(user, start=False)
    base = f"/agents/{build_id}"
    owner = (await world.database.rows("SELECT owner FROM builds"))[0][0]
    await world.gateway.build_at(str(owner), build_id).work()
    state = (await user.get(base)).json()["state"]
    assert state["status"] == "waiting"

    plan = {**state["blueprint"], "title": "Another title"}
    edited = (await user.put(f"{base}/blueprint", json={"blueprint": plan})).json()["state"]
    assert edited["blueprint"]["title"] == "Another title"
    problem_of(await user.put(f"{base}/blueprint", json={"blueprint": {}}), "invalid_input")
    begun = (await user.post(f"{base}/generate", json={})).json()["state"]
    assert begun["status"] == "building"
    stopped = (await user.post(f"{base}/cancel", json={"reason": "enough"})).json()["state"]
    assert stopped["status"] == "cancelled"
    resumed = (await user.post(f"{base}/resume", json={})).json()["state"]
    assert resumed["status"] == "building"


async def test_a_previews_problem_becomes_an_issue(
    world: ApiWorld, user: httpx.AsyncClient
) -> None:
    build_id = await built(world, user)
    problem = {"message": "x is not defined", "source": "index.html", "line": 3}
    answer = await user.post(f"/agents/{build_id}/problems", json={"problems": [problem]})

    found = [each for each in answer.json()["state"]["issues"] if each["source"] == "preview"]
    assert [each["message"] for each in found] == ["x is not defined"]
    many = {"problems": [problem] * 21}
    problem_of(await user.post(f"/agents/{build_id}/problems", json=many), "invalid_input")


async def test_another_worker_builds_by_named_methods(
    world: ApiWorld, user: httpx.AsyncClient
) -> None:
    service = Service(world.app)

    async def call(name: str, **arguments: Any) -> Any:
        text = dumps({"apiKey": user.headers["x-api-key"], **arguments})
        answer = loads(await service.call(name, text), most_characters=10**7)
        assert answer["ok"], answer
        return answer["result"]

    made = await call("create_agent", query="Build a to-do page")
    assert made["success"] is True
    build_id = made["sessionId"]
    assert made["websocketUrl"] == f"/agents/{build_id}/ws"
    status = await call("get_status", sessionId=build_id)
    assert status["state"]["currentDevState"]
    assert (await call("generate_code", sessionId=build_id))["success"]
    assert (await call("send_message", sessionId=build_id, message="Make it blue"))["success"]
    assert (await call("get_files", sessionId=build_id))["files"] == []
    assert (await call("cancel_agent", sessionId=build_id))["state"]["status"] == "cancelled"
