"""The answer to ``POST /api/chat``, from how a turn ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from littoral.chat.ending import Ending
from littoral.chat.fold import text_of


def chat_answer(ending: Ending, session_id: str, tasks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The body of the answer. Raises the ending's error when the turn failed.

    ``approvals`` lists calls that wait for a person; the turn goes on when they are decided.
    """
    if ending.error is not None:
        raise ending.error
    metadata = ending.reply["metadata"]
    answer = {
        "content": text_of(ending.reply),
        "tasks": list(tasks),
        "sessionId": session_id,
        "messageId": ending.reply["id"],
        "model": metadata.get("model", ""),
        "degraded": bool(metadata.get("degraded", False)),
        "usage": metadata.get("usage") or {"inputTokens": 0, "outputTokens": 0, "costUsd": 0.0},
        "latencyMs": metadata.get("latencyMs", 0),
        "outcome": ending.outcome,
        "approvals": approvals(ending.reply),
    }
    if "credits" in metadata:
        answer["credits"] = metadata["credits"]
    if metadata.get("degradedReason"):
        answer["degradedReason"] = metadata["degradedReason"]
    return answer


def approvals(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The calls in a message that wait for a person's decision."""
    return [
        {
            "toolCallId": part["toolCallId"],
            "tool": part["type"].removeprefix("tool-"),
            "input": part["input"],
        }
        for part in message["parts"]
        if part.get("state") == "approval-requested"
    ]
