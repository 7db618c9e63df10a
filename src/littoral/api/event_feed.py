"""Numbered events of a run or a build as an answer that goes on until the last of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from fastapi import Request

from littoral.api.event_stream import event
from littoral.api.gateway import Remote
from littoral.errors import LittoralError
from littoral.jsontext import dumps

KEEPALIVE_SECONDS: Final = 10
LOST_TRIES: Final = 3
EVENT_STREAM: Final = "text/event-stream"
STREAM_DOC: Final[dict[str, Any]] = {
    "description": "Events as JSON, or with `Accept: text/event-stream` as they happen: each with "
    "its number as `id`, until the last one.",
    "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
}


def wants_stream(request: Request) -> bool:
    """Whether the caller asks for events as they happen."""
    return EVENT_STREAM in request.headers.get("accept", "")


def resumed(request: Request, since: int) -> int:
    """The number after which to go on: that of the header ``Last-Event-ID``, if it is one."""
    last = request.headers.get("last-event-id", "")
    return int(last) if last.isdecimal() and len(last) < 16 else since


async def follow(
    remote: Remote, wait: str, args: dict[str, Any], page: Any, *, mark: str = "number"
) -> AsyncIterator[bytes]:
    """Every event once and in order, a comment while there are none, the end after the last.

    ``page`` is the first page ``{events, next, ended}``; ``wait`` names the object's method that
    gives the next ones, waiting for them for ``seconds``; ``mark`` is what a client resumes from.
    """
    yield b": ok\n\n"
    lost = 0
    while True:
        for each in page["events"]:
            yield event(dumps(each), number=each[mark])
        if page["ended"]:
            return
        asked = {**args, "since": page["next"], "seconds": KEEPALIVE_SECONDS}
        try:
            page = await remote.call(wait, asked)
            lost = 0
        except LittoralError:
            lost += 1
            if lost > LOST_TRIES:
                return  # The client comes again with the number of the last event that it saw.
            page = {**page, "events": []}
        if not page["events"]:
            yield b": waiting\n\n"
