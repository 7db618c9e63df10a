"""A ``ModelRequest`` in the words of the chat completions format, which most providers share."""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json

from littoral.models.model import ModelMessage, ModelRequest, ToolCall, ToolSpec


def messages_of(request: ModelRequest) -> list[dict[str, Any]]:
    """All messages, in order."""
    return [_message(each) for each in request.messages]


def tools_of(request: ModelRequest) -> list[dict[str, Any]]:
    """The tools on offer; none when a document is asked."""
    return [] if request.response_schema is not None else [_tool(each) for each in request.tools]


def _message(message: ModelMessage) -> dict[str, Any]:
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.tool_call_id, "content": message.text}
    body: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.tool_calls:
        body["tool_calls"] = [_tool_call(each) for each in message.tool_calls]
    return body


def _tool_call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": _object_text(call.arguments)}
    return {"id": call.id, "type": "function", "function": function}


def _object_text(arguments: str) -> str:
    """Arguments as servers accept them back: several refuse a history with broken JSON in it."""
    try:
        whole = isinstance(from_json(arguments, allow_inf_nan=False), dict)
    except (ValueError, TypeError):
        whole = False
    return arguments if whole else "{}"


def _tool(spec: ToolSpec) -> dict[str, Any]:
    function = {
        "name": spec.name,
        "description": spec.description,
        "parameters": spec.parameters,
    }
    return {"type": "function", "function": function}
