"""Routes of the terminal: whose session, which scope, what a ticket and a share look like."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from littoral.terminal.seal import unseal
from tests.unit.api_world import HERE, SECRET, ApiWorld, problem_of

TICKET = "/api/orchestrator/session/box_1/terminal-ticket"
SHARES = "/api/orchestrator/session/box_1/shares"
SHARED = "/api/orchestrator/shared/terminal-ticket"


@pytest.fixture
def world() -> Iterator[ApiWorld]:
    world = ApiWorld()
    yield world
    world.close()


async def sign_up(world: ApiWorld, email: str) -> dict[str, str]:
    """Headers of a new account's first key."""
    async with world.visitor() as client:
        answer = await client.post("/api/signup", json={"email": email, "name": "Ada"})
    assert answer.status_code == 201, answer.text
    return {"x-api-key": answer.json()["apiKey"]}


@pytest.fixture
async def owner(world: ApiWorld) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with the session box_1."""
    headers = await sign_up(world, "ada@littoral.test")
    rows = await world.database.rows("SELECT owner FROM users")
    world.gateway.terminals.begin(str(rows[0][0]), "box_1")
    async with world.visitor() as client:
        client.headers.update(headers)
        yield client


async def test_a_ticket_names_the_socket_and_says_when_it_ends(owner: httpx.AsyncClient) -> None:
    answer = await owner.post(TICKET, json={"readOnly": True}, headers={"origin": HERE})

    assert answer.status_code == 201
    made = answer.json()
    assert made["readOnly"] is True
    address, _, text = made["url"].partition("?ticket=")
    assert address == "ws://littoral.test/api/orchestrator/session/box_1/terminal"
    sealed = unseal("tkt", text, secret=SECRET)
    assert sealed is not None
    assert sealed.session_id == "box_1"


async def test_a_guest_gets_no_ticket(world: ApiWorld) -> None:
    async with world.guest() as guest:
        problem_of(await guest.post(TICKET, json={}), "not_authenticated")


async def test_a_key_without_the_scope_gets_no_ticket(owner: httpx.AsyncClient) -> None:
    made = await owner.post("/api/keys", json={"name": "reader", "scopes": ["runs:read"]})
    key = {"x-api-key": made.json()["apiKey"]}

    for answer in (
        await owner.post(TICKET, json={}, headers=key),
        await owner.get(SHARES, headers=key),
        await owner.post(SHARES, json={}, headers=key),
        await owner.delete(f"{SHARES}/shr_x", headers=key),
    ):
        problem_of(answer, "insufficient_scope")


async def test_the_session_of_somebody_else_does_not_exist(
    world: ApiWorld, owner: httpx.AsyncClient
) -> None:
    share = (await owner.post(SHARES, json={})).json()
    stranger = await sign_up(world, "eve@littoral.test")
    async with world.visitor() as eve:
        eve.headers.update(stranger)
        for answer in (
            await eve.post(TICKET, json={}),
            await eve.get(SHARES),
            await eve.post(SHARES, json={}),
            await eve.delete(f"{SHARES}/{share['id']}"),
        ):
            problem_of(answer, "not_found")
    assert (await owner.get(SHARES)).json()["shares"][0]["good"] is True


async def test_whoever_has_a_link_gets_a_read_only_ticket_until_it_is_revoked(
    world: ApiWorld, owner: httpx.AsyncClient
) -> None:
    share = (await owner.post(SHARES, json={"name": "demo", "expiresInSeconds": 60})).json()
    text = share["url"].partition("#share=")[2]
    async with world.visitor() as visitor:
        first = await visitor.post(SHARED, json={"share": text})
        assert first.status_code == 201
        assert first.json()["readOnly"] is True

        assert (await owner.delete(f"{SHARES}/{share['id']}")).status_code == 204

        problem_of(await visitor.post(SHARED, json={"share": text}), "not_found")
    assert world.gateway.terminals.hung_up == [share["id"]]


async def test_a_link_that_was_changed_or_is_over_opens_nothing(
    world: ApiWorld, owner: httpx.AsyncClient
) -> None:
    share = (await owner.post(SHARES, json={"expiresInSeconds": 60})).json()
    text = share["url"].partition("#share=")[2]
    async with world.visitor() as visitor:
        problem_of(await visitor.post(SHARED, json={"share": text[:-2] + "AA"}), "not_found")
        world.clock.advance(seconds=60)
        problem_of(await visitor.post(SHARED, json={"share": text}), "not_found")


async def test_a_list_gives_the_same_link_again(owner: httpx.AsyncClient) -> None:
    made = (await owner.post(SHARES, json={"name": "demo"})).json()

    assert (await owner.get(SHARES)).json()["shares"] == [made]


async def test_tickets_are_limited(owner: httpx.AsyncClient) -> None:
    answers = [await owner.post(TICKET, json={}) for _ in range(31)]

    assert [answer.status_code for answer in answers[:30]] == [201] * 30
    problem_of(answers[30], "rate_limited")
    assert int(answers[30].headers["retry-after"]) > 0


@pytest.mark.parametrize("seconds", [59, 604_801, "60", 1.5])
async def test_how_long_a_share_lasts_has_bounds(owner: httpx.AsyncClient, seconds: object) -> None:
    problem_of(await owner.post(SHARES, json={"expiresInSeconds": seconds}), "invalid_input")
