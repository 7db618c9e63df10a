"""What every provider of a model promises, checked on all of them in the same words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any, cast

import pytest

from littoral.errors import DeadlineExceeded, ModelUnavailable
from littoral.models.model import (
    Finished,
    Model,
    ModelEvent,
    ModelMessage,
    ModelRequest,
    TextDelta,
    ToolCall,
    ToolCallReady,
    ToolSpec,
)
from littoral.models.offline import OfflineModel, Plan
from littoral.models.openai_compatible import OpenAiCompatible
from littoral.models.workers_ai import AiFailed, WorkersAi
from tests.fakes.ai_binding import ScriptedAi
from tests.fakes.chat_server import DROP, ChatServer, Reply, refusal
from tests.fakes.clock import CountingIds
from tests.fakes.completions import (
    openai_call,
    openai_words,
    workers_call,
    workers_words,
)
from tests.fakes.http_client import HttpxClient

WORDS = ["Grüß", " dich", ",", " Welt", " 🌍!"]
DOCUMENT = {"kind": "a", "count": 3}
SCHEMA = {
    "type": "object",
    "required": ["kind", "count"],
    "properties": {"kind": {"enum": ["a", "b"]}, "count": {"type": "integer", "minimum": 3}},
}
ADD = ToolSpec(name="add", description="Adds.", parameters={"type": "object", "properties": {}})


class Says:
    """A skill of the offline model that does what a test wants."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def plan(self, text: str, request: ModelRequest) -> Plan | None:
        return self._plan

    def conclude(self, request: ModelRequest) -> str | None:
        return None


class Provider:
    """One provider that will answer as a test asks, and what the other side saw."""

    def __init__(self, model: Model, model_id: str, gone: Callable[[], Any]) -> None:
        self.model = model
        self.id = model_id
        self.gone = gone

    def request(self, text: str = "hi", **fields: Any) -> ModelRequest:
        given = {"messages": [ModelMessage(role="user", text=text)], "model": self.id}
        return ModelRequest(**{**given, **fields})

    async def events(self, **fields: Any) -> list[ModelEvent]:
        return [event async for event in self.model.stream(self.request(**fields))]


@asynccontextmanager
async def offline(kind: str, hold: asyncio.Event) -> AsyncIterator[Provider]:
    plan = Plan(reply="".join(WORDS))
    if kind == "call":
        plan = Plan(calls=(("add", {"title": "Milk"}),))
    model = OfflineModel((Says(plan),), ids=CountingIds())
    yield Provider(model, "offline", lambda: True)


@asynccontextmanager
async def workers_ai(kind: str, hold: asyncio.Event) -> AsyncIterator[Provider]:
    answers: dict[str, Any] = {
        "words": workers_words(WORDS),
        "call": workers_call("add", {"title": "Milk"}),
        "document": json.dumps({"response": DOCUMENT, "usage": {}}),
        "hang": [*workers_words(["Hel"])[:1], hold],
        "silence": hold,
        "failure": AiFailed("AiError: 3040: Capacity temporarily exceeded"),
        "cut": workers_words(WORDS)[:3],
    }
    ai = ScriptedAi(answers[kind])
    model = WorkersAi(ai, ids=CountingIds())
    yield Provider(model, "@cf/meta/llama-3.3-70b-instruct-fp8-fast", lambda: ai.closed)


@asynccontextmanager
async def workers_ai_openai_shape(kind: str, hold: asyncio.Event) -> AsyncIterator[Provider]:
    message = {"role": "assistant", "content": json.dumps(DOCUMENT)}
    whole = {"choices": [{"message": message, "finish_reason": "stop"}], "usage": {}}
    answers: dict[str, Any] = {
        "words": openai_words(WORDS),
        "call": openai_call("add", {"title": "Milk"}),
        "document": json.dumps(whole),
        "hang": [*openai_words(["Hel"])[:2], hold],
        "silence": hold,
        "failure": AiFailed("InferenceUpstreamError: 3007: Request timeout"),
        "cut": openai_words(WORDS)[:3],
    }
    ai = ScriptedAi(answers[kind])
    yield Provider(WorkersAi(ai, ids=CountingIds()), "@cf/openai/gpt-oss-120b", lambda: ai.closed)


@asynccontextmanager
async def openai(kind: str, hold: asyncio.Event) -> AsyncIterator[Provider]:
    replies = {
        "words": Reply(chunks=openai_words(WORDS)),
        "call": Reply(chunks=openai_call("add", {"title": "Milk"})),
        "document": Reply(chunks=openai_words([json.dumps(DOCUMENT)])),
        "hang": Reply(chunks=[*openai_words(["Hel"])[:2], hold]),
        "silence": Reply(chunks=[hold]),
        "failure": refusal(503, "overloaded"),
        "cut": Reply(chunks=[*openai_words(WORDS)[:3], DROP]),
    }
    async with ChatServer(replies[kind]) as server, HttpxClient() as http:
        model = OpenAiCompatible(http, base_url=server.url, api_key="sk-1", ids=CountingIds())
        yield Provider(model, "openai/gpt-4o-mini", server.left.wait)


