"""The way in: what stands for the networking sidecar that workerd puts beside each container.

workerd sends it `CONNECT 127.0.0.1:<port>` and then speaks to that port of the sandbox; only the
daemon's is answered, which is a socket on this machine. `PUT /egress` and `GET /ca` belong to the
sidecar's interception of outgoing traffic, which does not exist here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from _lib.sandbox_engine.streams import join, read_head

DAEMON_PORT = 8080
CONNECT_SECONDS = 10.0


class Ingress:
    """Listens on a port of 127.0.0.1; ``socket`` gives the daemon's, None while it is not there."""

    def __init__(self, socket: Callable[[], Path | None]) -> None:
        self._socket = socket
        self._server: asyncio.Server | None = None
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            found = await read_head(reader)
            if found is None:
                return
            words, headers = found
            if words[0] == "CONNECT":
                await self._connect(words[1], reader, writer)
            else:
                await reader.readexactly(int(headers.get("content-length", 0)))
                await _reply(writer, "200 OK", "none\n")
        except OSError:
            pass
        finally:
            writer.close()

    async def _connect(
        self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        socket = self._socket()
        if target.rpartition(":")[2] != str(DAEMON_PORT) or socket is None:
            await _reply(writer, "400 Bad Request", "nothing listens there\n")
            return
        try:
            far = await asyncio.wait_for(asyncio.open_unix_connection(str(socket)), CONNECT_SECONDS)
        except (OSError, TimeoutError):
            await _reply(writer, "400 Bad Request", "the daemon does not answer\n")
            return
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await join((reader, writer), far)


async def _reply(writer: asyncio.StreamWriter, status: str, text: str) -> None:
    body = text.encode()
    head = f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
