"""A guest who makes an account takes the chats along; the guest's cookie opens them no more."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.unit.api_world import HERE, ApiWorld, problem_of

ADA = {"email": "ada@example.com", "name": "Ada", "claimChats": True}


@pytest.fixture
async def world() -> AsyncIterator[ApiWorld]:
    world = ApiWorld()
    yield world
    world.close()


async def chat(client: httpx.AsyncClient, message: str) -> str:
    answer = await client.post("/api/chat", json={"message": message})
    session_id: str = answer.json()["sessionId"]
    return session_id


def same_guest(world: ApiWorld, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Somebody else with a copy of the guest's cookie."""
    cookies = {"littoral": client.cookies["littoral"]}
    transport = httpx.ASGITransport(world.app)
    return httpx.AsyncClient(transport=transport, base_url=HERE, cookies=cookies)


async def test_the_chats_stay_where_they_are(world: ApiWorld):
    async with world.guest() as client:
        session_id = await chat(client, "Add task: Buy milk")
        await client.post("/api/signup", json=ADA)
        sessions = (await client.get("/api/sessions")).json()["sessions"]
        tasks = (await client.get(f"/api/sessions/{session_id}/tasks")).json()["tasks"]

    assert [each["id"] for each in sessions] == [session_id]
    assert [each["title"] for each in tasks] == ["Buy milk"]


async def test_the_old_cookie_opens_nothing_and_is_taken_away(world: ApiWorld):
    async with world.guest() as client:
        session_id = await chat(client, "Add task: Buy milk")
        copy = same_guest(world, client)
        await client.post("/api/signup", json=ADA)
        assert "littoral" not in client.cookies
        paths = ["/api/sessions", f"/api/sessions/{session_id}", "/api/search?q=milk"]
        answers = [await copy.get(path) for path in paths]
        answers.append(await copy.post("/api/sessions", json={}))
        answers.append(
            await copy.post("/api/chat", json={"message": "hi", "sessionId": session_id})
        )
        for answer in answers:
            problem_of(answer, "guest_claimed")
            assert answer.headers["set-cookie"].startswith("littoral=; Path=/; Max-Age=0")
        await copy.aclose()


async def test_the_old_cookie_begins_nothing_in_the_accounts_list(world: ApiWorld):
    async with world.guest() as client:
        await chat(client, "hello")
        copy = same_guest(world, client)
        await client.post("/api/signup", json=ADA)
        problem_of(await copy.post("/api/chat", json={"message": "mine now"}), "guest_claimed")
        assert len((await client.get("/api/sessions")).json()["sessions"]) == 1
        await copy.aclose()


async def test_a_claim_that_was_cut_off_is_finished_by_the_next_request(world: ApiWorld):
    world.gateway.out_of_reach.add("sessions.claim")
    async with world.guest() as client:
        session_id = await chat(client, "Add task: Buy milk")
        copy = same_guest(world, client)
        assert (await client.post("/api/signup", json=ADA)).status_code == 201
        assert (await copy.get(f"/api/sessions/{session_id}")).status_code == 200
        world.gateway.out_of_reach.clear()
        await client.get("/api/me")
        problem_of(await copy.get(f"/api/sessions/{session_id}"), "guest_claimed")
        await copy.aclose()

    assert await world.database.rows("SELECT claiming FROM users") == [(0,)]


async def test_one_guest_makes_one_account(world: ApiWorld):
    async with world.guest() as client:
        copy = same_guest(world, client)
        await client.post("/api/signup", json=ADA)
        again = await copy.post("/api/signup", json={**ADA, "email": "eve@example.com"})
        problem_of(again, "conflict")
        await copy.aclose()


async def test_without_the_wish_the_guest_stays_a_guest(world: ApiWorld):
    async with world.guest() as client:
        await chat(client, "hello")
        copy = same_guest(world, client)
        await client.post("/api/signup", json={**ADA, "claimChats": False})
        assert (await client.get("/api/sessions")).json()["sessions"] == []
        assert len((await copy.get("/api/sessions")).json()["sessions"]) == 1
        await copy.aclose()


async def test_a_caller_without_a_cookie_has_no_chats_to_claim(world: ApiWorld):
    async with world.visitor() as client:
        made = await client.post("/api/signup", json=ADA)
        assert made.status_code == 201
        assert (await client.get("/api/sessions")).json()["sessions"] == []
