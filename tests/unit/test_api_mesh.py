"""``/api/mesh``: agents, events, replay, permissions, dead letters, cards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from littoral.errors import NotAllowed
from littoral.mesh.kernel.envelope import USER, Envelope
from tests.fakes.mesh_objects import MeshObjects
from tests.unit.api_world import ApiWorld, problem_of


@pytest.fixture
async def world() -> AsyncIterator[ApiWorld]:
    made = ApiWorld()
    made.gateway.mesh_behaviours.clear()  # Plain agents, which keep notes.
    made.gateway.mesh_methods.clear()
    yield made
    made.close()


async def signed_up(world: ApiWorld, client: httpx.AsyncClient, email: str) -> MeshObjects:
    """A client with a key, and the mesh that belongs to it."""
    answer = await client.post("/api/signup", json={"email": email, "name": "Somebody"})
    client.headers["x-api-key"] = answer.json()["apiKey"]
    await client.get("/api/mesh/agents")
    return list(world.gateway._meshes.values())[-1]


async def send(objects: MeshObjects, to: str, text: str, kind: str = "note.keep") -> None:
    envelope = Envelope(
        id=f"env-{text}",
        sender=USER,
        to=to,
        kind=kind,
        correlation_id=f"about-{text}",
        body={"text": text},
    )
    await objects.call(to, "envelope.send", {"envelope": envelope.to_json()})
    await objects.settle()


async def test_agents_are_listed_new_and_known_with_their_state(world: ApiWorld):
    async with world.visitor() as client:
        objects = await signed_up(world, client, "a@example.com")
        listed = (await client.get("/api/mesh/agents")).json()["agents"]
        assert [each["name"] for each in listed] == [
            "coordinator",
            "data",
            "analysis",
            "notification",
        ]
        assert {each["status"] for each in listed} == {"new"}
        assert (await client.get("/api/mesh/agents/data")).json()["state"] is None
        await send(objects, "data", "one")
        shown = (await client.get("/api/mesh/agents/data")).json()
        assert (shown["status"], shown["state"]) == ("active", {"texts": ["one"]})
        assert shown["events"] == 3 and shown["leaseUntil"] > shown["heartbeatAt"]
        problem_of(await client.get("/api/mesh/agents/worker-9"), "not_found")
        problem_of(await client.get("/api/mesh/agents/Data!"), "invalid_input")


async def test_events_are_read_in_pages_by_agent_chain_and_type(world: ApiWorld):
    async with world.visitor() as client:
        objects = await signed_up(world, client, "a@example.com")
        for text in ("one", "two"):
            await send(objects, "data", text)
            await send(objects, "analysis", f"{text}-more")
        page = (await client.get("/api/mesh/events", params={"since": 0, "limit": 4})).json()
        assert [each["position"] for each in page["events"]] == [1, 2, 3, 4]
        rest = (await client.get("/api/mesh/events", params={"since": page["next"]})).json()
        assert rest["events"][0]["position"] == 5 and rest["next"] == rest["last"]
        chain = (await client.get("/api/mesh/events?correlationId=about-two")).json()["events"]
        assert [each["type"] for each in chain] == ["message.received", "note.kept"]
        assert (chain[0]["from"], chain[0]["to"]) == ("user", "data")
        kept = (await client.get("/api/mesh/events?agent=data&type=note.kept")).json()["events"]
        assert [each["body"]["text"] for each in kept] == ["one", "two"]


async def test_replay_proves_the_state_and_shows_it_as_it_was(world: ApiWorld):
    async with world.visitor() as client:
        objects = await signed_up(world, client, "a@example.com")
        problem_of(await client.post("/api/mesh/agents/data/replay"), "not_found")
        for text in ("one", "two"):
            await send(objects, "data", text)
        whole = (await client.post("/api/mesh/agents/data/replay")).json()
        assert whole["equal"] is True and whole["state"] == {"texts": ["one", "two"]}
        part = (await client.post("/api/mesh/agents/data/replay", json={"upTo": 3})).json()
        assert (part["equal"], part["state"]) == (None, {"texts": ["one"]})
        beyond = await client.post("/api/mesh/agents/data/replay", json={"upTo": 99})
        problem_of(beyond, "invalid_input")


async def test_rules_are_replaced_when_they_are_those_that_were_read(world: ApiWorld):
    async with world.visitor() as client:
        objects = await signed_up(world, client, "a@example.com")
        await send(objects, "data", "one")
        read = (await client.get("/api/mesh/permissions")).json()
        assert read["version"] == 0 and read["rules"][0]["from"] == "user"
        rules = [{"from": "user", "to": "data", "kind": "note.*", "allow": False}, *read["rules"]]
        put = await client.put("/api/mesh/permissions", json={"rules": rules, "version": 0})
        assert (put.json()["applied"], put.json()["version"]) == (["data"], 1)
        with pytest.raises(NotAllowed):
            await send(objects, "data", "two")
        again = await client.put("/api/mesh/permissions", json={"rules": rules, "version": 0})
        problem_of(again, "conflict")
        bad = {"rules": [{"from": "NOBODY", "to": "*"}]}
        problem_of(await client.put("/api/mesh/permissions", json=bad), "invalid_input")


async def test_dead_letters_are_listed_replayed_and_discarded(world: ApiWorld):
    async with world.visitor() as client:
        objects = await signed_up(world, client, "a@example.com")
        await send(objects, "data", "one")
        agent = objects.agent("data")
        for number in (1, 2):
            lost = Envelope(
                id=f"lost-{number}",
                sender="data",
                to="analysis",
                kind="note.keep",
                correlation_id="about-lost",
                body={"text": f"{number}"},
            )
            why = {"code": "dependency_unavailable", "detail": "nobody answered"}
            letters, kept = agent.engine.letters, lost
            agent.engine.atomically(lambda: letters.keep("out", kept, why, 12))  # noqa: B023
        await agent.pump.reporting.tell()
        listed = (await client.get("/api/mesh/dead-letters")).json()["deadLetters"]
        assert {each["id"] for each in listed} == {"data.lost-1", "data.lost-2"}
        assert listed[0]["envelope"]["to"] == "analysis"
        answer = await client.post("/api/mesh/dead-letters/data.lost-1/replay")
        assert answer.json() == {"id": "data.lost-1", "status": "replayed"}
        answer = await client.post("/api/mesh/dead-letters/data.lost-2/discard")
        assert answer.json() == {"id": "data.lost-2", "status": "discarded"}
        analysis = (await client.get("/api/mesh/agents/analysis")).json()
        assert analysis["state"] == {"texts": ["1"]}
        assert (await client.get("/api/mesh/dead-letters")).json() == {"deadLetters": []}
        for gone in ("data.lost-1", "data.nothing", "nobody.x", "x"):
            problem_of(await client.post(f"/api/mesh/dead-letters/{gone}/replay"), "not_found")


async def test_meshes_of_two_accounts_never_meet(world: ApiWorld):
    async with world.visitor() as one, world.visitor() as two:
        first = await signed_up(world, one, "a@example.com")
        await send(first, "data", "secret")
        second = await signed_up(world, two, "b@example.com")
        assert second is not first
        assert (await two.get("/api/mesh/events")).json()["events"] == []
        assert (await two.get("/api/mesh/agents/data")).json()["status"] == "new"


async def test_guests_and_keys_without_the_scope_are_refused(world: ApiWorld):
    async with world.guest() as guest:
        problem_of(await guest.get("/api/mesh/agents"), "not_authenticated")
    async with world.visitor() as client:
        await signed_up(world, client, "a@example.com")
        made = await client.post("/api/keys", json={"name": "chat only", "scopes": ["chat"]})
        client.headers["x-api-key"] = made.json()["apiKey"]
        problem_of(await client.get("/api/mesh/agents"), "insufficient_scope")


REQUIRED = (
    "name",
    "description",
    "version",
    "supportedInterfaces",
    "capabilities",
    "defaultInputModes",
    "defaultOutputModes",
    "skills",
)
"""Fields that A2A 1.0 requires of an agent card (specification/a2a.proto)."""


def require_card(card: dict[str, Any]) -> None:
    assert all(card[each] for each in REQUIRED)
    for interface in card["supportedInterfaces"]:
        assert set(interface) == {"url", "protocolBinding", "protocolVersion"}
        assert interface["protocolBinding"] not in ("JSONRPC", "GRPC", "HTTP+JSON")
    assert set(card["capabilities"].values()) == {False}
    for skill in card["skills"]:
        assert skill["id"] and skill["name"] and skill["description"] and skill["tags"]


async def test_cards_have_what_the_protocol_requires_and_promise_what_is_there(world: ApiWorld):
    async with world.visitor() as client:
        public = await client.get("/.well-known/agent-card.json")
        assert public.status_code == 200
        require_card(public.json())
        assert "set-cookie" not in public.headers
        problem_of(await client.get("/api/mesh/agents/data/card"), "not_authenticated")
        objects = await signed_up(world, client, "a@example.com")
        await send(objects, "data", "one")
        card = (await client.get("/api/mesh/agents/data/card")).json()
        require_card(card)
        assert [each["id"] for each in card["skills"]] == ["data-notes"]


async def test_a_stream_of_events_goes_on_from_the_last_one_that_was_seen(world: ApiWorld):
    async with world.visitor() as client:
        objects = await signed_up(world, client, "a@example.com")
        await send(objects, "data", "one")
        world.gateway.out_of_reach.add("mesh.wait")  # Ends the stream after what there is.
        answer = await client.get(
            "/api/mesh/events",
            headers={"accept": "text/event-stream", "last-event-id": "1"},
        )
        numbers = [line[4:] for line in answer.text.splitlines() if line.startswith("id: ")]
        assert numbers == ["2", "3"]
