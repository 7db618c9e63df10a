"""Workers AI: what is sent over the binding, what comes back, and its error codes."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.errors import ModelRefused, ModelUnavailable
from littoral.models.model import (
    Finished,
    ModelEvent,
    ModelMessage,
    ModelRequest,
    ReasoningDelta,
    TextDelta,
    ToolCall,
    ToolCallReady,
    ToolSpec,
)
from littoral.models.workers_ai import AiFailed, WorkersAi
from tests.fakes.ai_binding import ScriptedAi
from tests.fakes.clock import CountingIds
from tests.fakes.completions import (
    DONE,
    delta,
    openai_call,
    openai_words,
    sse,
    workers_call,
    workers_words,
)

MODEL = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
ADD = ToolSpec(name="add", description="Adds.", parameters={"type": "object"})


def request(**fields: Any) -> ModelRequest:
    return ModelRequest(
        **{"messages": [ModelMessage(role="user", text="hi")], "model": MODEL, **fields}
    )


async def events_from(answer: Any, **fields: Any) -> list[ModelEvent]:
    model = WorkersAi(ScriptedAi(answer), ids=CountingIds())
    return [event async for event in model.stream(request(**fields))]


def text_of(events: list[ModelEvent]) -> str:
    return "".join(each.text for each in events if isinstance(each, TextDelta))


def calls_of(events: list[ModelEvent]) -> list[ToolCall]:
    return [each.call for each in events if isinstance(each, ToolCallReady)]


def finish_of(events: list[ModelEvent]) -> Finished:
    last = events[-1]
    assert isinstance(last, Finished)
    return last


async def test_a_plain_request_streams_and_always_limits_its_length() -> None:
    ai = ScriptedAi(workers_words(["x"]))
    _ = [event async for event in WorkersAi(ai).stream(request(max_output_tokens=99))]
    model, inputs, options = ai.calls[0]
    assert model == MODEL
    assert inputs == {
        "messages": [{"role": "user", "content": "hi"}],
        "max_tokens": 99,
        "stream": True,
    }
    assert options == {}


async def test_a_conversation_with_tools_is_sent_in_full() -> None:
    call = ToolCall(id="c1", name="add", arguments='{"title":"Milk"}')
    broken = ToolCall(id="c2", name="add", arguments='{"title":')
    messages = [
        ModelMessage(role="system", text="Be kind."),
        ModelMessage(role="assistant", tool_calls=(call, broken)),
        ModelMessage(role="tool", text="done", tool_call_id="c1", tool_name="add"),
    ]
    ai = ScriptedAi(workers_words(["x"]))
    asked = request(messages=messages, tools=[ADD], temperature=0.0)
    _ = [event async for event in WorkersAi(ai).stream(asked)]
    inputs = ai.calls[0][1]
    assert inputs["temperature"] == 0.0
    assert inputs["tools"] == [
        {
            "type": "function",
            "function": {
                "name": "add",
                "description": "Adds.",
                "parameters": {"type": "object"},
            },
        }
    ]
    function = {"name": "add", "arguments": '{"title":"Milk"}'}
    assert inputs["messages"] == [
        {"role": "system", "content": "Be kind."},
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [
                {"id": "c1", "type": "function", "function": function},
                {"id": "c2", "type": "function", "function": {"name": "add", "arguments": "{}"}},
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "done", "name": "add"},
    ]


async def test_a_document_is_asked_without_stream_and_tools() -> None:
    ai = ScriptedAi(json.dumps({"response": {"a": 1}}))
    asked = request(response_schema={"type": "object"}, tools=[ADD])
    _ = [event async for event in WorkersAi(ai).stream(asked)]
    inputs = ai.calls[0][1]
    assert inputs["response_format"] == {"type": "json_schema", "json_schema": {"type": "object"}}
    assert "stream" not in inputs
    assert "tools" not in inputs


async def test_the_conversation_and_the_gateway_travel_as_options() -> None:
    ai = ScriptedAi(workers_words(["x"]))
    model = WorkersAi(ai, gateway_id="gate")
    _ = [event async for event in model.stream(request(affinity="session-1"))]
    assert ai.calls[0][2] == {
        "headers": {"x-session-affinity": "session-1"},
        "gateway": {"id": "gate"},
    }


@pytest.mark.parametrize(
    ("deployment", "wanted", "sent"),
    [
        ("gate", {"skipCache": True}, {"id": "gate", "skipCache": True}),
        ("gate", {"id": "own", "cacheTtl": 60}, {"id": "own", "cacheTtl": 60}),
        ("", {"skipCache": True}, None),
        ("", {"id": "own"}, {"id": "own"}),
    ],
)
async def test_a_request_may_choose_its_gateway_and_steer_it(
    deployment: str, wanted: dict[str, Any], sent: dict[str, Any] | None
) -> None:
    ai = ScriptedAi(workers_words(["x"]))
    model = WorkersAi(ai, gateway_id=deployment)
    _ = [event async for event in model.stream(request(gateway=wanted))]
    assert ai.calls[0][2].get("gateway") == sent


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2000), max_size=25), st.booleans(), st.booleans())
async def test_a_stream_split_anywhere_says_the_same(
    cuts: list[int], openai_shape: bool, calls: bool
) -> None:
    words = ["Grüß", " dich 🌍", "\n", "日本"]
    if calls:
        parts = (openai_call if openai_shape else workers_call)("add", {"title": "日本 🌍"})
    else:
        parts = (openai_words if openai_shape else workers_words)(words)
    stream = b"".join(parts)
    places = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    chunks = [stream[a:b] for a, b in pairwise(places)]
    events = await events_from(chunks)
    if calls:
        assert json.loads(calls_of(events)[0].arguments) == {"title": "日本 🌍"}
    else:
        assert text_of(events) == "".join(words)
    assert finish_of(events).usage.input_tokens == 11


async def test_words_that_arrive_together_leave_together() -> None:
    events = await events_from([b"".join(workers_words(["a", "b", "c"]))])
    assert events[:-1] == [TextDelta(text="abc")]


async def test_a_stream_may_come_as_text() -> None:
    events = await events_from([each.decode() for each in workers_words(["Grüß"])])
    assert text_of(events) == "Grüß"


async def test_reasoning_is_kept_apart() -> None:
    pieces = [delta(reasoning_content="Hm"), delta(reasoning="m."), delta(content="Yes")]
    events = await events_from([*sse(*pieces), *sse(delta("stop")), DONE])
    assert events[:-1] == [
        ReasoningDelta(text="Hm"),
        ReasoningDelta(text="m."),
        TextDelta(text="Yes"),
    ]


async def test_several_calls_are_kept_apart_even_under_one_index() -> None:
    def piece(call_id: str, title: str) -> dict[str, Any]:
        function = {"name": "add", "arguments": json.dumps({"title": title})}
        return delta(tool_calls=[{"index": 0, "id": call_id, "function": function}])

    stream = [*sse(piece("a", "one"), piece("b", "two"), delta("tool_calls")), DONE]
    calls = calls_of(await events_from(stream))
    assert [(each.id, json.loads(each.arguments)["title"]) for each in calls] == [
        ("a", "one"),
        ("b", "two"),
    ]


async def test_several_calls_without_ids_get_different_ones() -> None:
    made = [{"name": "add", "arguments": {"n": n}} for n in range(2)]
    whole = json.dumps({"response": None, "tool_calls": made})
    calls = calls_of(await events_from(whole, response_schema={}))
    assert [each.id for each in calls] == ["call_1", "call_2"]
    twice = [{"tool_calls": [each]} for each in made]
    stream = [*sse(*twice), *workers_words([])]
    calls = calls_of(await events_from(stream))
    assert [json.loads(each.arguments) for each in calls] == [{"n": 0}, {"n": 1}]


async def test_a_call_that_was_cut_by_the_length_is_not_made() -> None:
    piece = {"index": 0, "id": "a", "function": {"name": "add", "arguments": '{"title": "Mi'}}
    events = await events_from([*sse(delta(tool_calls=[piece]), delta("length")), DONE])
    assert calls_of(events) == []
    assert finish_of(events).reason == "length"


async def test_a_number_or_a_document_in_place_of_words_becomes_text() -> None:
    assert text_of(await events_from([*workers_words([4, 2])])) == "42"  # type: ignore[list-item]
    events = await events_from(json.dumps({"response": {"a": 1}}), response_schema={})
    assert json.loads(text_of(events)) == {"a": 1}


async def test_usage_that_is_missing_or_nonsense_is_estimated() -> None:
    for usage in ({}, {"prompt_tokens": "many", "completion_tokens": -5}):
        whole = json.dumps({"response": "12345678", "usage": usage})
        used = finish_of(await events_from(whole, response_schema={})).usage
        assert (used.input_tokens, used.output_tokens) == (1, 2)


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("AiError: 3040: Capacity temporarily exceeded", ModelUnavailable, "3040"),
        ("AiError: 3007: Request timeout", ModelUnavailable, "3007"),
        ("Error: Network connection lost.", ModelUnavailable, "failed"),
        ("AiError: 5035: plan", ModelRefused, "plan"),
        ("AiError: 3036: daily free allocation", ModelRefused, "free allocation"),
        ("AiError: 5007: No such model @cf/x or task", ModelRefused, "no model"),
        ("AiError: 5016: terms", ModelRefused, "may not use"),
        ("AiError: 5006: Error: oneOf at '/' not met", ModelRefused, "does not suit"),
        ("Binding AI needs to be run remotely", ModelUnavailable, "no account"),
    ],
)
async def test_codes_are_read_and_the_platforms_words_kept_back(
    text: str, error: type[ModelRefused], says: str
) -> None:
    for answer in (AiFailed(text), [AiFailed(text)], sse({"errors": [{"message": text}]})):
        with pytest.raises(error) as caught:
            await events_from(answer)
        assert says in caught.value.detail
        assert text not in caught.value.detail
        assert caught.value.advice


async def test_a_binding_without_account_is_not_worth_another_try() -> None:
    with pytest.raises(ModelUnavailable) as caught:
        await events_from(AiFailed("Binding AI needs to be run remotely"))
    assert not caught.value.retryable
    assert "offline" in caught.value.advice


@pytest.mark.parametrize(
    "answer",
    [
        "no json",
        "[]",
        "{}",
        '"text"',
        "null",
        '{"choices": []}',
        '{"choices": [5]}',
        '{"choices": [{"delta": 5}]}',
        '{"tool_calls": 5}',
        '{"response": "x", "tool_calls": [5]}',
        "[" * 10_000,
        [b"data: no json\n\n"],
        [b"data: []\n\n"],
        [b"data: 5\n\n"],
        [b"no events at all"],
        [],
        [b"data: " + b"x" * 1_100_000],
        [b'data: {"choices": [{"delta": {"tool_calls": {}}}]}\n\n', DONE],
    ],
)
async def test_what_no_model_says_is_unavailable(answer: Any) -> None:
    with pytest.raises(ModelUnavailable):
        await events_from(answer)


async def test_an_endless_answer_is_cut_off() -> None:
    piece = sse({"response": "x" * 100_000})[0]
    with pytest.raises(ModelUnavailable, match="no end"):
        await events_from([piece] * 30)
    call = sse({"tool_calls": [{"name": "add", "arguments": {}}]})[0]
    with pytest.raises(ModelUnavailable, match="no end"):
        await events_from([call] * 100)


KEYS = [
    "choices", "delta", "message", "content", "tool_calls", "function", "name", "arguments",
    "id", "index", "usage", "prompt_tokens", "finish_reason", "response", "error", "text",
]  # fmt: skip

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(json_values, st.booleans())
async def test_no_shape_of_json_breaks_the_provider(value: Any, streamed: bool) -> None:
    answer = [*sse(value), DONE] if streamed else json.dumps(value)
    try:
        events = await events_from(answer)
    except (ModelUnavailable, ModelRefused):
        return
    assert isinstance(events[-1], Finished)
    assert all(each.text for each in events if isinstance(each, TextDelta | ReasoningDelta))
