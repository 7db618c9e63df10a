"""Server-sent events (WHATWG HTML §9.2) as an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import Response
from starlette.types import Receive, Scope, Send

EXTENSION = "littoral.stream"
"""A server that offers this pulls the chunks itself after the application has returned."""


def event(data: str, *, name: str | None = None, number: int | None = None) -> bytes:
    """One event. ``data`` has no line breaks; ``number`` is what a client resumes from."""
    head = f"event: {name}\n" if name else ""
    mark = f"id: {number}\n" if number is not None else ""
    return f"{mark}{head}data: {data}\n\n".encode()


class EventStream(Response):
    """A response whose body comes in pieces."""

    media_type = "text/event-stream"

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        super().__init__(None, 200, {"x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        )
        if EXTENSION in scope.get("extensions", {}):
            await send({"type": EXTENSION, "chunks": self._chunks})
            return
        async for chunk in self._chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
