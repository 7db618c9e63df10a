"""One request and its answer in ASGI's words; no JavaScript here.

``littoral.platform.asgi`` fetches what this needs from the request and makes the response of what
is in it afterwards.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import unquote

STREAM_EXTENSION = "littoral.stream"
"""Key of ``scope["extensions"]``, type of a message ``{"type", "chunks": AsyncIterator[bytes]}``.

An application that finds the key may send the message in the place of its body and return: the
chunks are pulled after that. So the application is one plain coroutine, and only a stream costs a
task.
"""

BodyReader = Callable[[], Awaitable[tuple[bytes, bool]]]
"""Gives the next piece of the request's body, and whether more may come."""

_VERSIONS = {"version": "3.0", "spec_version": "2.4"}


def scope_of(method: str, url: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """The ASGI scope of a request. ``url`` is absolute; header names are lower-case."""
    scheme, _, rest = url.partition("://")
    authority, slash, target = rest.partition("/")
    raw_path, _, query = (slash + target).partition("?")
    return {
        "type": "http",
        "asgi": _VERSIONS,
        "http_version": "1.1",
        "method": method,
        "scheme": scheme,
        "server": (authority, None),
        "path": unquote(raw_path or "/"),
        "raw_path": raw_path.encode(),
        "query_string": query.partition("#")[0].encode(),
        "root_path": "",
        "headers": [
            (name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()
        ],
        "extensions": {STREAM_EXTENSION: {}},
    }


class Exchange:
    """``receive`` and ``send`` of one request.

    The body is read when the application asks for it, so it can refuse one that is too long before
    it is read. Body messages of an application that streams without the extension are joined.
    """

    def __init__(self, read_body: BodyReader) -> None:
        self.read_body = read_body
        self.body_was_read = False
        self._parts: list[bytes] = []
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.stream: AsyncIterator[bytes] | None = None

    @property
    def body(self) -> bytes:
        """The whole body of the answer, where it is no stream."""
        return b"".join(self._parts)

    async def receive(self) -> dict[str, Any]:
        """The next event of the request."""
        if self.body_was_read:
            return {"type": "http.disconnect"}
        piece, more = await self.read_body()
        self.body_was_read = not more
        return {"type": "http.request", "body": piece, "more_body": more}

    async def send(self, message: Mapping[str, Any]) -> None:
        """Takes the next part of the answer."""
        kind = message["type"]
        if kind == "http.response.body":
            self._parts.append(bytes(message.get("body", b"")))
        elif kind == "http.response.start":
            self.status = message["status"]
            # The runtime counts the body itself.
            self.headers = [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in message["headers"]
                if name != b"content-length"
            ]
        elif kind == STREAM_EXTENSION:
            self.stream = message["chunks"]
