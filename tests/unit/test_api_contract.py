"""The API keeps to its own description, whatever is sent (by schemathesis, from a fixed seed)."""

from __future__ import annotations

import asyncio

import schemathesis
from schemathesis import Case

from littoral.accounts import guest
from tests.unit.api_description import CONFIG, KEPT, always_the_same, send_to
from tests.unit.api_world import SECRET, ApiWorld

OWNER = "guest_contractcontractcontra"
SESSION = "ses_contract"
WORLD = ApiWorld()
COOKIE = f"littoral={guest.issue(OWNER, secret=SECRET, now_seconds=WORLD.clock.now_ms() // 1000)}"

schema = schemathesis.openapi.from_asgi("/openapi.json", WORLD.app, config=CONFIG)


async def begin_session() -> None:
    """The session that requests are sent to, with something in it; safe to repeat."""
    agent = WORLD.gateway.agent(OWNER, SESSION)
    await agent.call("session.create", {"title": "Contract"})
    if not (await agent.call("tasks.list"))["tasks"]:
        await agent.call("tasks.add", {"title": "a task"})


@schema.parametrize()
@always_the_same(examples=20)
def test_an_operation_answers_as_it_is_described(case: Case) -> None:
    asyncio.run(begin_session())
    send_to(SESSION, case)

    response = case.call(headers={"cookie": COOKIE})

    case.validate_response(response, checks=KEPT)
    if response.status_code >= 400:
        assert response.headers["content-type"] == ["application/problem+json"]
