"""``/api/credits`` and ``/api/usage``: what an account may spend and has used."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from littoral.credits.audit import audit
from littoral.credits.ledger import Ledger
from littoral.credits.usage import Usage
from tests.unit.api_world import ApiWorld, problem_of


class Customer:
    """An account, and the ledger behind it."""

    def __init__(self, world: ApiWorld, client: httpx.AsyncClient, user_id: str) -> None:
        self.world = world
        self.client = client
        self.user_id = user_id
        self.ledger = Ledger(world.database, world.clock, daily_budget=1_000_000)

    async def work(self, ref: str, cost: int, **more: Any) -> None:
        await self.ledger.reserve(self.user_id, 1_000, ref=ref, kind="run")
        at_ms = self.world.clock.now_ms()
        usage = Usage(**{"kind": "run", "cost": cost, "at_ms": at_ms, **more})
        await self.ledger.settle(self.user_id, ref=ref, usage=usage)


@asynccontextmanager
async def customer(world: ApiWorld, email: str = "ada@example.com") -> AsyncIterator[Customer]:
    async with world.visitor() as client:
        made = await client.post("/api/signup", json={"email": email, "name": "Ada"})
        client.headers["x-api-key"] = made.json()["apiKey"]
        client.cookies.clear()
        yield Customer(world, client, made.json()["user"]["id"])


@pytest.fixture
def world():
    world = ApiWorld()
    yield world
    world.close()


async def test_a_new_account_has_the_credits_of_the_setting(world: ApiWorld):
    async with customer(world) as ada:
        found = (await ada.client.get("/api/credits")).json()
        me = (await ada.client.get("/api/me")).json()
    assert (found["balance"], found["reserved"], me["credits"]) == (500, 0, 500)
    assert found["budget"]["limit"] == 1_000
    assert [each["entry"] for each in found["entries"]] == ["grant"]
    assert found["cursor"] is None


async def test_work_shows_in_balance_budget_entries_and_usage(world: ApiWorld):
    async with customer(world) as ada:
        await ada.work("r1", 250)
        await ada.ledger.reserve(ada.user_id, 4_000, ref="r2", kind="run")
        found = (await ada.client.get("/api/credits")).json()
        used = (await ada.client.get("/api/usage", params={"by": "kind"})).json()
    assert (found["balance"], found["reserved"]) == (495.75, 4)
    assert found["budget"]["spent"] == 4.25
    assert [(each["entry"], each["credits"]) for each in found["entries"]] == [
        ("reserve", -4),
        ("settle", 0.75),
        ("reserve", -1),
        ("grant", 500),
    ]
    assert [(row["kind"], row["count"], row["credits"]) for row in used["rows"]] == [
        ("run", 1, 0.25)
    ]
    assert used["totals"]["credits"] == 0.25
    assert await audit(world.database) == []


async def test_the_ledger_is_read_page_by_page(world: ApiWorld):
    async with customer(world) as ada:
        for number in range(3):
            await ada.work(f"r{number}", 10)
        refs: list[str] = []
        cursor: str | None = None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = (await ada.client.get("/api/credits", params={"limit": 2, **more})).json()
            refs += [each["ref"] for each in page["entries"]]
            cursor = page["cursor"]
            if cursor is None:
                break
    assert refs == ["r2", "r2", "r1", "r1", "r0", "r0", "signup"]


async def test_usage_is_of_the_days_that_are_asked_for(world: ApiWorld):
    async with customer(world) as ada:
        await ada.work("r1", 100, model="a", input_tokens=7, outcome="failed", latency_ms=30)
        first = (await ada.client.get("/api/usage")).json()["to"]
        world.clock.advance(seconds=86_400)
        await ada.work("r2", 300, model="b")
        both = (await ada.client.get("/api/usage")).json()
        one = (await ada.client.get("/api/usage", params={"from": first, "to": first})).json()
        none = await ada.client.get(
            "/api/usage", params={"from": "2001-01-01", "to": "2001-01-31", "by": "model,day"}
        )
    assert [row["model"] for row in both["rows"]] == ["b", "a"]
    assert one["rows"] == [
        {
            "day": first,
            "kind": "run",
            "model": "a",
            "count": 1,
            "inputTokens": 7,
            "outputTokens": 0,
            "credits": 0.1,
            "errors": 1,
            "latencyMs": {"p50": 30, "p95": 30},
        }
    ]
    assert none.json()["rows"] == []
    assert none.json()["by"] == ["day", "model"]
    assert none.json()["totals"]["count"] == 0


@pytest.mark.parametrize(
    "query",
    [
        {"by": "hour"},
        {"by": "day,"},
        {"from": "yesterday"},
        {"from": "2026-02-30"},
        {"from": "2026-03-02", "to": "2026-03-01"},
        {"from": "2024-01-01", "to": "2026-01-01"},
    ],
)
async def test_a_span_that_is_none_is_refused(world: ApiWorld, query: dict[str, str]):
    async with customer(world) as ada:
        answer = await ada.client.get("/api/usage", params=query)
    assert problem_of(answer, "invalid_input")["errors"]


async def test_a_guest_has_no_credits(world: ApiWorld):
    async with world.guest() as guest:
        for path in ("/api/credits", "/api/usage"):
            problem_of(await guest.get(path), "not_authenticated")


async def test_a_key_without_the_scope_sees_nothing(world: ApiWorld):
    async with customer(world) as ada:
        made = await ada.client.post("/api/keys", json={"name": "chat only", "scopes": ["chat"]})
        narrow = {"x-api-key": made.json()["apiKey"]}
        for path in ("/api/credits", "/api/usage"):
            problem_of(await ada.client.get(path, headers=narrow), "insufficient_scope")


async def test_nobody_sees_what_somebody_else_has(world: ApiWorld):
    async with customer(world) as ada, customer(world, "bob@example.com") as bob:
        await ada.work("r1", 100)
        found = (await bob.client.get("/api/credits")).json()
        used = (await bob.client.get("/api/usage")).json()
    assert [each["ref"] for each in found["entries"]] == ["signup"]
    assert used["rows"] == []


async def test_credits_are_unavailable_when_the_database_is(world: ApiWorld):
    async with customer(world) as ada:
        world.database.down = True
        problem_of(await ada.client.get("/api/credits"), "dependency_unavailable")
        world.database.down = False
