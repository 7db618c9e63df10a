"""Both indexes do what an index must do; what is Vectorize's alone: limits, delays, failures."""

from __future__ import annotations

import json

import pytest

from littoral.errors import DependencyUnavailable, InvalidInput
from littoral.memory.index import Entry, VectorIndex
from littoral.memory.local_index import LOCAL_INDEX_SCHEMA, LocalIndex
from littoral.memory.vectorize_index import VectorizeFailed, VectorizeIndex, namespace_of
from littoral.memory.vectors import packed, unpacked
from littoral.store.migrations import migrate
from tests.contracts import index_contract
from tests.contracts.index_contract import DIMENSIONS, Check, direction, entry
from tests.fakes.sqlite import Sqlite
from tests.fakes.vectorize import FakeVectorize


def local() -> VectorIndex:
    sql = Sqlite()
    migrate(sql, (LOCAL_INDEX_SCHEMA,))
    return LocalIndex(sql)


def prompt_vectorize() -> VectorIndex:
    return VectorizeIndex(FakeVectorize(DIMENSIONS))


def slow_vectorize() -> VectorIndex:
    return VectorizeIndex(FakeVectorize(DIMENSIONS, lag=3))


@pytest.mark.parametrize("make", [local, prompt_vectorize, slow_vectorize])
@pytest.mark.parametrize("check", index_contract.CHECKS)
async def test_an_index_keeps_the_contract(check: Check, make: type) -> None:
    await check(make())


async def test_a_write_of_vectorize_is_found_later_and_its_ticket_says_when() -> None:
    index = VectorizeIndex(FakeVectorize(DIMENSIONS, lag=3))
    ticket = await index.put("s", [entry("v", 1)])
    assert await index.nearest("s", direction(1), 5) == []
    assert not await index.visible(ticket)
    assert await index.visible(ticket)
    assert [each.id for each in await index.nearest("s", direction(1), 5)] == ["v"]


async def test_names_for_vectorize_are_short_and_tell_nothing() -> None:
    name = namespace_of("usr_1/agt_1#12345678" * 20)
    assert len(name.encode()) == 43 and "agt" not in name
    assert name != namespace_of("usr_1/agt_2#12345678")


async def test_a_failure_of_vectorize_is_retryable_and_says_nothing_of_its_words() -> None:
    binding = FakeVectorize(DIMENSIONS)
    index = VectorizeIndex(binding)
    binding.failure = "VECTOR_QUERY_ERROR: 500 secret internals"
    with pytest.raises(DependencyUnavailable) as raised:
        await index.nearest("s", direction(1), 1)
    assert raised.value.retryable and "secret" not in raised.value.detail
    assert await index.nearest("s", direction(1), 1) == []


async def test_without_an_account_nobody_tries_again() -> None:
    binding = FakeVectorize(DIMENSIONS)
    binding.failure = "Binding VECTORIZE needs to be run remotely"
    with pytest.raises(DependencyUnavailable) as raised:
        await VectorizeIndex(binding).put("s", [entry("v", 1)])
    assert not raised.value.retryable and "MEMORY_INDEX" in raised.value.advice


async def test_an_index_that_never_answers_is_given_up() -> None:
    binding = FakeVectorize(DIMENSIONS)
    binding.silent = True
    with pytest.raises(DependencyUnavailable, match="within"):
        await VectorizeIndex(binding, call_seconds=0.01).remove(["v"])


async def test_more_dimensions_than_vectorize_has_are_refused_before_it_is_asked() -> None:
    binding = FakeVectorize(0)
    vector = direction(1)[:1] + (0.0,) * 1_999
    with pytest.raises(InvalidInput, match="1536"):
        await VectorizeIndex(binding).put("s", [Entry(id="v", vector=vector)])
    assert "upsert" not in binding.calls


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"id": "x" * 65, "values": [1, 0], "namespace": "n"}], "id"),
        ([{"id": "x", "values": [1, 0], "namespace": "n" * 65}], "namespace"),
        ([{"id": "x", "values": [1], "namespace": "n"}], "invalid vector"),
        ([{"id": str(n), "values": [1, 0], "namespace": "n"} for n in range(1_001)], "many"),
    ],
)
async def test_the_double_refuses_what_the_platform_refuses(rows: list[object], words: str) -> None:
    with pytest.raises(VectorizeFailed, match=words):
        await FakeVectorize(2).upsert(json.dumps(rows))


def test_vectors_in_rows_keep_32_bits() -> None:
    vector = direction(0.1, -0.25, 1e-7, 3)
    again = unpacked(packed(vector))
    assert all(abs(a - b) < 1e-7 for a, b in zip(vector, again, strict=True))
    assert len(packed(vector)) == 44
