"""Messages as clients send them, checked; and the few that are made here.

A client's message is data from a stranger: only its id and its text are taken, and its role must be
``user``. Whatever else a client believes about the transcript is not looked at.
"""

from __future__ import annotations

from typing import Any

from littoral.clock import iso
from littoral.errors import InvalidInput
from littoral.text import MAX_MESSAGE_CHARACTERS, kind_of, require_id, require_text

Message = dict[str, Any]


def user_message(message_id: str, text: str, created_at_ms: int) -> Message:
    """A user's message. ``text`` must be checked already."""
    return {
        "id": message_id,
        "role": "user",
        "parts": [{"type": "text", "text": text}],
        "metadata": {"createdAt": iso(created_at_ms)},
    }


def agent_message(message_id: str, text: str, created_at_ms: int, kind: str) -> Message:
    """What the agent says by itself; ``kind`` tells why (``reminder``)."""
    return {
        "id": message_id,
        "role": "assistant",
        "parts": [{"type": "text", "text": text, "state": "done"}],
        "metadata": {"createdAt": iso(created_at_ms), "kind": kind, "outcome": "completed"},
    }


def checked_user_message(raw: Any, created_at_ms: int) -> Message:
    """A client's ``UIMessage`` of role user, reduced to id and text.

    Raises ``InvalidInput`` or ``TooLarge`` that name the field.
    """
    if not isinstance(raw, dict):
        raise InvalidInput(f"A message must be an object, not {kind_of(raw)}.")
    message_id = require_id(raw.get("id"), field="message.id")
    return user_message(message_id, _text(raw.get("parts")), created_at_ms)


def _text(parts: Any) -> str:
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise InvalidInput("message.parts must be a list of objects.")
    if any(part.get("type") == "file" for part in parts):
        raise InvalidInput(
            "message.parts has a file; files are not taken here.",
            next_step="Send the text alone.",
        )
    texts = [part.get("text") for part in parts if part.get("type") == "text"]
    for text in texts:
        if not isinstance(text, str):
            raise InvalidInput(f"message.parts[].text must be text, not {kind_of(text)}.")
    return require_text("\n".join(texts), field="message", most=MAX_MESSAGE_CHARACTERS)
