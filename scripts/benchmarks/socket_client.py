"""Owns one WebSocket to an agent, as cheap as a client can be in Python.

It speaks only what a turn needs: it sends one chat request and scans what comes, without parsing
frame by frame, for the frame that ends it. A server's frames are not masked (RFC 6455 §5.1), so the
texts stand in the bytes as they are; text within a chunk is JSON within JSON and cannot look like
that frame.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import struct
from collections.abc import Mapping

from benchmarks.http_client import HOST

_END = re.compile(rb'\{[^{}]*"done":true[^{}]*\}')
_OVERLAP = 512
_TEXT_FRAME = 0x81
_MASKED = 0x80


class SocketClient(asyncio.Protocol):
    """One connection; one turn at a time. `received` counts bytes."""

    def __init__(self) -> None:
        self.received = 0
        self._recent = b""
        self._awaited: bytes = b""
        self._ended: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None
        self._turns = 0
        self._name = base64.b32encode(os.urandom(5)).decode()

    @classmethod
    async def open(
        cls, port: int, path: str, headers: Mapping[str, str] | None = None
    ) -> SocketClient:
        """Connects and waits until the agent has said who it is; raises `ConnectionError`."""
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(cls, HOST, port)
        assert client._transport is not None
        client._expect(b'"cf_agent_identity"')
        client._transport.write(_handshake(path, headers or {}))
        assert client._ended is not None
        await client._ended
        return client

    async def turn(self, message: str) -> None:
        """Sends a message and waits for the frame that ends its answer."""
        assert self._transport is not None
        self._turns += 1
        request_id = f"{self._name}-{self._turns}-"
        self._expect(request_id.encode())
        self._transport.write(text_frame(_chat_request(request_id, message)))
        assert self._ended is not None
        end = await self._ended
        if b'"error":true' in end:
            raise ConnectionError(end.decode(errors="replace"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _expect(self, mark: bytes) -> None:
        self._awaited = mark
        self._recent = b""
        self._ended = asyncio.get_running_loop().create_future()

    # --- asyncio.Protocol ------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._ended is not None and not self._ended.done():
            self._ended.set_exception(ConnectionError("the server closed the socket"))

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        window = self._recent + data
        if self._ended is not None and not self._ended.done():
            found = end_of_turn(window, self._awaited)
            if found is not None:
                self._ended.set_result(found)
        self._recent = window[-_OVERLAP:]


def end_of_turn(received: bytes, mark: bytes) -> bytes | None:
    """The frame with `"done":true` and `mark` in it, if it has come whole.

    The mark of a connection's first frame is enough by itself.
    """
    if mark.startswith(b'"'):
        return mark if mark in received else None
    return next((found for found in _END.findall(received) if mark in found), None)


def text_frame(text: str) -> bytes:
    """One masked text frame; the mask is zero, which a server cannot tell from any other."""
    payload = text.encode()
    if len(payload) < 126:
        return struct.pack("!BB4x", _TEXT_FRAME, _MASKED | len(payload)) + payload
    if len(payload) < 65_536:
        return struct.pack("!BBH4x", _TEXT_FRAME, _MASKED | 126, len(payload)) + payload
    return struct.pack("!BBQ4x", _TEXT_FRAME, _MASKED | 127, len(payload)) + payload


def _handshake(path: str, headers: Mapping[str, str]) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        f"host: {HOST}",
        "upgrade: websocket",
        "connection: upgrade",
        "sec-websocket-version: 13",
        f"sec-websocket-key: {key}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def _chat_request(request_id: str, message: str) -> str:
    user = {
        "id": f"u-{request_id}",
        "role": "user",
        "parts": [{"type": "text", "text": message}],
    }
    body = json.dumps({"messages": [user], "trigger": "submit-message"})
    init = {"method": "POST", "body": body}
    return json.dumps({"type": "cf_agent_use_chat_request", "id": request_id, "init": init})
