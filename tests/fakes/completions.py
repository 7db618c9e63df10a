"""Pieces of model answers as providers send them, in the two formats that exist."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

DONE = b"data: [DONE]\n\n"


def sse(*pieces: Any) -> list[bytes]:
    """Each piece as one event."""
    return [f"data: {json.dumps(each, ensure_ascii=False)}\n\n".encode() for each in pieces]


def delta(reason: str | None = None, **fields: Any) -> dict[str, Any]:
    """A piece of a chat completion."""
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": reason}]}


def usage(read: int, written: int) -> dict[str, Any]:
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def openai_words(words: Sequence[str], *, reason: str = "stop") -> list[bytes]:
    """A streamed answer in words, as OpenAI has it: the usage comes after the end."""
    return [
        *sse(delta(role="assistant", content="")),
        *sse(*(delta(content=each) for each in words)),
        *sse(delta(reason)),
        *sse({"choices": [], "usage": usage(11, 7)}),
        DONE,
    ]


def openai_call(name: str, arguments: dict[str, Any], call_id: str = "call_abc") -> list[bytes]:
    """A streamed tool call, its arguments in three pieces."""
    text = json.dumps(arguments)
    cut = len(text) // 3
    head = {"index": 0, "id": call_id, "type": "function"}
    first = {**head, "function": {"name": name, "arguments": ""}}
    rest = [
        {"index": 0, "function": {"arguments": part}}
        for part in (text[:cut], text[cut : 2 * cut], text[2 * cut :])
    ]
    return [
        *sse(*(delta(tool_calls=[each]) for each in (first, *rest))),
        *sse(delta("tool_calls")),
        *sse({"choices": [], "usage": usage(11, 7)}),
        DONE,
    ]


def workers_words(words: Sequence[str]) -> list[bytes]:
    """A streamed answer in words, as Workers AI's own format has it."""
    return [
        *sse(*({"response": each, "p": "abcdef"} for each in words)),
        *sse({"response": "", "usage": usage(11, 7)}),
        DONE,
    ]


def workers_call(name: str, arguments: dict[str, Any]) -> list[bytes]:
    """A tool call in Workers AI's own format: whole, without an id."""
    return [
        *sse({"response": None, "tool_calls": [{"name": name, "arguments": arguments}]}),
        *sse({"response": "", "usage": usage(11, 7)}),
        DONE,
    ]
