"""Routes of agents and executions: the whole flow, what is refused and why, whose they are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from littoral.api.service import Service
from littoral.jsontext import dumps, loads
from tests.unit.api_world import ApiWorld, problem_of


@pytest.fixture
def world() -> Iterator[ApiWorld]:
    made = ApiWorld(agent_models=("@cf/*", "offline"))
    yield made
    made.close()


async def key_of(world: ApiWorld, email: str) -> str:
    async with world.visitor() as visitor:
        made = await visitor.post("/api/signup", json={"email": email, "name": "A"})
    return str(made.json()["apiKey"])


@pytest.fixture
async def user(world: ApiWorld) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with an account."""
    async with world.visitor() as client:
        client.headers["x-api-key"] = await key_of(world, "a@b.cd")
        yield client


async def make(user: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    made = await user.post("/api/agents", json={"name": "A", "model": "offline", **more})
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


async def execute(user: httpx.AsyncClient, agent_id: str, **body: Any) -> httpx.Response:
    return await user.post(f"/api/agents/{agent_id}/execute", json={"input": "Hello", **body})


async def test_an_agent_has_the_documented_fields_and_their_usual_values(
    user: httpx.AsyncClient,
) -> None:
    made = await make(user, name="Sum", model="Mistral_7b")

    assert made["id"].startswith("agt_") and len(made["id"]) == 26
    assert made.pop("id") and made.pop("createdAt") == made.pop("updatedAt")
    assert made == {
        "name": "Sum",
        "description": "",
        "model": "@cf/mistral/mistral-7b-instruct-v0.1",
        "promptTemplate": "{{input}}",
        "systemPrompt": "",
        "temperature": 0.7,
        "maxTokens": 1024,
        "edgeLocations": ["auto"],
        "outputFilter": {"secrets": True, "personalData": False},
        "cache": "auto",
        "cacheSeconds": 86_400,
        "gateway": None,
        "memory": {"enabled": False, "passages": 4},
        "version": 1,
        "archived": False,
        "stats": {
            "executions": 0,
            "failed": 0,
            "p50LatencyMs": None,
            "lastAt": None,
            "recentLatencies": [],
        },
    }


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"model": "gpt-4"}, "model", "is no model"),
        ({"model": "openai/gpt-4o"}, "model", "may not be used"),
        ({"model": "TextEmbedding"}, "model", "embeddings"),
        ({"model": "@cf/baai/bge-m3"}, "model", "embeddings"),
        ({"temperature": 2.1}, "temperature", "less than or equal to 2"),
        ({"temperature": -0.1}, "temperature", "greater than or equal to 0"),
        ({"temperature": "1"}, "temperature", "valid number"),
        ({"maxTokens": 0}, "maxTokens", "greater than or equal to 1"),
        ({"maxTokens": 9_000}, "maxTokens", "less than or equal to 8192"),
        ({"maxTokens": 1.5}, "maxTokens", "valid integer"),
        ({"edgeLocations": ["auto", "mars"]}, "edgeLocations.1", "is no place"),
        ({"promptTemplate": "{{input}} {{x"}, "promptTemplate", "position 10"),
        ({"promptTemplate": "no input"}, "promptTemplate", "there is no {{input}}"),
        ({"cache": "sometimes"}, "cache", "'auto', 'always' or 'never'"),
        ({"gateway": {"id": "Not Good"}}, "gateway.id", "pattern"),
        ({"memory": {"passages": 0}}, "memory.passages", "greater than or equal to 1"),
        ({"name": " "}, "name", "empty"),
        ({"modle": "x"}, "modle", "there is no such field"),
    ],
)
async def test_a_bad_agent_is_refused_with_the_field_and_the_reason(
    user: httpx.AsyncClient, body: dict[str, Any], field: str, reason: str
) -> None:
    answer = await user.post("/api/agents", json={"name": "A", "model": "offline", **body})

    problem = problem_of(answer, "invalid_input")
    assert problem["errors"][0]["field"] == field
    assert reason in problem["errors"][0]["message"]


