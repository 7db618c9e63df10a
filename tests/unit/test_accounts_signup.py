"""Making an account, and everything that belongs to it, at once or not at all."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from littoral.accounts.account import SCOPES
from littoral.limits.rules import read_rules
from tests.unit.api_world import ApiWorld, problem_of

ADA = {"email": "Ada@Example.com", "name": "  Ada   Lovelace "}


@pytest.fixture
async def world() -> AsyncIterator[ApiWorld]:
    world = ApiWorld()
    yield world
    world.close()


async def sign_up(client: httpx.AsyncClient, body: dict[str, Any] = ADA, **headers: str) -> Any:
    response = await client.post("/api/signup", json=body, headers=headers)
    assert response.status_code == 201, response.text
    return response.json()


async def counts(world: ApiWorld) -> tuple[int, ...]:
    found = []
    for table in ("users", "keys", "invites", "ledger"):
        ((count,),) = await world.database.rows(f"SELECT count(*) FROM {table}")
        found.append(int(count or 0))
    return tuple(found)


async def test_an_account_has_a_key_and_a_cookie_that_both_work(world: ApiWorld):
    async with world.visitor() as browser, world.visitor() as program:
        made = await sign_up(browser)
        in_browser = (await browser.get("/api/me")).json()
        by_key = (await program.get("/api/me", headers={"x-api-key": made["apiKey"]})).json()

    assert re.fullmatch(r"lit_[A-Za-z0-9]{8}_[A-Za-z0-9]{32}", made["apiKey"])
    assert made["user"] == {
        "id": made["user"]["id"],
        "kind": "account",
        "email": "ada@example.com",
        "name": "Ada Lovelace",
    }
    assert in_browser["user"] == by_key["user"] == made["user"]
    assert in_browser["scopes"] == list(SCOPES)
    assert {"chat", "runs:write", "agents", "mesh", "account"} <= set(SCOPES)


async def test_the_secret_of_a_key_is_kept_nowhere(world: ApiWorld):
    async with world.visitor() as browser:
        made = await sign_up(browser)

    secret = made["apiKey"].rpartition("_")[2]
    kept = str(await world.database.rows("SELECT * FROM keys"))
    assert secret not in kept and made["key"]["lastFour"] == secret[-4:] and secret[-4:] in kept


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(world: ApiWorld):
    async with world.visitor("https://littoral.test") as browser:
        response = await browser.post("/api/signup", json=ADA)

    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-littoral-account=usr_")
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


async def test_credits_to_begin_with_are_granted_in_the_same_step(world: ApiWorld):
    async with world.visitor() as browser:
        made = await sign_up(browser)

    rows = await world.database.rows("SELECT user_id, entry, ref, amount FROM ledger")
    assert rows == [(made["user"]["id"], "grant", "signup", 500_000)]


async def test_an_e_mail_has_one_account_whatever_its_letters(world: ApiWorld):
    async with world.visitor() as browser:
        await sign_up(browser)
        again = await browser.post("/api/signup", json={"email": "ADA@example.com", "name": "B"})

    problem = problem_of(again, "conflict")
    assert "ada" not in problem["detail"].lower()
    assert await counts(world) == (1, 1, 0, 1)


async def test_a_batch_that_never_arrived_leaves_nothing(world: ApiWorld):
    world.database.down = True
    async with world.visitor() as browser:
        problem_of(await browser.post("/api/signup", json=ADA), "dependency_unavailable")
        world.database.down = False
        await sign_up(browser)

    assert await counts(world) == (1, 1, 0, 1)


async def test_a_signup_whose_answer_was_lost_gives_the_same_key_again(world: ApiWorld):
    world.database.lose_answers = 1
    async with world.visitor() as browser:
        sent = {"json": ADA, "headers": {"idempotency-key": "form-1"}}
        lost = await browser.post("/api/signup", **sent)
        again = await sign_up(browser, **{"idempotency-key": "form-1"})
        third = await sign_up(browser, **{"idempotency-key": "form-1"})
        me = await browser.get("/api/me", headers={"x-api-key": again["apiKey"]})

    assert lost.status_code == 503
    assert again["apiKey"] == third["apiKey"]
    assert me.json()["user"] == again["user"]
    assert await counts(world) == (1, 1, 0, 1)


async def test_a_key_that_was_used_is_not_given_again(world: ApiWorld):
    async with world.visitor() as browser, world.visitor() as other:
        await sign_up(browser, **{"idempotency-key": "form-1"})
        await browser.get("/api/me")
        again = await other.post("/api/signup", json=ADA, headers={"idempotency-key": "form-1"})

    problem_of(again, "conflict")


async def test_a_key_is_given_again_for_ten_minutes_only(world: ApiWorld):
    async with world.visitor() as browser, world.visitor() as other:
        await sign_up(browser, **{"idempotency-key": "form-1"})
        world.clock.advance(seconds=601)
        again = await other.post("/api/signup", json=ADA, headers={"idempotency-key": "form-1"})

    problem_of(again, "conflict")


@pytest.mark.parametrize(
    "body",
    [
        {"email": "no e-mail", "name": "A"},
        {"email": "a@b.cd", "name": " "},
        {"email": "a@b.cd"},
        {"email": "a@b.cd", "name": "A", "admin": True},
        {"email": f"{'a' * 60}@{'b' * 63}.{'c' * 63}.{'d' * 63}.ef", "name": "A" * 101},
    ],
)
async def test_a_bad_signup_says_which_field_is_wrong(world: ApiWorld, body: dict[str, Any]):
    async with world.visitor() as browser:
        problem = problem_of(await browser.post("/api/signup", json=body), "invalid_input")

    assert problem["errors"]
    assert await counts(world) == (0, 0, 0, 0)


async def test_nobody_signs_up_where_signup_is_closed():
    world = ApiWorld(signup="closed")
    async with world.visitor() as browser:
        problem_of(await browser.post("/api/signup", json=ADA), "not_allowed")
        assert (await browser.get("/api/me")).json()["signup"] == "closed"
    world.close()


async def test_an_invitation_makes_one_account():
    world = ApiWorld(signup="invite", invite_codes=frozenset({"sea-1", "sea-2"}))
    async with world.visitor() as browser:
        without = await browser.post("/api/signup", json=ADA)
        wrong = await browser.post("/api/signup", json={**ADA, "invite": "sea"})
        await sign_up(browser, {**ADA, "invite": "sea-1"})
        used = await browser.post(
            "/api/signup", json={"email": "b@b.cd", "name": "B", "invite": "sea-1"}
        )
        await sign_up(browser, {"email": "b@b.cd", "name": "B", "invite": "sea-2"})

    problem_of(without, "invalid_input")
    problem_of(wrong, "not_allowed")
    assert "invitation" in problem_of(used, "conflict")["detail"]
    assert await counts(world) == (2, 2, 2, 2)
    world.close()


async def test_an_invitation_is_not_used_up_by_a_signup_that_fails():
    world = ApiWorld(signup="invite", invite_codes=frozenset({"sea-1", "sea-2"}))
    async with world.visitor() as browser:
        await sign_up(browser, {**ADA, "invite": "sea-1"})
        problem_of(await browser.post("/api/signup", json={**ADA, "invite": "sea-2"}), "conflict")
        await sign_up(browser, {"email": "b@b.cd", "name": "B", "invite": "sea-2"})
    world.close()


async def test_signups_of_one_address_are_limited():
    world = ApiWorld(rate_limits=read_rules("signup=2/3600"))
    async with world.visitor() as browser:
        for number in (1, 2):
            await sign_up(browser, {"email": f"a{number}@b.cd", "name": "A"})
        third = await browser.post("/api/signup", json={"email": "a3@b.cd", "name": "A"})
        elsewhere = await browser.post(
            "/api/signup",
            json={"email": "a4@b.cd", "name": "A"},
            headers={"cf-connecting-ip": "192.0.2.7"},
        )

    assert problem_of(third, "rate_limited")["retryAfterSeconds"] == 3600
    assert third.headers["retry-after"] == "3600"
    assert elsewhere.status_code == 201
    world.close()


async def test_signup_is_refused_while_the_counts_are_away(world: ApiWorld):
    world.limiter.away = True
    async with world.visitor() as browser:
        problem_of(await browser.post("/api/signup", json=ADA), "dependency_unavailable")

    assert await counts(world) == (0, 0, 0, 0)
