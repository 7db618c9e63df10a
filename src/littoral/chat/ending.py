"""How a turn ended: said by the stream's last chunks, and read again from the row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from littoral.chat.stream import LiveStream
from littoral.chat.transcript import Turn
from littoral.errors import LittoralError, NotFound, problem

Outcome = Literal["completed", "waiting", "failed", "cancelled"]


@dataclass(frozen=True, kw_only=True)
class Ending:
    """``error`` is set when ``outcome`` is failed."""

    turn: Turn
    reply: dict[str, Any]
    outcome: Outcome
    error: LittoralError | None = None


def close(
    turn: Turn, stream: LiveStream, outcome: Outcome, error: LittoralError | None, now_ms: int
) -> Ending:
    """Emits the chunks that end a stream. The end is not told and not written here."""
    stream.close_open_texts()
    metadata = stream.fold.metadata
    metadata["latencyMs"] = now_ms - turn.created_at_ms
    metadata["outcome"] = outcome
    if error is not None:
        detail = problem(error)
        metadata["error"] = {key: detail[key] for key in ("code", "detail", "retryable")}
    if outcome == "cancelled":
        stream.emit({"type": "message-metadata", "messageMetadata": dict(metadata)})
        stream.emit({"type": "abort"})
    elif outcome != "failed":
        stream.emit({"type": "finish", "messageMetadata": dict(metadata)})
    return Ending(turn=turn, reply=stream.fold.message(), outcome=outcome, error=error)


def ending_of(turn: Turn | None) -> Ending:
    """The ending of a turn that has ended; raises ``NotFound`` when it was removed."""
    if turn is None or turn.reply is None:
        raise NotFound("The message was removed before it was answered.")
    outcome: Any = "completed" if turn.status == "open" else turn.status
    error = None
    if outcome == "failed":
        stored = turn.reply.get("metadata", {}).get("error", {})
        error = LittoralError(stored.get("detail", ""))
    return Ending(turn=turn, reply=turn.reply, outcome=outcome, error=error)
