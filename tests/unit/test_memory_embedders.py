"""All embedders do what an embedder must do; what goes to providers, and what they answer badly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

import pytest

from littoral.errors import DeadlineExceeded, LittoralError, ModelRefused, ModelUnavailable
from littoral.models.embeddings.deployment import build_embedder
from littoral.models.embeddings.embedder import Embedder, Vector
from littoral.models.embeddings.offline import DIMENSIONS, OfflineEmbedder, embed_text
from littoral.models.embeddings.openai_compatible import OpenAiEmbedder
from littoral.models.embeddings.patient import BATCH_TEXTS, PatientEmbedder, batches
from littoral.models.embeddings.workers_ai import WorkersAiEmbedder
from littoral.models.http_client import HttpFailed
from littoral.models.workers_ai import AiFailed
from littoral.settings import Settings
from tests.contracts import embedder_contract
from tests.contracts.embedder_contract import Check, cosine

KEY = "sk-secret-0123456789"


class EmbeddingAi:
    """An ``env.AI`` with an embedding model; ``answer`` changes what it says."""

    def __init__(self, answer: Callable[[dict[str, Any]], Any] | None = None) -> None:
        self.calls: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        self._answer = answer or shaped

    async def run(self, model: str, inputs_json: str, options_json: str) -> Any:
        inputs = json.loads(inputs_json)
        self.calls.append((model, inputs, json.loads(options_json)))
        answer = self._answer(inputs)
        if isinstance(answer, Exception):
            raise answer
        return json.dumps(answer)


def shaped(inputs: dict[str, Any]) -> dict[str, Any]:
    """Vectors that are not of length 1, as a provider may send them."""
    data = [[3 * value for value in embed_text(text)] for text in inputs["text"]]
    return {"shape": [len(data), DIMENSIONS], "data": data, "pooling": "cls"}


class EmbeddingHttp:
    """An ``HttpClient`` with an ``/embeddings`` endpoint behind it, answers in reverse order."""

    def __init__(self, status: int = 200, body: bytes | None = None) -> None:
        self.status = status
        self.headers: Mapping[str, str] = {"content-type": "application/json"}
        self.body = body
        self.lost = False
        self.sent: list[tuple[str, Mapping[str, str], dict[str, Any]]] = []
        self.closed = 0

    async def stream(
        self, method: str, url: str, headers: Mapping[str, str], body: str, timeout_seconds: float
    ) -> EmbeddingHttp:
        if self.lost:
            raise HttpFailed("There is no answer.")
        self.sent.append((f"{method} {url}", headers, json.loads(body)))
        return self

    async def chunks(self) -> AsyncIterator[bytes]:
        if self.body is not None:
            yield self.body
            return
        rows = [
            {"object": "embedding", "index": at, "embedding": list(embed_text(text))}
            for at, text in enumerate(self.sent[-1][2]["input"])
        ]
        text = json.dumps({"object": "list", "data": rows[::-1]}).encode()
        yield text[:50]
        yield text[50:]

    async def close(self) -> None:
        self.closed += 1


def workers(ai: EmbeddingAi | None = None, **more: Any) -> WorkersAiEmbedder:
    return WorkersAiEmbedder(ai or EmbeddingAi(), model="@cf/baai/bge-m3", **more)


def compatible(http: EmbeddingHttp | None = None) -> OpenAiEmbedder:
    return OpenAiEmbedder(
        http or EmbeddingHttp(), model="openai/nomic", base_url="http://near/v1/", api_key=KEY
    )


def patient(
    inner: Embedder, *, timeout_seconds: float = 60, waits: list[float] | None = None
) -> Any:
    async def sleep(seconds: float) -> None:
        (waits if waits is not None else []).append(seconds)

    return PatientEmbedder(inner, timeout_seconds=timeout_seconds, random=lambda: 0.5, sleep=sleep)


EMBEDDERS: Sequence[Callable[[], Embedder]] = (
    OfflineEmbedder,
    workers,
    compatible,
    lambda: patient(workers()),
)


@pytest.mark.parametrize("make", EMBEDDERS)
@pytest.mark.parametrize("check", embedder_contract.CHECKS)
async def test_an_embedder_keeps_the_contract(check: Check, make: Callable[[], Embedder]) -> None:
    await check(make())


# --- the offline one ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "near", "far"),
    [
        ("opening hours of the library", "The library opens at nine.", "The pool closes at six."),
        ("How do I reset my password?", "Resetting a forgotten password", "Paying by invoice"),
        ("Wann kommt die Flut?", "Die Flut kommt um sechs Uhr.", "Der Bus kommt nie."),
        ("潮はいつ満ちる", "潮は朝六時に満ちる。", "パンを焼く。"),
        ("refund", "Refunds are paid within ten days.", "Parcels are sent within two days."),
    ],
)
def test_offline_words_in_common_are_near(asked: str, near: str, far: str) -> None:
    question = embed_text(asked)
    assert cosine(question, embed_text(near)) > cosine(question, embed_text(far)) + 0.05


def test_offline_vectors_are_the_same_on_every_machine() -> None:
    vector = embed_text("The tide rises.")
    first = [(at, round(value, 4)) for at, value in enumerate(vector) if value][:3]
    assert first == OFFLINE_SAMPLE
    assert embed_text("THE  tide: rises!") == vector


OFFLINE_SAMPLE = [(132, -0.0655), (231, -0.6551), (300, -0.262)]


# --- what goes to providers -----------------------------------------------------------------------


async def test_workers_ai_is_asked_in_its_words() -> None:
    ai = EmbeddingAi()
    await workers(ai, gateway_id="edge").embed(["a", "b"])
    assert ai.calls == [("@cf/baai/bge-m3", {"text": ["a", "b"]}, {"gateway": {"id": "edge"}})]
    small = EmbeddingAi()
    await WorkersAiEmbedder(small, model="@cf/baai/bge-small-en-v1.5").embed(["a"])
    assert small.calls[0][1:] == ({"text": ["a"], "pooling": "cls"}, {})


async def test_an_endpoint_is_asked_in_openais_words() -> None:
    http = EmbeddingHttp()
    await compatible(http).embed(["a", "b"])
    where, headers, body = http.sent[0]
    assert where == "POST http://near/v1/embeddings"
    assert headers["authorization"] == f"Bearer {KEY}"
    assert body == {"model": "nomic", "input": ["a", "b"], "encoding_format": "float"}
    assert http.closed == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"data": []}, ModelUnavailable),
        ({"data": [["x"], ["y"]]}, ModelUnavailable),
        ({"data": [[1.0], [1.0, 2.0]]}, ModelUnavailable),
        ({"data": [[float("inf")], [1.0]]}, ModelUnavailable),
        ({"data": [[True], [True]]}, ModelUnavailable),
        ({"data": [[0.0], [1.0]]}, ModelRefused),
        ({"data": [[1.0] * 5_000] * 2}, ModelRefused),
        ({"error": "no"}, ModelUnavailable),
        ([], ModelUnavailable),
        (AiFailed("3040: capacity"), ModelUnavailable),
        (AiFailed("5007: no such model"), ModelRefused),
    ],
)
async def test_a_bad_answer_of_workers_ai_is_an_error(answer: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        await workers(EmbeddingAi(lambda _: answer)).embed(["a", "b"])


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"<html>", ModelUnavailable),
        (200, b'{"data": [{"index": 0}]}', ModelUnavailable),
        (200, b'{"data": 7}', ModelUnavailable),
        (401, b"bad " + KEY.encode(), ModelRefused),
        (404, b"", ModelRefused),
        (429, b"", ModelUnavailable),
        (500, b"", ModelUnavailable),
    ],
)
async def test_a_bad_answer_of_an_endpoint_is_an_error(
    status: int, body: bytes, kind: type[LittoralError]
) -> None:
    http = EmbeddingHttp(status, body)
    with pytest.raises(kind) as raised:
        await compatible(http).embed(["a"])
    assert KEY not in f"{raised.value} {raised.value.detail} {raised.value.advice}"
    assert http.closed == 1


async def test_an_answer_without_an_end_is_cut_off() -> None:
    with pytest.raises(ModelUnavailable, match="no end"):
        await compatible(EmbeddingHttp(body=b" " * 16_000_001)).embed(["a"])


async def test_an_endpoint_out_of_reach_is_said_so() -> None:
    http = EmbeddingHttp()
    http.lost = True
    with pytest.raises(ModelUnavailable) as raised:
        await compatible(http).embed(["a"])
    assert "OPENAI_BASE_URL" in raised.value.advice


# --- patience -------------------------------------------------------------------------------------


def test_batches_hold_so_many_texts_and_characters() -> None:
    assert [len(each) for each in batches(["x"] * 70)] == [BATCH_TEXTS, BATCH_TEXTS, 6]
    assert [len(each) for each in batches(["x" * 30_000] * 5)] == [2, 2, 1]
    assert [len(each) for each in batches(["x" * 100_000, "y"])] == [1, 1]


async def test_a_busy_model_is_asked_again_and_then_given_up() -> None:
    answers: list[Any] = [AiFailed("3040: capacity"), AiFailed("3040: capacity")]
    ai = EmbeddingAi(lambda inputs: answers.pop() if answers else shaped(inputs))
    waits: list[float] = []
    assert len(await patient(workers(ai), waits=waits).embed(["a"])) == 1
    assert len(waits) == 2 and waits[0] < waits[1]
    busy = EmbeddingAi(lambda _: AiFailed("3040: capacity"))
    with pytest.raises(ModelUnavailable):
        await patient(workers(busy)).embed(["a"])
    assert len(busy.calls) == 3


async def test_what_is_refused_is_not_asked_again() -> None:
    ai = EmbeddingAi(lambda _: AiFailed("5007: no such model"))
    with pytest.raises(ModelRefused):
        await patient(workers(ai)).embed(["a"])
    assert len(ai.calls) == 1


async def test_a_model_that_never_answers_is_given_up() -> None:
    class Silent(OfflineEmbedder):
        async def embed(self, texts: Sequence[str]) -> list[Vector]:
            await asyncio.Event().wait()
            return []

    with pytest.raises(DeadlineExceeded):
        await patient(Silent(), timeout_seconds=0.01).embed(["a"])


# --- the settings ---------------------------------------------------------------------------------


def chosen(**given: str) -> Embedder:
    settings = Settings.read(given.get)
    return build_embedder(settings, ai=EmbeddingAi(), http=EmbeddingHttp())


def test_the_settings_name_the_embedder() -> None:
    assert chosen().model == "@cf/baai/bge-m3"
    assert chosen(DEFAULT_MODEL="offline").model == "offline"
    assert chosen(DEFAULT_MODEL="openai/llama").model == "@cf/baai/bge-m3"
    assert chosen(EMBEDDING_MODEL="openai/nomic").model == "openai/nomic"
    assert chosen(EMBEDDING_MODEL="offline").model == "offline"
    with pytest.raises(ValueError, match="EMBEDDING_MODEL"):
        chosen(EMBEDDING_MODEL="bert")


async def test_without_a_binding_the_model_is_missing_for_good() -> None:
    made = build_embedder(Settings(), ai=None, http=EmbeddingHttp())
    with pytest.raises(ModelUnavailable) as raised:
        await made.embed(["a"])
    assert not raised.value.retryable
