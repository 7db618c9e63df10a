"""Accounts on the real runtime: both doors, sockets, limits, claims, and calls of other Workers."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from littoral import wire
from tests.fakes.scripted_ai import Answer, ScriptedAi
from tests.harness.worker import Worker
from tests.unit.api_world import problem_of
from tests.worker.agent_socket import ANSWER_SECONDS, AgentSocket, new_guest

_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Account:
    """A user with a key. ``http`` sends the key and keeps no cookies."""

    url: str
    key: str
    key_id: str
    http: httpx.AsyncClient

    async def make_key(self, **body: Any) -> tuple[str, str]:
        """Another key and its id."""
        made = (await self.http.post("/api/keys", json={"name": "other", **body})).json()
        return made["apiKey"], made["key"]["id"]

    async def begin_session(self) -> str:
        return str((await self.http.post("/api/sessions", json={})).json()["id"])

    def socket(
        self, session_id: str, key: str | None = None, *, kind: str = "task-agent"
    ) -> KeySocket:
        return KeySocket(self.url, session_id, key or self.key, kind=kind)


class KeySocket(AgentSocket):
    """A socket of a program that sends a key."""

    def __init__(self, url: str, session_id: str, key: str, *, kind: str) -> None:
        super().__init__(url, session_id)
        self._address = self._address.replace("/task-agent/", f"/{kind}/")
        self._headers["x-api-key"] = key

    async def close_code(self) -> int:
        """Reads on until the server closes; the code that it closed with."""
        try:
            while True:
                await self.receive()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            return closed.rcvd.code


@asynccontextmanager
async def sign_up(worker: Worker) -> AsyncIterator[Account]:
    async with httpx.AsyncClient(base_url=worker.url, timeout=60) as http:
        body = {"email": f"user-{next(_numbers)}@example.com", "name": "A"}
        made = await http.post("/api/signup", json=body)
        assert made.status_code == 201, made.text
    key = made.json()["apiKey"]
    async with httpx.AsyncClient(
        base_url=worker.url, timeout=60, headers={"x-api-key": key}
    ) as http:
        yield Account(url=worker.url, key=key, key_id=made.json()["key"]["id"], http=http)


@pytest.fixture
async def account(worker: Worker) -> AsyncIterator[Account]:
    async with sign_up(worker) as account:
        yield account


async def test_a_key_opens_both_doors(account: Account, ai: ScriptedAi):
    ai.answer(Answer(text="Hello."))
    me = (await account.http.get("/api/me")).json()
    said = (await account.http.post("/api/chat", json={"message": "hi"})).json()
    bearer = {"authorization": f"Bearer {account.key}"}
    async with httpx.AsyncClient(base_url=account.url, timeout=60, headers=bearer) as http:
        messages = await http.get(f"/agents/task-agent/{said['sessionId']}/get-messages")
        listed = (await http.get("/api/sessions")).json()

    assert me["user"]["kind"] == "account"
    assert [each["role"] for each in messages.json()] == ["user", "assistant"]
    assert [each["id"] for each in listed["sessions"]] == [said["sessionId"]]


async def test_the_cookie_opens_both_doors_and_a_socket(worker: Worker, account: Account):
    async with httpx.AsyncClient(base_url=worker.url, timeout=60) as browser:
        signed_in = await browser.post("/api/login", json={"apiKey": account.key})
        cookie = f"littoral-account={browser.cookies['littoral-account']}"
        session_id = (await browser.post("/api/sessions", json={})).json()["id"]
    async with AgentSocket(worker.url, session_id, cookie=cookie) as socket:
        await socket.until_type(wire.STATE)

    flags = signed_in.headers["set-cookie"].split("; ")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(flags)


@pytest.mark.parametrize("door", ["/api/me", "/agents/task-agent/ses_x/get-messages"])
async def test_a_bad_key_is_refused_at_both_doors(worker: Worker, door: str):
    async with httpx.AsyncClient(base_url=worker.url, timeout=60) as http:
        wrong = {"x-api-key": "lit_12345678_12345678901234567890123456789012"}
        answer = await http.get(door, headers=wrong)
        forged = await http.get(door, headers={"cookie": "littoral-account=usr_forged"})

    problem_of(answer, "not_authenticated")
    assert "set-cookie" not in answer.headers
    problem_of(forged, "not_authenticated")
    assert forged.headers["set-cookie"].startswith("littoral-account=; ")


async def test_a_scope_is_asked_for_at_both_doors(account: Account):
    key, _ = await account.make_key(scopes=["runs:read"])
    headers = {"x-api-key": key}
    answers = [
        await account.http.get("/api/sessions", headers=headers),
        await account.http.post("/api/chat", json={"message": "hi"}, headers=headers),
        await account.http.get("/agents/task-agent/ses_x/get-messages", headers=headers),
    ]

    for answer in answers:
        problem_of(answer, "insufficient_scope")
    async with account.socket("ses_x", key) as socket:
        assert await socket.close_code() == wire.CLOSE_NOT_ALLOWED


async def test_a_limit_holds_exactly_when_many_call_at_once(account: Account):
    answers = await asyncio.gather(
        *(account.http.post("/api/keys", json={"name": "x"}) for _ in range(36))
    )

    assert sorted(each.status_code for each in answers) == [201] * 30 + [429] * 6
    refused = next(each for each in answers if each.status_code == 429)
    problem_of(refused, "rate_limited")
    assert 3500 < int(refused.headers["retry-after"]) <= 3600


async def test_users_do_not_see_each_other(worker: Worker, account: Account):
    session_id = await account.begin_session()
    async with sign_up(worker) as other:
        answers = [
            await other.http.get(f"/api/sessions/{session_id}"),
            await other.http.delete(f"/api/keys/{account.key_id}"),
        ]
        transcript = await other.http.get(f"/agents/task-agent/{session_id}/get-messages")

    for answer in answers:
        problem_of(answer, "not_found")
    assert transcript.json() == []


async def test_revoking_a_key_closes_its_sockets_and_no_others(account: Account):
    session_id = await account.begin_session()
    key, key_id = await account.make_key()
    async with account.socket(session_id) as mine, account.socket(session_id, key) as socket:
        await socket.until_type(wire.STATE)
        await mine.until_type(wire.STATE)
        ended = await account.http.delete(f"/api/keys/{key_id}")
        code = await asyncio.wait_for(socket.close_code(), ANSWER_SECONDS)
        still = await mine.call("listTasks")

    assert ended.status_code == 204
    assert code == wire.CLOSE_NOT_ALLOWED
    assert "success" in still
    refused = await account.http.get("/api/me", headers={"x-api-key": key})
    problem_of(refused, "not_authenticated")
    async with account.socket(session_id, key) as again:
        assert await again.close_code() == wire.CLOSE_NOT_ALLOWED


async def test_the_orchestrators_socket_asks_for_a_scope_and_ends_with_the_key(account: Account):
    key, key_id = await account.make_key(scopes=["runs:read"])
    chatting, _ = await account.make_key(scopes=["chat"])
    async with account.socket("default", key, kind="orchestrator-agent") as socket:
        await socket.until_type(wire.STATE)
        await account.http.delete(f"/api/keys/{key_id}")
        code = await asyncio.wait_for(socket.close_code(), ANSWER_SECONDS)
    async with account.socket("default", chatting, kind="orchestrator-agent") as refused:
        without_scope = await refused.close_code()

    assert code == without_scope == wire.CLOSE_NOT_ALLOWED


async def test_revoking_closes_sockets_of_an_object_that_sleeps(worker: Worker, account: Account):
    before = set(worker.list_objects("TaskAgent"))
    session_id = await account.begin_session()
    user_id = (await account.http.get("/api/me")).json()["user"]["id"]
    key, key_id = await account.make_key()
    async with account.socket(session_id, key) as socket:
        await socket.until_type(wire.STATE)
        for object_id in set(worker.list_objects("TaskAgent")) - before:
            worker.evict_id("TaskAgent", object_id, "hibernate")
        worker.hibernate("KeySockets", user_id)
        await account.http.delete(f"/api/keys/{key_id}")
        code = await asyncio.wait_for(socket.close_code(), ANSWER_SECONDS)

    assert code == wire.CLOSE_NOT_ALLOWED


async def test_a_guest_takes_the_chats_along(worker: Worker, ai: ScriptedAi):
    ai.answer(Answer(text="Hello."))
    guest = await new_guest(worker.url)
    session_id = await guest.begin_session()
    async with guest.socket(session_id) as open_socket:
        await open_socket.until_type(wire.STATE)
        async with httpx.AsyncClient(
            base_url=worker.url, timeout=60, headers={"cookie": guest.cookie}
        ) as http:
            body = {"email": f"user-{next(_numbers)}@example.com", "name": "A"}
            made = await http.post("/api/signup", json={**body, "claimChats": True})
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await open_socket.receive()
    async with httpx.AsyncClient(
        base_url=worker.url, timeout=60, headers={"x-api-key": made.json()["apiKey"]}
    ) as http:
        kept = (await http.get("/api/sessions")).json()["sessions"]

    assert closed.value.rcvd is not None and closed.value.rcvd.code == 1012
    assert [each["id"] for each in kept] == [session_id]
    problem_of(await guest.get("/api/sessions"), "guest_claimed")
    problem_of(await guest.get(f"/agents/task-agent/{session_id}/get-messages"), "guest_claimed")
    async with guest.socket(session_id) as refused:
        with pytest.raises(ConnectionClosed):
            await refused.receive()


async def test_an_agent_is_reached_under_the_gateways_alias(account: Account):
    session_id = await account.begin_session()
    async with account.socket(session_id) as socket:
        await socket.until_type(wire.STATE)
    answer = await account.http.get(f"/agent/task-agent/{session_id}/get-messages")

    assert answer.json() == []


async def test_another_worker_has_the_same_rules(worker: Worker, account: Account, ai: ScriptedAi):
    ai.answer(Answer(text="Hello, neighbour."))
    key = {"apiKey": account.key}

    said = worker.from_neighbour("chat", message="hi", **key)
    state = worker.from_neighbour(
        "rpc", method="get_session", sessionId=said["result"]["sessionId"], **key
    )
    listed = worker.from_neighbour("list_sessions", **key)
    nobody = worker.from_neighbour("chat", message="hi")
    bad = worker.from_neighbour("chat", message="", **key)

    assert said["ok"] and said["result"]["content"] == "Hello, neighbour."
    assert state["result"]["sessionId"] == said["result"]["sessionId"]
    assert [each["id"] for each in listed["result"]["sessions"]] == [state["result"]["sessionId"]]
    assert nobody["problem"]["code"] == "not_authenticated"
    assert bad["problem"]["code"] == "invalid_input" and bad["problem"]["errors"]
