"""Keys: what they open, what they may give, and how they end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from littoral.accounts.identity import TOUCH_AFTER_MS
from littoral.accounts.key import key_from, new_key, read_key
from littoral.accounts.keys import MOST_KEYS
from littoral.limits.rules import read_rules
from tests.fakes.ids import LongIds
from tests.unit.api_world import HERE, ApiWorld, problem_of

DAY = 86_400


@pytest.fixture
async def world() -> AsyncIterator[ApiWorld]:
    world = ApiWorld(rate_limits=read_rules("signup=1000/60, keys=1000/60"))
    yield world
    world.close()


@asynccontextmanager
async def account(world: ApiWorld, email: str = "ada@example.com") -> AsyncIterator[Any]:
    """A program with an account's key, no cookies."""
    async with world.visitor() as visitor:
        made = await visitor.post("/api/signup", json={"email": email, "name": "A"})
    headers = {"x-api-key": made.json()["apiKey"]}
    transport = httpx.ASGITransport(world.app)
    async with httpx.AsyncClient(transport=transport, base_url=HERE, headers=headers) as client:
        yield client


async def make_key(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    response = await client.post("/api/keys", json={"name": "Laptop", **body})
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    return made


async def ask(world: ApiWorld, key: str, path: str = "/api/me") -> httpx.Response:
    async with world.visitor() as visitor:
        return await visitor.get(path, headers={"x-api-key": key})


def test_a_key_reads_as_it_was_written():
    key = new_key(LongIds())

    assert read_key(f" {key.text} ") == key
    assert key.secret not in repr(key)
    assert key.fits(key.hash) and not key.fits(new_key(LongIds()).hash[::-1])


@pytest.mark.parametrize("text", ["", "lit_", "lit_abc_def", "lit_12345678_" + "x" * 33, "sk-1"])
def test_other_texts_are_no_keys(text: str):
    assert read_key(text) is None


def test_the_same_secret_bytes_give_the_same_key():
    assert key_from(b"a") == key_from(b"a") != key_from(b"b")


async def test_a_key_works_in_either_header_and_goes_before_a_cookie(world: ApiWorld):
    async with account(world) as client, world.visitor() as browser:
        key = client.headers["x-api-key"]
        mine = (await client.get("/api/me")).json()["user"]["id"]
        await browser.post("/api/signup", json={"email": "b@b.cd", "name": "B"})
        bearer = await browser.get("/api/me", headers={"authorization": f"bearer {key}"})

    assert bearer.json()["user"]["id"] == mine


@pytest.mark.parametrize(
    "headers",
    [
        {"x-api-key": "lit_12345678_12345678901234567890123456789012"},
        {"x-api-key": "wrong"},
        {"x-api-key": ""},
        {"authorization": "Bearer wrong"},
        {"cookie": "littoral-account=forged"},
        {"cookie": "littoral-account=usr_0000000000000000000001.AAAAAAAA.1780000000." + "A" * 43},
    ],
)
async def test_a_bad_credential_is_never_a_guest(world: ApiWorld, headers: dict[str, str]):
    async with world.visitor() as visitor:
        answer = await visitor.get("/api/me", headers=headers)

    problem_of(answer, "not_authenticated")
    taken_away = answer.headers.get("set-cookie", "")
    assert taken_away.startswith("littoral-account=;") == ("cookie" in headers)


async def test_a_secret_of_another_key_does_not_open(world: ApiWorld):
    async with account(world) as client:
        first = client.headers["x-api-key"]
        second = (await make_key(client))["apiKey"]

    mixed = first.rpartition("_")[0] + "_" + second.rpartition("_")[2]
    problem_of(await ask(world, mixed), "not_authenticated")


async def test_a_revoked_key_opens_nothing_from_now_on(world: ApiWorld):
    async with account(world) as client, world.visitor() as browser:
        made = await make_key(client)
        await browser.post("/api/login", json={"apiKey": made["apiKey"]})
        assert (await browser.get("/api/me")).json()["user"]["kind"] == "account"

        ended = await client.delete(f"/api/keys/{made['key']['id']}")
        by_cookie = await browser.get("/api/me")
        after = await browser.get("/api/me")
        listed = (await client.get("/api/keys")).json()["keys"]

    assert ended.status_code == 204
    assert "revoked" in problem_of(await ask(world, made["apiKey"]), "not_authenticated")["detail"]
    problem_of(by_cookie, "not_authenticated")
    assert after.json()["user"]["kind"] == "guest"
    assert [each["revokedAt"] is not None for each in listed if not each["current"]] == [True]


async def test_revoking_again_changes_nothing(world: ApiWorld):
    async with account(world) as client:
        key_id = (await make_key(client))["key"]["id"]
        await client.delete(f"/api/keys/{key_id}")
        first = (await client.get("/api/keys")).json()
        world.clock.advance(seconds=30)
        assert (await client.delete(f"/api/keys/{key_id}")).status_code == 204
        assert (await client.get("/api/keys")).json() == first


async def test_a_key_expires(world: ApiWorld):
    async with account(world) as client:
        made = await make_key(client, expiresInDays=2)
    assert (await ask(world, made["apiKey"])).status_code == 200

    world.clock.advance(seconds=2 * DAY)

    assert "expired" in problem_of(await ask(world, made["apiKey"]), "not_authenticated")["detail"]


async def test_the_cookie_of_a_key_ends_after_a_month(world: ApiWorld):
    async with account(world) as client, world.visitor() as browser:
        await browser.post("/api/login", json={"apiKey": client.headers["x-api-key"]})
        cookie = {"cookie": f"littoral-account={browser.cookies['littoral-account']}"}
        world.clock.advance(seconds=30 * DAY)
    async with world.visitor() as later:
        problem_of(await later.get("/api/me", headers=cookie), "not_authenticated")


async def test_a_key_opens_only_what_its_scopes_say(world: ApiWorld):
    async with account(world) as client:
        chatting = (await make_key(client, scopes=["chat"]))["apiKey"]
        reading = (await make_key(client, scopes=["runs:read"]))["apiKey"]

    assert (await ask(world, chatting, "/api/sessions")).status_code == 200
    problem = problem_of(await ask(world, reading, "/api/sessions"), "insufficient_scope")
    assert "'chat'" in problem["detail"] and "runs:read" in problem["detail"]
    problem_of(await ask(world, chatting, "/api/keys"), "insufficient_scope")
    assert (await ask(world, reading)).json()["scopes"] == ["runs:read"]


async def test_a_key_gives_no_scope_that_it_lacks_and_none_that_outlives_it(world: ApiWorld):
    async with account(world) as client:
        small = await make_key(client, scopes=["account"], expiresInDays=3)
        client.headers["x-api-key"] = small["apiKey"]
        more = await client.post("/api/keys", json={"name": "x", "scopes": ["account", "chat"]})
        child = await make_key(client, expiresInDays=100)

    problem_of(more, "insufficient_scope")
    assert child["key"]["scopes"] == ["account"]
    assert child["key"]["expiresAt"] == small["key"]["expiresAt"]


async def test_guests_have_no_keys(world: ApiWorld):
    async with world.guest() as guest:
        answer = await guest.get("/api/keys")
        assert "set-cookie" not in answer.headers

    problem_of(answer, "not_authenticated")


async def test_keys_of_others_are_not_seen_and_not_ended(world: ApiWorld):
    async with account(world) as ada, account(world, "b@b.cd") as bob:
        theirs = await make_key(ada)
        listed = (await bob.get("/api/keys")).json()["keys"]
        problem_of(await bob.delete(f"/api/keys/{theirs['key']['id']}"), "not_found")
        problem_of(await bob.delete("/api/keys/AAAAAAAA"), "not_found")

    assert theirs["key"]["id"] not in str(listed)
    assert (await ask(world, theirs["apiKey"])).status_code == 200


async def test_a_user_keeps_a_bounded_number_of_keys(world: ApiWorld):
    async with account(world) as client:
        made = [await make_key(client) for _ in range(MOST_KEYS - 1)]
        problem_of(await client.post("/api/keys", json={"name": "x"}), "conflict")
        await client.delete(f"/api/keys/{made[0]['key']['id']}")
        await make_key(client)


async def test_the_last_use_is_written_once_a_minute(world: ApiWorld):
    async with account(world) as client:
        await client.get("/api/me")
        before = world.database.calls
        await client.get("/api/me")
        assert world.database.calls == before + 3  # key, user, balance: no write
        world.clock.advance(seconds=TOUCH_AFTER_MS / 1000)
        key = (await client.get("/api/keys")).json()["keys"][0]

    assert key["current"]
    assert key["lastUsedAt"].startswith("2026-05-28T20:27:40")


async def test_without_the_database_a_key_is_neither_good_nor_bad(world: ApiWorld):
    async with account(world) as client:
        world.database.down = True
        problem_of(await client.get("/api/me"), "dependency_unavailable")


async def test_a_guest_costs_no_look_up(world: ApiWorld):
    async with world.guest() as guest:
        before = world.database.calls
        await guest.post("/api/chat", json={"message": "Add task: Buy milk"})
        await guest.get("/api/sessions")

    assert world.database.calls == before


async def test_logging_in_with_a_bad_key_changes_nothing_in_the_browser(world: ApiWorld):
    async with account(world) as client, world.guest() as browser:
        await browser.post("/api/login", json={"apiKey": client.headers["x-api-key"]})
        answer = await browser.post("/api/login", json={"apiKey": "lit_wrong"})

    problem_of(answer, "not_authenticated")
    assert "set-cookie" not in answer.headers


async def test_logging_out_leaves_the_guest_that_was_there_before(world: ApiWorld):
    async with account(world) as client, world.guest() as browser:
        guest = (await browser.get("/api/me")).json()["user"]["id"]
        await browser.post("/api/login", json={"apiKey": client.headers["x-api-key"]})
        out = await browser.post("/api/logout")
        assert (await browser.get("/api/me")).json()["user"]["id"] == guest

    assert out.status_code == 204


async def test_attempts_to_log_in_are_limited():
    world = ApiWorld(rate_limits=read_rules("login=3/600"))
    async with world.visitor() as browser:
        for _ in range(3):
            problem_of(await browser.post("/api/login", json={"apiKey": "x"}), "not_authenticated")
        problem_of(await browser.post("/api/login", json={"apiKey": "x"}), "rate_limited")
    world.close()