async def test_edits_make_versions_and_a_stale_editor_is_told(user: httpx.AsyncClient) -> None:
    made = await make(user, outputFilter={"personalData": True}, gateway={"skipCache": True})
    one = f"/api/agents/{made['id']}"

    edited = (await user.patch(one, json={"temperature": 0, "version": 1})).json()
    same = (await user.patch(one, json={"temperature": 0})).json()
    filtered = (await user.patch(one, json={"outputFilter": {"secrets": False}})).json()
    cleared = (await user.patch(one, json={"gateway": None, "name": "B"})).json()
    stale = await user.patch(one, json={"temperature": 1, "version": 2})

    assert (edited["version"], same["version"]) == (2, 2)
    assert filtered["outputFilter"] == {"secrets": False, "personalData": True}
    assert (cleared["gateway"], cleared["name"], cleared["version"]) == (None, "B", 4)
    problem_of(stale, "conflict")
    versions = (await user.get(f"{one}/versions")).json()["versions"]
    assert [each["version"] for each in versions] == [4, 3, 2, 1]
    assert versions[3]["gateway"] == {"skipCache": True}
    old = (await execute(user, made["id"], version=1)).json()
    assert old["agentVersion"] == 1
    problem_of(await execute(user, made["id"], version=9), "not_found")


async def test_an_execution_is_listed_filtered_and_counted(
    world: ApiWorld, user: httpx.AsyncClient
) -> None:
    made = await make(user, promptTemplate="Say to {{who}}: {{input}}", temperature=0)
    other = await make(user, name="Other", edgeLocations=["weur"])

    done = (await execute(user, made["id"], variables={"who": "you"})).json()
    world.clock.advance(seconds=1)
    await execute(user, other["id"], input="Find the whale")

    assert done["status"] == "completed" and "offline" in done["output"]
    assert "Say to you: Hello" in done["output"]
    assert (await user.get(f"/api/executions/{done['id']}")).json() == done

    async def ids(query: str) -> list[str]:
        found = (await user.get(f"/api/executions?{query}")).json()["executions"]
        return [each["agentId"] for each in found]

    assert await ids("") == [other["id"], made["id"]]
    assert await ids(f"agentId={made['id']}") == [made["id"]]
    assert await ids("status=completed&q=WHALE") == [other["id"]]
    assert await ids("location=weur") == [other["id"]]
    assert await ids("status=failed") == []
    page = (await user.get("/api/executions?limit=1")).json()
    assert await ids(f"limit=1&cursor={page['cursor']}") == [made["id"]]
    problem_of(await user.get("/api/executions?status=lost"), "invalid_input")
    problem_of(await user.get("/api/executions?cursor=1.x"), "invalid_input")
    stats = (await user.get(f"/api/agents/{made['id']}")).json()["stats"]
    assert (stats["executions"], stats["p50LatencyMs"], len(stats["recentLatencies"])) == (1, 0, 1)


async def test_a_stream_begins_says_words_and_ends_with_the_whole(user: httpx.AsyncClient) -> None:
    made = await make(user)

    answer = await execute(user, made["id"], mode="stream")

    assert answer.headers["content-type"].startswith("text/event-stream")
    lines = [each for each in answer.text.splitlines() if each.startswith("data: ")]
    frames = [loads(each[6:], most_characters=10_000) for each in lines]
    assert frames[0]["type"] == "execution.started"
    assert frames[0]["execution"]["status"] == "running"
    said = "".join(each["delta"] for each in frames[1:-1])
    assert {each["type"] for each in frames[1:-1]} == {"text-delta"}
    assert frames[-1]["type"] == "execution.completed"
    assert frames[-1]["execution"]["output"] == said
    one = f"/api/executions/{frames[-1]['execution']['id']}"
    page = (await user.get(f"{one}/events?since=1")).json()
    assert page["ended"] and page["events"][-1]["type"] == "execution.completed"


async def test_bad_variables_are_refused_and_nothing_is_kept(user: httpx.AsyncClient) -> None:
    made = await make(user, promptTemplate="{{a}} {{input}}")

    missing = problem_of(await execute(user, made["id"]), "invalid_input")
    unknown = problem_of(
        await execute(user, made["id"], variables={"a": "x", "b": "y"}), "invalid_input"
    )
    place = problem_of(
        await execute(user, made["id"], variables={"a": "x"}, edgeLocation="moon"), "invalid_input"
    )

    assert missing["errors"] == [{"field": "variables.a", "message": "the template needs it"}]
    assert unknown["errors"][0]["field"] == "variables.b"
    assert place["errors"][0]["field"] == "edgeLocation"
    assert (await user.get("/api/executions")).json()["executions"] == []


