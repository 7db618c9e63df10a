"""``POST /api/chat`` as it arrives: reading and checking it, for both doors.

The Worker's hot door calls ``parse_chat_request`` by itself; the route of the framework calls the
same function, so that both refuse the same. Answering is the agent's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from littoral.api.bodies import ChatRequest
from littoral.api.body_rules import check_body_text, require_json
from littoral.api.validation import invalid_input
from littoral.errors import InvalidInput

EVENT_STREAM = "text/event-stream"

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,128}")

HeaderLookup = Callable[[str], str | None]
"""Gives a header's value by its lower-case name."""


@dataclass(frozen=True, kw_only=True)
class ChatCommand:
    """One message to a session.

    ``session_id`` is ``None`` when a session shall begin. ``idempotency_key`` makes a repeated
    request give the answer of the first one. ``stream`` asks for server-sent events.
    """

    message: str
    session_id: str | None = None
    time_zone: str | None = None
    idempotency_key: str | None = None
    stream: bool = False

    def arguments(self) -> dict[str, Any]:
        """What the agent's method ``chat.send`` takes; ``create`` lets it begin a session."""
        return {
            "message": self.message,
            "timeZone": self.time_zone,
            "idempotencyKey": self.idempotency_key,
            "create": self.session_id is None,
        }


def parse_chat_request(text: str, header: HeaderLookup) -> ChatCommand:
    """Reads the body and the headers of ``POST /api/chat``.

    Raises ``UnsupportedMedia``, ``TooLarge``, ``CallerError`` (no JSON) or ``InvalidInput`` with
    one entry for each field that breaks a rule.
    """
    require_json(header("content-type"))
    check_body_text(text)
    try:
        request = ChatRequest.model_validate_json(text)
    except ValidationError as error:
        raise invalid_input(
            error.errors(include_url=False, include_input=False), place="body"
        ) from None
    return chat_command(request, header)


def chat_command(request: ChatRequest, header: HeaderLookup) -> ChatCommand:
    """The command in a body that was checked already, and its headers."""
    return ChatCommand(
        message=request.message,
        session_id=request.session_id,
        time_zone=request.time_zone,
        idempotency_key=idempotency_key(header("idempotency-key")),
        stream=EVENT_STREAM in (header("accept") or "").lower(),
    )


def idempotency_key(value: str | None) -> str | None:
    """The header ``Idempotency-Key`` when it can be one; raises ``InvalidInput``."""
    if value is None or _IDEMPOTENCY_KEY.fullmatch(value):
        return value
    raise InvalidInput(
        "The header Idempotency-Key must be 1 to 128 visible ASCII characters.",
        fields=[{"field": "Idempotency-Key", "message": "1 to 128 visible ASCII characters"}],
    )
