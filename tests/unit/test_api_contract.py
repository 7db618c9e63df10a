"""The API keeps to its own description, whatever is sent (by schemathesis, from a fixed seed)."""

from __future__ import annotations

import asyncio

import schemathesis
from schemathesis import Case

from littoral.accounts import guest
from littoral.accounts.store import AccountStore
from littoral.limits.rules import read_rules
from tests.unit.api_description import CONFIG, KEPT, always_the_same, send_to
from tests.unit.api_world import SECRET, ApiWorld

GUEST = "guest_contractcontractcontra"
SESSION = "ses_contract"
WORLD = ApiWorld(rate_limits=read_rules("signup=10000/60, login=10000/60, keys=10000/60"))
COOKIE = f"littoral={guest.issue(GUEST, secret=SECRET, now_seconds=WORLD.clock.now_ms() // 1000)}"
ACCOUNT: dict[str, str] = {}
"""Owner and key of an account, once it is made."""

schema = schemathesis.openapi.from_asgi("/openapi.json", WORLD.app, config=CONFIG)


async def make_account() -> None:
    """The account that some requests come from; safe to repeat."""
    if not ACCOUNT:
        async with WORLD.visitor() as visitor:
            made = await visitor.post("/api/signup", json={"email": "a@b.cd", "name": "A"})
        key = made.json()["apiKey"]
        record = await AccountStore(WORLD.database).key(made.json()["key"]["id"])
        assert record is not None
        ACCOUNT.update(owner=record.owner, key=key)


async def begin_session(owner: str, payer: str = "") -> None:
    """The session that requests are sent to, with something in it; safe to repeat."""
    agent = WORLD.gateway.agent(owner, SESSION, payer=payer)
    await agent.call("session.create", {"title": "Contract"})
    if not (await agent.call("tasks.list"))["tasks"]:
        await agent.call("tasks.add", {"title": "a task"})


@schema.parametrize()
@always_the_same(examples=2)
def test_an_operation_answers_a_guest_as_it_is_described(case: Case) -> None:
    asyncio.run(begin_session(GUEST))

    check(case, {"cookie": COOKIE})


@schema.parametrize()
@always_the_same(examples=6)
def test_an_operation_answers_an_account_as_it_is_described(case: Case) -> None:
    asyncio.run(make_account())
    asyncio.run(begin_session(ACCOUNT["owner"], "usr.key"))

    check(case, {"x-api-key": ACCOUNT["key"]})


def check(case: Case, headers: dict[str, str]) -> None:
    send_to(SESSION, case)

    response = case.call(headers=headers)

    case.validate_response(response, checks=KEPT)
    if response.status_code >= 400:
        assert response.headers["content-type"] == ["application/problem+json"]