async def test_an_idempotency_key_makes_one_agent_and_one_execution(
    user: httpx.AsyncClient,
) -> None:
    key = {"idempotency-key": "once"}
    body = {"name": "A", "model": "offline"}
    first = (await user.post("/api/agents", json=body, headers=key)).json()
    again = (await user.post("/api/agents", json=body, headers=key)).json()
    other = await user.post("/api/agents", json={**body, "name": "B"}, headers=key)
    assert again["id"] == first["id"]
    problem_of(other, "conflict")

    url = f"/api/agents/{first['id']}/execute"
    runs = [
        (await user.post(url, json={"input": "x", "mode": mode}, headers=key)).json()
        for mode in ("async", "sync", "sync")
    ]
    assert len({each["id"] for each in runs}) == 1
    problem_of(await user.post(url, json={"input": "y"}, headers=key), "conflict")
    assert len((await user.get("/api/executions")).json()["executions"]) == 1
    await user.delete(f"/api/agents/{first['id']}")
    assert (await user.post(url, json={"input": "x"}, headers=key)).json() == runs[-1]


async def test_archived_agents_are_read_and_not_executed(user: httpx.AsyncClient) -> None:
    made = await make(user)
    one = f"/api/agents/{made['id']}"

    assert (await user.delete(one)).json()["archived"] is True
    problem_of(await execute(user, made["id"]), "conflict")
    problem_of(await user.patch(one, json={"name": "B"}), "conflict")
    assert (await user.get("/api/agents")).json()["agents"] == []
    archived = (await user.get("/api/agents?archived=true")).json()["agents"]
    assert [each["id"] for each in archived] == [made["id"]]
    assert (await user.post(f"{one}/restore")).json()["archived"] is False
    assert (await execute(user, made["id"])).status_code == 200


async def test_nobody_reaches_what_is_somebody_elses(
    world: ApiWorld, user: httpx.AsyncClient
) -> None:
    made = await make(user)
    done = (await execute(user, made["id"])).json()

    async with world.visitor() as stranger:
        problem_of(await stranger.get("/api/agents"), "not_authenticated")
        stranger.headers["x-api-key"] = await key_of(world, "c@d.ef")
        assert (await stranger.get("/api/agents")).json()["agents"] == []
        assert (await stranger.get("/api/executions")).json()["executions"] == []
        for method, path in (
            ("GET", f"/api/agents/{made['id']}"),
            ("GET", f"/api/agents/{made['id']}/versions"),
            ("DELETE", f"/api/agents/{made['id']}"),
            ("POST", f"/api/agents/{made['id']}/restore"),
            ("GET", f"/api/executions/{done['id']}"),
            ("GET", f"/api/executions/{done['id']}/events"),
            ("POST", f"/api/executions/{done['id']}/cancel"),
        ):
            problem_of(await stranger.request(method, path), "not_found")
        problem_of(await execute(stranger, made["id"]), "not_found")
        filter_ = f"agentId={made['id']}"
        assert (await stranger.get(f"/api/executions?{filter_}")).json()["executions"] == []


async def test_a_key_without_the_scope_does_nothing_here(
    world: ApiWorld, user: httpx.AsyncClient
) -> None:
    made = await user.post("/api/keys", json={"name": "chat", "scopes": ["chat"]})

    async with world.visitor() as other:
        other.headers["x-api-key"] = made.json()["apiKey"]
        problem_of(await other.get("/api/agents"), "insufficient_scope")
        problem_of(await other.get("/api/executions"), "insufficient_scope")


async def test_another_worker_executes_an_agent(world: ApiWorld, user: httpx.AsyncClient) -> None:
    made = await make(user)
    call = {"apiKey": user.headers["x-api-key"], "agentId": made["id"], "input": "Hello"}

    answer = loads(
        await Service(world.app).call("execute_agent", dumps(call)), most_characters=9999
    )

    assert answer["ok"] and answer["result"]["status"] == "completed"


async def test_open_pages_are_told_of_agents_even_when_nobody_hears(
    world: ApiWorld, user: httpx.AsyncClient
) -> None:
    await make(user)
    assert len(world.gateway.told) == 1

    world.gateway.out_of_reach.add("registry.told")

    assert (await make(user, name="B"))["name"] == "B"
