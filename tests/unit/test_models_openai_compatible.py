"""OpenAI-compatible endpoints: what is sent, what they refuse, and what never leaks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from littoral.errors import ModelRefused, ModelUnavailable
from littoral.models.model import ModelEvent, ModelMessage, ModelRequest, TextDelta, ToolSpec
from littoral.models.openai_compatible import OpenAiCompatible
from tests.fakes.chat_server import DROP, ChatServer, Reply, refusal
from tests.fakes.clock import CountingIds
from tests.fakes.completions import openai_words, sse
from tests.fakes.http_client import HttpxClient

KEY = "sk-secret-0123456789"
HELLO = Reply(chunks=openai_words(["Hello"]))
ADD = ToolSpec(name="add", description="Adds.", parameters={"type": "object"})


def request(**fields: Any) -> ModelRequest:
    return ModelRequest(
        **{
            "messages": [ModelMessage(role="user", text="hi")],
            "model": "openai/gpt-4o-mini",
            **fields,
        }
    )


async def ask(server: ChatServer, *, key: str = KEY, times: int = 1, **fields: Any) -> str:
    """The words of the last of several answers of one provider."""
    async with server, HttpxClient() as http:
        model = OpenAiCompatible(http, base_url=server.url, api_key=key, ids=CountingIds())
        events: list[ModelEvent] = []
        for _ in range(times):
            events = [event async for event in model.stream(request(**fields))]
    return "".join(each.text for each in events if isinstance(each, TextDelta))


async def test_a_request_in_full() -> None:
    server = ChatServer(HELLO)
    assert await ask(server, tools=[ADD], temperature=0.5, affinity="s1") == "Hello"
    assert server.bodies[0] == {
        "model": "gpt-4o-mini",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 1024,
        "temperature": 0.5,
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "add",
                    "description": "Adds.",
                    "parameters": {"type": "object"},
                },
            }
        ],
    }
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert server.headers[0]["x-session-affinity"] == "s1"


async def test_an_endpoint_without_a_key_gets_none() -> None:
    server = ChatServer(HELLO)
    await ask(server, key="")
    assert "authorization" not in server.headers[0]


async def test_an_answer_in_one_piece_is_understood() -> None:
    whole = {"choices": [{"message": {"content": "Hello"}, "finish_reason": "stop"}]}
    reply = Reply(kind="application/json; charset=utf-8", chunks=[json.dumps(whole)])
    assert await ask(ChatServer(reply)) == "Hello"


async def test_a_refused_feature_is_left_away_and_remembered() -> None:
    server = ChatServer(refusal(400, "Unknown field: stream_options"), HELLO)
    assert await ask(server, times=2) == "Hello"
    assert ["stream_options" in each for each in server.bodies] == [True, False, False]


async def test_the_other_name_of_the_length_is_tried() -> None:
    said = "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    server = ChatServer(refusal(400, said), refusal(400, "temperature must be 1"), HELLO)
    await ask(server, temperature=0.2)
    assert "max_tokens" not in server.bodies[1]
    assert server.bodies[2]["max_completion_tokens"] == 1024
    assert "temperature" not in server.bodies[2]


async def test_a_document_falls_back_to_instructions_step_by_step() -> None:
    server = ChatServer(refusal(400, "response_format"), refusal(422, "response_format"), HELLO)
    await ask(server, response_schema={"type": "object"}, tools=[ADD])
    first, second, third = server.bodies
    assert first["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert "tools" not in first
    assert second["response_format"] == {"type": "json_object"}
    assert '{"type": "object"}' in second["messages"][-1]["content"]
    assert "response_format" not in third
    assert '{"type": "object"}' in third["messages"][-1]["content"]


async def test_a_refusal_that_stands_teaches_nothing() -> None:
    no = refusal(400, "The context is too long")
    server = ChatServer(no, no, no, HELLO)
    async with server, HttpxClient() as http:
        model = OpenAiCompatible(http, base_url=server.url)
        asked = request(response_schema={"type": "object"})
        with pytest.raises(ModelRefused, match="The context is too long"):
            _ = [event async for event in model.stream(asked)]
        _ = [event async for event in model.stream(asked)]
    assert server.bodies[-1]["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize(
    ("status", "error", "advice"),
    [
        (401, ModelRefused, "OPENAI_API_KEY"),
        (403, ModelRefused, "OPENAI_API_KEY"),
        (404, ModelRefused, "OPENAI_BASE_URL"),
        (400, ModelRefused, "settings"),
        (429, ModelUnavailable, "Try again"),
        (500, ModelUnavailable, "Try again"),
        (529, ModelUnavailable, "Try again"),
    ],
)
async def test_a_status_becomes_an_error_with_a_next_step_and_without_the_key(
    status: int, error: type[ModelRefused], advice: str
) -> None:
    server = ChatServer(refusal(status, f"Incorrect API key provided: {KEY}"))
    with pytest.raises(error) as caught:
        await ask(server)
    assert advice in caught.value.advice
    assert str(status) in caught.value.detail
    shown = f"{caught.value!r} {caught.value.detail} {caught.value.__cause__}"
    assert KEY not in shown


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("999999", 3600.0), ("soon", None), ("", None)]
)
async def test_the_time_to_wait_is_read(header: str, seconds: float | None) -> None:
    server = ChatServer(refusal(429, "slow down", retry_after=header))
    with pytest.raises(ModelUnavailable) as caught:
        await ask(server)
    assert caught.value.retry_after_seconds == seconds


async def test_an_endpoint_that_is_not_there_is_unavailable() -> None:
    async with HttpxClient() as http:
        model = OpenAiCompatible(http, base_url="http://127.0.0.1:8819/v1", api_key=KEY)
        with pytest.raises(ModelUnavailable, match="cannot be reached") as caught:
            _ = [event async for event in model.stream(request())]
    assert "OPENAI_BASE_URL" in caught.value.advice


@pytest.mark.parametrize(
    "reply",
    [
        Reply(chunks=["data: no json\n\n"]),
        Reply(chunks=sse({"error": {"message": f"bad {KEY}"}})),
        Reply(chunks=["nonsense"]),
        Reply(kind="text/html", chunks=["<html>Sign in</html>"]),
        Reply(kind="application/json", chunks=["{"]),
        Reply(kind="application/json", chunks=[json.dumps({"error": f"bad {KEY}"})]),
        Reply(kind="application/json", chunks=["{}"]),
        Reply(kind="application/json", chunks=[DROP]),
        Reply(kind="application/json", chunks=[b" " * 1_000_000] * 5),
        Reply(chunks=[b": keep going\n\n" * 50_000] * 2),
        Reply(chunks=[DROP]),
        Reply(status=200, chunks=[]),
    ],
)
async def test_what_no_model_says_is_unavailable(reply: Reply) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        await ask(ChatServer(reply))
    assert KEY not in caught.value.detail


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=400, kind="text/plain", chunks=["x" * 1_000_000]),
        Reply(status=400, kind="text/plain", chunks=[b"\xff\xfe"]),
        Reply(status=400, kind="application/json", chunks=["[]"]),
        Reply(status=400, chunks=[DROP]),
        Reply(status=302, headers={"location": "http://127.0.0.1:1/steal"}),
        Reply(status=204),
    ],
)
async def test_a_strange_refusal_is_still_a_refusal(reply: Reply) -> None:
    with pytest.raises(ModelRefused):
        await ask(ChatServer(reply))


async def test_a_lost_connection_after_the_end_was_seen_loses_nothing() -> None:
    reply = Reply(chunks=[*openai_words(["Hello"])[:-2], DROP])
    assert await ask(ChatServer(reply)) == "Hello"
