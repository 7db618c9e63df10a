"""A real HTTP server on this machine that answers chat completions from a script."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

STREAM = "text/event-stream"
DROP = "drop the connection"


@dataclass(kw_only=True)
class Reply:
    """One answer. In ``chunks`` an event is waited for, and ``DROP`` cuts the connection."""

    status: int = 200
    kind: str = STREAM
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: Sequence[bytes | str | asyncio.Event] = ()


def refusal(status: int, message: str, **headers: str) -> Reply:
    """An error as OpenAI words it."""
    body = json.dumps({"error": {"message": message, "type": "invalid_request_error"}})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, kind="application/json", headers=named, chunks=[body.encode()])


class ChatServer:
    """Plays its replies in order, the last one again and again.

    ``bodies`` and ``headers`` are of the requests it saw; ``left`` is set when a client goes away
    before its answer is complete.
    """

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.left = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for each in list(self._connections):
            each.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._read(reader)
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
            await self._answer(reply, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.left.set()
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        assert head[0].startswith("POST /v1/chat/completions ")
        pairs = (line.split(": ", 1) for line in head[1:] if line)
        headers = {name.lower(): value for name, value in pairs}
        body = await reader.readexactly(int(headers["content-length"]))
        self.headers.append(headers)
        self.bodies.append(json.loads(body))

    async def _answer(
        self, reply: Reply, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        lines = [f"HTTP/1.1 {reply.status} Scripted", f"content-type: {reply.kind}"]
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        lines += ["transfer-encoding: chunked", "connection: close", "", ""]
        writer.write("\r\n".join(lines).encode())
        for chunk in reply.chunks:
            if chunk == DROP:
                return
            if isinstance(chunk, asyncio.Event):
                await self._wait(chunk, reader)
            elif chunk:
                data = chunk.encode() if isinstance(chunk, str) else chunk
                writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                await writer.drain()
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    async def _wait(self, event: asyncio.Event, reader: asyncio.StreamReader) -> None:
        """Waits for the event, or for the client to go."""
        gone = asyncio.ensure_future(reader.read())
        waiting = asyncio.ensure_future(event.wait())
        try:
            await asyncio.wait({gone, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                raise ConnectionError
        finally:
            gone.cancel()
            waiting.cancel()
