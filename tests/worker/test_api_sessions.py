"""Sessions, search and limits by HTTP on the real runtime: real objects, real SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from websockets.sync.client import connect

from tests.harness.worker import KillableWorker


def visitor(worker: KillableWorker) -> httpx.Client:
    return httpx.Client(base_url=worker.url, timeout=30)


@pytest.fixture
def guest(offline_worker: KillableWorker) -> Iterator[httpx.Client]:
    with visitor(offline_worker) as client:
        client.get("/api/me").raise_for_status()
        yield client


def say(client: httpx.Client, message: str, **fields: str) -> dict[str, object]:
    answer = client.post("/api/chat", json={"message": message, **fields})
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_the_two_commands_of_the_readme_work_without_a_cookie(
    offline_worker: KillableWorker,
) -> None:
    with visitor(offline_worker) as first, visitor(offline_worker) as second:
        begun = say(first, "Add task: Buy milk")
        done = say(second, "complete task 1", sessionId=str(begun["sessionId"]))

    assert [task["status"] for task in begun["tasks"]] == ["pending"]  # type: ignore[attr-defined]
    assert [task["status"] for task in done["tasks"]] == ["completed"]  # type: ignore[attr-defined]


def test_an_open_session_closes_when_its_guest_comes_back(offline_worker: KillableWorker) -> None:
    with visitor(offline_worker) as curl, visitor(offline_worker) as stranger:
        path = f"/api/sessions/{say(curl, 'hello')['sessionId']}"
        codes = [
            stranger.get(path).status_code,
            curl.get(path).status_code,
            httpx.get(f"{offline_worker.url}{path}", timeout=30).status_code,
        ]

    assert codes == [200, 200, 404]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Add task: Buy oat milk", "MIL oa"),
        ("Add task: Crème brûlée", "creme brulee"),
        ("Add task: 买牛奶和面包", "牛奶"),
        ("Add task: party 🎉 tonight", "🎉"),
    ],
)
def test_what_was_just_said_is_found(guest: httpx.Client, said: str, words: str) -> None:
    session_id = say(guest, said)["sessionId"]

    found = guest.get("/api/search", params={"q": words}).json()["results"]

    assert {each["sessionId"] for each in found} == {session_id}
    assert any("\x02" in each["snippet"] and each["role"] == "user" for each in found)


@pytest.mark.parametrize(
    "words", ['"', "NEAR(", "a AND", "*", "text:x", "\x00", "'; DROP", "💩" * 80]
)
def test_no_search_is_an_error(guest: httpx.Client, words: str) -> None:
    say(guest, "Add task: x")

    assert guest.get("/api/search", params={"q": words}).status_code == 200


def test_a_deleted_session_leaves_list_and_search(guest: httpx.Client) -> None:
    session_id = say(guest, "Add task: Buy milk")["sessionId"]
    assert len(guest.get("/api/search", params={"q": "milk"}).json()["results"]) > 0

    assert guest.delete(f"/api/sessions/{session_id}").status_code == 204

    assert guest.get("/api/search", params={"q": "milk"}).json() == {"results": []}
    assert guest.get("/api/sessions").json() == {"sessions": [], "cursor": None}
    assert guest.get(f"/api/sessions/{session_id}").status_code == 404


def test_the_list_shows_newest_first_and_follows_what_is_said(guest: httpx.Client) -> None:
    first = say(guest, "Add task: one")["sessionId"]
    second = say(guest, "Add task: two")["sessionId"]
    before = [each["id"] for each in guest.get("/api/sessions").json()["sessions"]]
    say(guest, "Add task: three", sessionId=str(first))
    after = guest.get("/api/sessions").json()["sessions"]

    assert before == [second, first]
    assert [each["id"] for each in after] == [first, second]
    assert after[0]["openTaskCount"] == 2


def test_an_idempotency_key_gives_one_session_and_one_task(guest: httpx.Client) -> None:
    headers = {"idempotency-key": "once"}
    body = {"message": "Add task: a"}
    first = guest.post("/api/chat", json=body, headers=headers)
    again = guest.post("/api/chat", json=body, headers=headers)
    other = guest.post("/api/chat", json={"message": "Add task: b"}, headers=headers)

    assert first.json()["sessionId"] == again.json()["sessionId"]
    assert first.json()["messageId"] == again.json()["messageId"]
    assert len(again.json()["tasks"]) == 1
    assert other.status_code == 409


@pytest.mark.parametrize("path", ["/api/chat", "/api/sessions"])
def test_a_long_body_is_refused_by_both_doors_however_it_is_sent(
    guest: httpx.Client, path: str
) -> None:
    headers = {"content-type": "application/json"}
    declared = guest.post(path, content=b" " * 70_000, headers=headers)
    in_pieces = guest.post(path, content=(b" " * 7_000 for _ in range(10)), headers=headers)

    assert (declared.status_code, in_pieces.status_code) == (413, 413)
    assert declared.json()["code"] == in_pieces.json()["code"] == "too_large"


@pytest.mark.parametrize("path", ["/api/chat", "/api/sessions"])
def test_a_refusal_reaches_clients_that_are_still_sending(guest: httpx.Client, path: str) -> None:
    def refused(_: int) -> int:
        with httpx.Client(base_url=guest.base_url, timeout=30) as client:
            headers = {"content-type": "application/json"}
            return client.post(path, content=b" " * 300_000, headers=headers).status_code

    with ThreadPoolExecutor(6) as crowd:
        assert set(crowd.map(refused, range(48))) == {413}


@pytest.mark.parametrize("path", ["/api/chat", "/api/sessions"])
@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b'{"message": "\xff"}', 400),
        (b'{"message": "a\\u0000b"}', 422),
        (b"[" * 40_000, 413),
        (b'{"a":' * 6_000, 413),
        (b'"text"', 422),
        (b"[]", 422),
    ],
)
def test_both_doors_refuse_broken_bodies_alike(
    guest: httpx.Client, path: str, content: bytes, status: int
) -> None:
    answer = guest.post(path, content=content, headers={"content-type": "application/json"})

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/chat", "/api/sessions"])
def test_both_doors_refuse_pages_of_other_origins(guest: httpx.Client, path: str) -> None:
    headers = {"origin": "https://evil.test", "sec-fetch-site": "cross-site"}

    answer = guest.post(path, json={"message": "x"}, headers=headers)

    assert answer.status_code == 403
    assert answer.json()["code"] == "not_allowed"


@pytest.mark.parametrize(
    "path", ["/api/chat", "/api/sessions", "/agents/task-agent/x/get-messages"]
)
def test_both_doors_send_the_same_headers(guest: httpx.Client, path: str) -> None:
    answer = guest.get(path, headers={"x-request-id": "trace-12345"})

    assert answer.headers["x-request-id"] == "trace-12345"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_ready_looks_at_objects_and_database(guest: httpx.Client) -> None:
    answer = guest.get("/api/ready")

    assert answer.status_code == 200
    dependencies = answer.json()["dependencies"]
    assert {dependencies[name]["status"] for name in ("objects", "database")} == {"ok"}


def test_head_answers_without_a_body(guest: httpx.Client) -> None:
    answer = guest.head("/api/me")

    assert answer.status_code == 200
    assert answer.content == b""


def test_words_that_were_cleared_are_not_found(
    offline_worker: KillableWorker, guest: httpx.Client
) -> None:
    session_id = say(guest, "Add task: Buy milk")["sessionId"]
    guest.patch(f"/api/sessions/{session_id}", json={"title": "Errands"}).raise_for_status()
    assert len(guest.get("/api/search", params={"q": "milk"}).json()["results"]) > 0
    cookie = "; ".join(f"{name}={value}" for name, value in guest.cookies.items())
    url = f"{offline_worker.websocket_url}/agents/task-agent/{session_id}?_pk=1"

    headers = {"cookie": cookie}
    with (
        connect(url, additional_headers=headers) as one,
        connect(url, additional_headers=headers) as other,
    ):
        one.send('{"type":"cf_agent_chat_clear"}')
        while json.loads(other.recv(timeout=10))["type"] != "cf_agent_chat_clear":
            pass

    assert guest.get("/api/search", params={"q": "milk"}).json() == {"results": []}
