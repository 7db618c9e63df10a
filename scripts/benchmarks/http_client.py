"""Owns one keep-alive HTTP/1.1 connection, as cheap as a client can be in Python.

The client shares the machine with what it measures, so it parses only what it needs: the status,
the headers as bytes, and a body of known length or in chunks.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass

HOST = "127.0.0.1"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`head` is the status line and the headers as they came."""

    status: int
    head: bytes
    body: bytes


class HttpClient(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._answered: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, port: int) -> HttpClient:
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(cls, HOST, port)
        return client

    async def request(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Sends one request; raises `ConnectionError` when the connection ends before."""
        assert self._transport is not None
        if self._transport.is_closing():
            raise ConnectionError("the server closed the idle connection")
        lines = [f"{method} {path} HTTP/1.1", f"host: {HOST}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if method == "POST":
            lines += ["content-type: application/json", f"content-length: {len(body)}"]
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return await self._answered

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    # --- asyncio.Protocol ------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(ConnectionError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        answer = complete_answer(self._buffer)
        if answer is not None and self._answered is not None:
            self._buffer = b""
            self._answered.set_result(answer)


def complete_answer(received: bytes) -> Answer | None:
    """The answer in what was received, or `None` while some of it is missing."""
    head, end, rest = received.partition(b"\r\n\r\n")
    if not end:
        return None
    status = int(head[9:12])
    length = _LENGTH.search(head)
    if length is not None:
        if len(rest) < int(length[1]):
            return None
        return Answer(status=status, head=head, body=rest)
    if b"chunked" in head.lower():
        if not rest.endswith(b"0\r\n\r\n"):
            return None
        return Answer(status=status, head=head, body=_unchunked(rest))
    return Answer(status=status, head=head, body=rest)


def _unchunked(rest: bytes) -> bytes:
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        body, rest = body + rest[:length], rest[length + 2 :]
        if not length:
            break
    return body
