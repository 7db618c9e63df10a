"""A model's reply, read from the JSON pieces of a provider into events.

Understands the chat completions format (``choices[]`` with ``delta`` or ``message``) and Workers
AI's own (``response``, ``tool_calls``), whole or streamed, because one provider may answer in
either. How the pieces travel is left to the providers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from littoral.clock import Ids
from littoral.errors import ModelUnavailable
from littoral.models.model import (
    Finished,
    FinishReason,
    ModelEvent,
    ModelRequest,
    ReasoningDelta,
    TextDelta,
    ToolCall,
    ToolCallReady,
    Usage,
)
from littoral.models.prices import cost_usd

MAX_REPLY_CHARACTERS = 2_000_000
MAX_TOOL_CALLS = 64
CHARACTERS_PER_TOKEN = 4

_REASONS: dict[str, FinishReason] = {
    "stop": "stop",
    "eos": "stop",
    "end_turn": "stop",
    "length": "length",
    "max_tokens": "length",
    "tool_calls": "tool-calls",
    "tool-calls": "tool-calls",
    "function_call": "tool-calls",
    "content_filter": "content-filter",
}


@dataclass(kw_only=True)
class _Call:
    """A tool call while its pieces arrive."""

    id: str
    name: str
    arguments: str


class ReplyReader:
    """Takes the pieces of one reply in order. ``complete`` tells whether an end was seen.

    Raises ``ModelUnavailable`` for what no model says: an error in the stream, a reply without
    measure, or pieces of a wrong type.
    """

    def __init__(self, request: ModelRequest, ids: Ids) -> None:
        self._request = request
        self._ids = ids
        self._calls: list[_Call] = []
        self._slots: dict[int, _Call] = {}
        self._reason: FinishReason | None = None
        self._usage: Mapping[str, Any] = {}
        self._characters = 0
        self.complete = False

    def read(self, piece: Any) -> list[ModelEvent]:
        """The events of one piece; tool calls are held back until the end."""
        if not isinstance(piece, dict):
            raise _unreadable()
        if isinstance(piece.get("usage"), dict):
            self._usage = piece["usage"]
            if "response" in piece and not piece.get("response"):
                self.complete = True
        choices = piece.get("choices")
        if isinstance(choices, list):
            return self._choice(choices[0]) if choices else []
        if "response" in piece or "tool_calls" in piece:
            self._take_calls(piece.get("tool_calls"))
            return self._said(text=_text(piece.get("response")))
        return []

    def read_whole(self, piece: Any) -> list[ModelEvent]:
        """The events of a reply that came in one piece, without the last."""
        events = self.read(piece)
        if not events and not self._calls and not _names_an_answer(piece):
            raise _unreadable()
        self.complete = True
        return events

    def finish(self) -> list[ModelEvent]:
        """The tool calls, if any, and ``Finished``. Call it once, at the end."""
        reason = self._reason or "stop"
        calls = [self._ready(each) for each in self._calls if each.name]
        if reason == "length" and calls and not _is_json(calls[-1].call.arguments):
            calls.pop()
        if calls and reason == "stop":
            reason = "tool-calls"
        elif not calls and reason == "tool-calls":
            reason = "stop"
        return [*calls, Finished(reason=reason, usage=self._used())]

    def _choice(self, choice: Any) -> list[ModelEvent]:
        if not isinstance(choice, dict):
            raise _unreadable()
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            self._reason = _REASONS.get(reason, "other")
            self.complete = True
        part = choice.get("delta") or choice.get("message") or {}
        if not isinstance(part, dict):
            raise _unreadable()
        self._take_calls(part.get("tool_calls"))
        return self._said(
            text=_text(part.get("content")) or _text(part.get("refusal")),
            reasoning=_text(part.get("reasoning_content")) or _text(part.get("reasoning")),
        )

    def _said(self, *, text: str, reasoning: str = "") -> list[ModelEvent]:
        self._count(len(text) + len(reasoning))
        events: list[ModelEvent] = []
        if reasoning:
            events.append(ReasoningDelta(text=reasoning))
        if text:
            events.append(TextDelta(text=text))
        return events

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > MAX_REPLY_CHARACTERS or len(self._calls) > MAX_TOOL_CALLS:
            raise ModelUnavailable("The model's reply has no end; it was cut off.")

    def _take_calls(self, pieces: Any) -> None:
        if pieces is None:
            return
        if not isinstance(pieces, list):
            raise _unreadable()
        for at, piece in enumerate(pieces):
            if not isinstance(piece, dict):
                raise _unreadable()
            self._take_call(piece, at)

    def _take_call(self, piece: dict[str, Any], at: int) -> None:
        function = piece.get("function")
        source = function if isinstance(function, dict) else piece
        name, arguments = _text(source.get("name")), _arguments(source.get("arguments"))
        identity = _text(piece.get("id"))
        call = self._call_of(piece.get("index"), at, identity, name)
        call.name = call.name or name
        call.arguments += arguments
        self._count(len(arguments) + len(name))

    def _call_of(self, index: Any, at: int, identity: str, name: str) -> _Call:
        """The call that a piece belongs to.

        Pieces carry an index, but servers exist that send several whole calls under index 0, and
        some that send none: a new id or, with neither, a new name begins a new call.
        """
        slot = index if isinstance(index, int) else at
        call = self._slots.get(slot)
        another = call is not None and (
            bool(identity and call.id and identity != call.id)
            or (bool(name) and not identity and not isinstance(index, int))
        )
        if call is None or another:
            call = _Call(id=identity, name="", arguments="")
            self._slots[slot] = call
            self._calls.append(call)
        call.id = call.id or identity
        return call

    def _ready(self, call: _Call) -> ToolCallReady:
        taken = {each.id for message in self._request.messages for each in message.tool_calls}
        taken.update(each.id for each in self._calls if each is not call)
        identity = call.id if call.id and call.id not in taken else self._ids.new("call")
        call.id = identity
        ready = ToolCall(id=identity, name=call.name, arguments=call.arguments)
        return ToolCallReady(call=ready)

    def _used(self) -> Usage:
        """As reported, else estimated from the characters: a budget must not go blind."""
        asked = sum(len(each.text) for each in self._request.messages)
        read = _count_of(self._usage, "prompt_tokens", asked)
        written = _count_of(self._usage, "completion_tokens", self._characters)
        cost = cost_usd(self._request.model, read, written)
        return Usage(input_tokens=read, output_tokens=written, cost_usd=cost)


def _text(value: Any) -> str:
    """Text, however it is wrapped: parts of a list, or a number or document in its place."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return "".join(_text(each.get("text")) for each in value)
    return json.dumps(value, ensure_ascii=False)


def _arguments(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


def _names_an_answer(piece: Any) -> bool:
    return isinstance(piece, dict) and ("response" in piece or bool(piece.get("choices")))


def _is_json(text: str) -> bool:
    try:
        from_json(text)
    except (ValueError, TypeError):
        return False
    return True


def _count_of(usage: Mapping[str, Any], name: str, characters: int) -> int:
    value = usage.get(name)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e12:
        return int(value)
    return -(-characters // CHARACTERS_PER_TOKEN)


def _unreadable() -> ModelUnavailable:
    return ModelUnavailable("The model's provider answered in a form that cannot be read.")
