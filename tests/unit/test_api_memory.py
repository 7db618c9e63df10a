"""Routes of agents' memories: who may, what is refused, what is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest

from littoral.api.memory_answers import MemoryAdded, MemoryAnswer, MemoryDocumentText
from littoral.limits.rules import read_rules
from tests.unit.api_world import ApiWorld, problem_of

AGENT = {"name": "Keeper", "model": "offline", "promptTemplate": "{{input}}"}
TIDES = {"title": "Tides", "text": "The moon pulls the sea. Twice a day the water rises."}


@asynccontextmanager
async def signed_up(world: ApiWorld, email: str) -> AsyncIterator[httpx.AsyncClient]:
    async with world.visitor() as visitor:
        answer = await visitor.post("/api/signup", json={"email": email, "name": "A"})
    async with world.visitor() as client:
        client.headers["x-api-key"] = answer.json()["apiKey"]
        yield client


@pytest.fixture
def world() -> Iterator[ApiWorld]:
    made = ApiWorld()
    yield made
    made.close()


@pytest.fixture
async def user(world: ApiWorld) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with an account."""
    async with signed_up(world, "a@b.cd") as client:
        yield client


async def memory_of(user: httpx.AsyncClient) -> str:
    made = await user.post("/api/agents", json=AGENT)
    assert made.status_code == 201, made.text
    return f"/api/agents/{made.json()['id']}/memory"


async def test_a_document_and_a_search(user: httpx.AsyncClient) -> None:
    memory = await memory_of(user)
    added = await user.post(memory, json=TIDES)
    assert added.status_code == 201, added.text
    body = MemoryAdded.model_validate(added.json())
    assert body.status == "ready" and body.chunks == 1
    assert body.document_id == body.documents[0].document_id
    found = await user.get(memory, params={"q": "when does the water rise", "count": 3})
    [passage] = MemoryAnswer.model_validate(found.json()).passages
    assert passage.text == TIDES["text"] and passage.document_id == body.document_id
    one = await user.get(f"{memory}/{body.document_id}")
    assert MemoryDocumentText.model_validate(one.json()).text == TIDES["text"]
    assert (await user.delete(f"{memory}/{body.document_id}")).json()["deleted"] is True
    problem_of(await user.get(f"{memory}/{body.document_id}"), "not_found")
    assert (await user.get(memory)).json()["documents"] == []


async def test_several_documents_are_answered_as_a_list(user: httpx.AsyncClient) -> None:
    memory = await memory_of(user)
    several = [{"text": f"Fact {n}."} for n in range(3)]
    added = await user.post(memory, json={"documents": several})
    assert [each["title"] for each in added.json()["documents"]] == [
        "Fact 0.",
        "Fact 1.",
        "Fact 2.",
    ]
    assert "documentId" not in added.json()
    page = (await user.get(memory, params={"limit": 2})).json()
    assert len(page["documents"]) == 2 and page["cursor"]
    rest = (await user.get(memory, params={"limit": 2, "cursor": page["cursor"]})).json()
    assert len(rest["documents"]) == 1 and rest["cursor"] is None


async def test_an_idempotency_key_is_for_one_document(user: httpx.AsyncClient) -> None:
    memory = await memory_of(user)
    headers = {"idempotency-key": "one"}
    first = await user.post(memory, json=TIDES, headers=headers)
    again = await user.post(memory, json=TIDES, headers=headers)
    assert first.json()["documentId"] == again.json()["documentId"]
    other = await user.post(memory, json={"text": "Another."}, headers=headers)
    problem_of(other, "conflict")


async def test_nobody_reaches_the_memory_of_anybody_else(
    world: ApiWorld, user: httpx.AsyncClient
) -> None:
    memory = await memory_of(user)
    await user.post(memory, json=TIDES)
    async with signed_up(world, "other@b.cd") as other:
        for answer in (
            await other.get(memory),
            await other.get(memory, params={"q": "moon"}),
            await other.post(memory, json=TIDES),
            await other.delete(f"{memory}/doc_x"),
        ):
            problem_of(answer, "not_found")
    async with world.guest() as guest:
        problem_of(await guest.get(memory), "not_authenticated")


BAD_BODIES: tuple[tuple[dict[str, object], str], ...] = (
    ({}, "invalid_input"),
    ({"text": "a", "documents": [{"text": "b"}]}, "invalid_input"),
    ({"title": "t", "documents": [{"text": "b"}]}, "invalid_input"),
    ({"text": "a\u0000"}, "invalid_input"),
    ({"text": " "}, "invalid_input"),
    ({"text": "a", "title": "two\nlines"}, "invalid_input"),
    ({"text": "a", "extra": 1}, "invalid_input"),
    ({"documents": [{"text": "a"}] * 21}, "invalid_input"),
    ({"text": "ä" * 500_001}, "too_large"),
)


async def test_what_cannot_be_remembered_is_refused(user: httpx.AsyncClient) -> None:
    memory = await memory_of(user)
    for body, code in BAD_BODIES:
        problem_of(await user.post(memory, json=body), code)
    assert (await user.get(memory)).json()["documents"] == []


async def test_a_megabyte_is_taken_and_more_than_the_body_is_not(user: httpx.AsyncClient) -> None:
    memory = await memory_of(user)
    assert (await user.post(memory, json={"text": "word " * 20_000})).status_code in (201, 202)
    problem_of(await user.post(memory, json={"text": "x" * (4 * 1024 * 1024)}), "too_large")


async def test_a_bad_question_is_refused(user: httpx.AsyncClient) -> None:
    memory = await memory_of(user)
    bad: tuple[dict[str, str], ...] = (
        {"q": ""},
        {"q": "a", "count": "0"},
        {"q": "a", "count": "21"},
        {"q": "x" * 2_001},
        {"cursor": "x"},
        {"limit": "51"},
    )
    for params in bad:
        problem_of(await user.get(memory, params=params), "invalid_input")


async def test_writes_and_searches_are_counted_together() -> None:
    world = ApiWorld(rate_limits=read_rules("memory=3/60"))
    async with signed_up(world, "a@b.cd") as user:
        memory = await memory_of(user)
        await user.post(memory, json=TIDES)
        for _ in range(2):
            assert (await user.get(memory, params={"q": "moon"})).status_code == 200
        problem_of(await user.post(memory, json=TIDES), "rate_limited")
        assert (await user.get(memory)).status_code == 200
    world.close()
