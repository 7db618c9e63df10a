"""Folds stream chunks into the message that they describe.

Chunks and messages are those of the AI SDK (``UIMessageChunk``, ``UIMessage``): a browser folds the
same chunks in the same way. Here it is done for the row that is kept, and again after a kill from
the chunks that were journaled.
"""

from __future__ import annotations

from typing import Any

Chunk = dict[str, Any]
Part = dict[str, Any]

SETTLED_STATES = frozenset({"output-available", "output-error", "output-denied"})


class MessageFold:
    """An assistant message that grows chunk by chunk.

    ``message`` given: a continuation of that stored message, whose id and parts are kept.
    """

    def __init__(self, *, message: dict[str, Any] | None = None) -> None:
        self.id: str = message["id"] if message else ""
        self.parts: list[Part] = list(message["parts"]) if message else []
        self.metadata: dict[str, Any] = dict(message.get("metadata") or {}) if message else {}
        self._open: dict[str, tuple[Part, list[str]]] = {}

    def apply(self, chunk: Chunk) -> None:
        """Applies one chunk; types that leave no trace in a message are passed over."""
        handler = _HANDLERS.get(chunk["type"])
        if handler is not None:
            handler(self, chunk)

    def message(self) -> dict[str, Any]:
        """The message as it stands, as a ``UIMessage``."""
        for part, pieces in self._open.values():
            part["text"] = "".join(pieces)
        return {"id": self.id, "role": "assistant", "parts": self.parts, "metadata": self.metadata}

    def open_ids(self) -> list[tuple[str, str]]:
        """``(type of part, id)`` of each text that was begun and not ended."""
        return [(part["type"], key) for key, (part, _) in self._open.items()]

    def tool_part(self, tool_call_id: str) -> Part | None:
        """The part of that tool call, or ``None``."""
        return next((p for p in self.parts if p.get("toolCallId") == tool_call_id), None)

    def _start(self, chunk: Chunk) -> None:
        self.id = chunk.get("messageId") or self.id
        self._merge_metadata(chunk)

    def _merge_metadata(self, chunk: Chunk) -> None:
        self.metadata.update(chunk.get("messageMetadata") or {})

    def _start_step(self, chunk: Chunk) -> None:
        self.parts.append({"type": "step-start"})

    def _text_start(self, chunk: Chunk) -> None:
        part = {"type": chunk["type"].removesuffix("-start"), "text": "", "state": "streaming"}
        self.parts.append(part)
        self._open[chunk["id"]] = (part, [])

    def _text_delta(self, chunk: Chunk) -> None:
        self._open[chunk["id"]][1].append(chunk["delta"])

    def _text_end(self, chunk: Chunk) -> None:
        part, pieces = self._open.pop(chunk["id"])
        part["text"] = "".join(pieces)
        part["state"] = "done"

    def _tool_input(self, chunk: Chunk) -> None:
        self.parts.append(
            {
                "type": f"tool-{chunk['toolName']}",
                "toolCallId": chunk["toolCallId"],
                "state": "input-available",
                "input": chunk["input"],
            }
        )

    def _tool_input_error(self, chunk: Chunk) -> None:
        self._tool_input(chunk)
        self.parts[-1].update(state="output-error", errorText=chunk["errorText"])

    def _tool_approval(self, chunk: Chunk) -> None:
        self._settle(chunk, state="approval-requested", approval={"id": chunk["approvalId"]})

    def _tool_output(self, chunk: Chunk) -> None:
        self._settle(chunk, state="output-available", output=chunk["output"])

    def _tool_error(self, chunk: Chunk) -> None:
        self._settle(chunk, state="output-error", errorText=chunk["errorText"])

    def _tool_denied(self, chunk: Chunk) -> None:
        self._settle(chunk, state="output-denied")

    def _settle(self, chunk: Chunk, **changes: Any) -> None:
        """Changes a tool's part, unless it has ended already: the first result stands."""
        part = self.tool_part(chunk["toolCallId"])
        if part is not None and part["state"] not in SETTLED_STATES:
            part.update(changes)


_HANDLERS = {
    "start": MessageFold._start,
    "finish": MessageFold._merge_metadata,
    "message-metadata": MessageFold._merge_metadata,
    "start-step": MessageFold._start_step,
    "text-start": MessageFold._text_start,
    "text-delta": MessageFold._text_delta,
    "text-end": MessageFold._text_end,
    "reasoning-start": MessageFold._text_start,
    "reasoning-delta": MessageFold._text_delta,
    "reasoning-end": MessageFold._text_end,
    "tool-input-available": MessageFold._tool_input,
    "tool-input-error": MessageFold._tool_input_error,
    "tool-approval-request": MessageFold._tool_approval,
    "tool-output-available": MessageFold._tool_output,
    "tool-output-error": MessageFold._tool_error,
    "tool-output-denied": MessageFold._tool_denied,
}


def text_of(message: dict[str, Any]) -> str:
    """What a message says: its text parts, joined by blank lines."""
    texts = [part["text"] for part in message["parts"] if part.get("type") == "text"]
    return "\n\n".join(text for text in texts if text)