PROVIDERS: Mapping[str, Any] = {
    "offline": offline,
    "workers_ai": workers_ai,
    "workers_ai_openai_shape": workers_ai_openai_shape,
    "openai": openai,
}
every_provider = pytest.mark.parametrize("name", PROVIDERS)
every_remote_provider = pytest.mark.parametrize("name", [n for n in PROVIDERS if n != "offline"])


@asynccontextmanager
async def provider(name: str, kind: str) -> AsyncIterator[Provider]:
    hold = asyncio.Event()
    async with PROVIDERS[name](kind, hold) as made:
        yield made


def text_of(events: list[ModelEvent]) -> str:
    return "".join(each.text for each in events if isinstance(each, TextDelta))


@every_provider
async def test_words_stream_in_order_and_end_once(name: str) -> None:
    async with provider(name, "words") as given:
        events = await given.events()
    assert text_of(events) == "".join(WORDS)
    assert all(each.text for each in events if isinstance(each, TextDelta))
    assert [type(each) for each in events].count(Finished) == 1
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.reason == "stop"
    assert last.usage.input_tokens > 0
    assert last.usage.output_tokens > 0
    assert (last.usage.cost_usd > 0) == (name != "offline")


@every_provider
async def test_a_tool_call_arrives_whole_with_an_id(name: str) -> None:
    async with provider(name, "call") as given:
        events = await given.events(tools=[ADD])
    assert [type(each) for each in events] == [ToolCallReady, Finished]
    ready, last = events
    assert isinstance(ready, ToolCallReady)
    assert isinstance(last, Finished)
    assert ready.call.name == "add"
    assert json.loads(ready.call.arguments) == {"title": "Milk"}
    assert ready.call.id
    assert last.reason == "tool-calls"


@every_provider
async def test_the_id_of_a_call_is_new_in_its_conversation(name: str) -> None:
    calls = tuple(ToolCall(id=each, name="add", arguments="{}") for each in ("call_abc", "c"))
    messages = [
        ModelMessage(role="user", text="add"),
        ModelMessage(role="assistant", tool_calls=calls),
        *(ModelMessage(role="tool", text="ok", tool_call_id=each.id) for each in calls),
        ModelMessage(role="user", text="add again"),
    ]
    async with provider(name, "call") as given:
        events = await given.events(messages=messages, tools=[ADD])
    ready = events[0]
    assert isinstance(ready, ToolCallReady)
    assert ready.call.id not in {"call_abc", "c"}


@every_provider
async def test_a_document_comes_as_json_text(name: str) -> None:
    async with provider(name, "document") as given:
        events = await given.events(response_schema=SCHEMA, tools=[ADD])
    assert json.loads(text_of(events)) == DOCUMENT


@every_remote_provider
async def test_silence_ends_at_the_deadline(name: str) -> None:
    async with provider(name, "silence") as given:
        with pytest.raises(DeadlineExceeded, match="seconds"):
            await given.events(timeout_seconds=0.05)


@every_remote_provider
async def test_a_stream_that_stalls_ends_at_the_deadline(name: str) -> None:
    async with provider(name, "hang") as given:
        seen: list[ModelEvent] = []
        with pytest.raises(DeadlineExceeded):
            async for event in given.model.stream(given.request(timeout_seconds=0.05)):
                seen.append(event)
        assert seen == [TextDelta(text="Hel")]


@every_remote_provider
async def test_no_time_at_all_is_a_deadline_too(name: str) -> None:
    async with provider(name, "words") as given:
        with pytest.raises(DeadlineExceeded):
            await given.events(timeout_seconds=0)


@every_remote_provider
async def test_a_failure_that_may_pass_is_unavailable(name: str) -> None:
    async with provider(name, "failure") as given:
        with pytest.raises(ModelUnavailable) as caught:
            await given.events()
    assert caught.value.retryable


@every_remote_provider
async def test_an_answer_that_is_cut_off_is_a_failure(name: str) -> None:
    async with provider(name, "cut") as given:
        with pytest.raises(ModelUnavailable):
            await given.events()


@every_remote_provider
async def test_closing_early_ends_the_call_at_the_provider(name: str) -> None:
    async with provider(name, "hang") as given:
        events = cast("AsyncGenerator[ModelEvent, None]", given.model.stream(given.request()))
        async with aclosing(events):
            assert await anext(events) == TextDelta(text="Hel")
        gone = given.gone()
        assert gone == 1 or await asyncio.wait_for(gone, 5)


@every_remote_provider
async def test_cancelling_the_consumer_is_no_deadline(name: str) -> None:
    async with provider(name, "silence") as given:
        task = asyncio.ensure_future(given.events())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
