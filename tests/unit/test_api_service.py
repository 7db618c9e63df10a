"""The API for other Workers: the rules of HTTP, in strings."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from littoral.api.aliases import canonical_path
from littoral.api.envelope import result_of
from littoral.api.limits import BODY_BYTES
from littoral.api.service import OPERATIONS, Service, call_of
from littoral.errors import (
    InsufficientScope,
    InvalidInput,
    LittoralError,
    NotAuthenticated,
    NotFound,
    TooLarge,
)
from tests.unit.api_world import ApiWorld


class Caller:
    """Another Worker with a key."""

    def __init__(self, world: ApiWorld, key: str | None) -> None:
        self._service = Service(world.app)
        self._key = {"apiKey": key} if key else {}

    async def call(self, name: str, **arguments: Any) -> Any:
        text = json.dumps({**self._key, **arguments})
        return result_of(await self._service.call(name, text))


@pytest.fixture
async def world() -> AsyncIterator[ApiWorld]:
    world = ApiWorld()
    yield world
    world.close()


async def key_of(world: ApiWorld, **scopes: Any) -> str:
    async with world.visitor() as visitor:
        made = await visitor.post("/api/signup", json={"email": "a@b.cd", "name": "A"})
        if scopes:
            made = await visitor.post("/api/keys", json={"name": "x", **scopes})
    key: str = made.json()["apiKey"]
    return key


async def test_a_turn_is_a_call(world: ApiWorld):
    caller = Caller(world, await key_of(world))

    answer = await caller.call("chat", message="Add task: Buy milk")
    again = await caller.call("chat", message="list tasks", sessionId=answer["sessionId"])
    state = await caller.call("get_session", sessionId=answer["sessionId"])
    sessions = await caller.call("list_sessions", limit=5)

    assert [task["title"] for task in again["tasks"]] == ["Buy milk"]
    assert state["tasks"] == again["tasks"]
    assert [each["id"] for each in sessions["sessions"]] == [answer["sessionId"]]


async def test_a_repeated_call_is_one_call(world: ApiWorld):
    caller = Caller(world, await key_of(world))

    first = await caller.call("chat", message="Add task: Buy milk", idempotencyKey="k1")
    second = await caller.call("chat", message="Add task: Buy milk", idempotencyKey="k1")

    assert first["messageId"] == second["messageId"]


@pytest.mark.parametrize(
    "key", [None, "", "wrong", "lit_12345678_12345678901234567890123456789012"]
)
async def test_without_a_good_key_nothing_is_done(world: ApiWorld, key: str | None):
    with pytest.raises(NotAuthenticated):
        await Caller(world, key).call("chat", message="hello")


async def test_scopes_hold(world: ApiWorld):
    caller = Caller(world, await key_of(world, scopes=["runs:read"]))

    with pytest.raises(InsufficientScope):
        await caller.call("chat", message="hello")
    assert (await caller.call("me"))["scopes"] == ["runs:read"]


async def test_problems_are_those_of_http(world: ApiWorld):
    key = await key_of(world)
    text = json.dumps({"apiKey": key, "message": "", "requestId": "trace-12345678"})

    answer = json.loads(await Service(world.app).call("chat", text))

    assert not answer["ok"]
    assert answer["problem"]["code"] == "invalid_input"
    assert answer["problem"]["requestId"] == "trace-12345678"
    assert answer["problem"]["errors"][0]["field"] == "message"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("no json", InvalidInput),
        ("[]", InvalidInput),
        ("[" * 40 + "]" * 40, TooLarge),
        ('{"a":"' + "x" * BODY_BYTES + '"}', TooLarge),
    ],
)
async def test_a_text_that_is_no_call_is_refused(
    world: ApiWorld, text: str, error: type[LittoralError]
):
    with pytest.raises(error):
        result_of(await Service(world.app).call("chat", text))


async def test_names_in_addresses_are_not_ways_out_of_them(world: ApiWorld):
    caller = Caller(world, await key_of(world))

    for name in ("../keys", "a/b", "%2e%2e", "", None, {}, True):
        with pytest.raises(LittoralError) as error:
            await caller.call("get_session", sessionId=name)
        assert error.value.code in ("invalid_input", "not_found")


async def test_a_method_that_is_not_there_is_named(world: ApiWorld):
    with pytest.raises(NotFound, match="no method 'fly'"):
        await Caller(world, "x").call("fly")


async def test_every_operation_stands_for_a_route(world: ApiWorld):
    paths = world.app.openapi()["paths"]

    for operation in OPERATIONS.values():
        assert operation.method.lower() in paths.get(operation.path, {}), operation


def test_a_call_may_name_its_method_itself():
    assert call_of('{"method":"chat","message":"hi"}') == ("chat", '{"message": "hi"}')
    with pytest.raises(InvalidInput):
        call_of('{"message":"hi"}')


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/agent/task-agent/ses_1", "/agents/task-agent/ses_1"),
        ("/agents/task-agent/ses_1", "/agents/task-agent/ses_1"),
        ("/agent", "/agent"),
        ("/api/agent/x", "/api/agent/x"),
        ("/", "/"),
    ],
)
def test_an_alias_is_the_address_that_it_stands_for(path: str, meant: str):
    assert canonical_path(path) == meant
