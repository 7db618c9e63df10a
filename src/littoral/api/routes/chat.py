"""``POST /api/chat`` inside the framework.

In the Worker the hot door answers this path before the framework is asked; both read it by
``littoral.api.chat``. Here the turn is answered whole: an event stream holds the answer alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request, Response

from littoral.api.answers import ChatAnswer
from littoral.api.bodies import ChatRequest
from littoral.api.chat import EVENT_STREAM, chat_command
from littoral.api.context import Api, json_answer
from littoral.api.event_stream import EventStream, event
from littoral.api.routes import IDEMPOTENCY_KEY_DOC, WRITE, problems
from littoral.jsontext import dumps

_STREAM_DOC: dict[str, Any] = {
    "description": "The answer: JSON, or with `Accept: text/event-stream` the same turn as it "
    "happens. Each `data:` is one AI SDK UIMessageChunk; then `event: answer` carries the JSON "
    "answer, or `event: problem` the error; `data: [DONE]` comes last.",
    "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
}


def chat_routes(api: Api) -> APIRouter:
    """One message in, one answer out."""
    router = APIRouter(tags=["chat"])

    @router.post(
        "/api/chat",
        response_model=ChatAnswer,
        responses={200: _STREAM_DOC, **problems(*WRITE, 404, 409, 429, 502, 504)},
        openapi_extra={"parameters": [IDEMPOTENCY_KEY_DOC]},
    )
    async def chat(request: Request, body: ChatRequest) -> Response:
        """Sends a message to a session's agent; without `sessionId` a session begins."""
        command = chat_command(body, request.headers.get)
        caller = await api.caller(request, command.session_id)
        session_id = (
            caller.reach(command.session_id)
            if command.session_id is not None
            else caller.begin_session(api.ids, command.idempotency_key)
        )
        answer = await api.agent_of(caller, session_id).call("chat.send", command.arguments())
        return EventStream(_whole(answer)) if command.stream else json_answer(answer)

    return router


async def _whole(answer: Any) -> AsyncIterator[bytes]:
    yield event(dumps(answer), name="answer")
    yield event("[DONE]")
