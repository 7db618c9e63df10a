"""The way out where the sandbox has no network of its own: a local port that leads to a socket.

Programs are told of it as their HTTP proxy; who may be reached is decided at the other end of the
socket, outside the sandbox.
"""

from __future__ import annotations

import asyncio

BUFFER_BYTES = 64 * 1024


async def serve_egress(port: int, socket_path: str) -> asyncio.Server:
    """Listens on 127.0.0.1:``port`` and joins every connection to the socket."""

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(socket_path)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))

    return await asyncio.start_server(join, "127.0.0.1", port)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(BUFFER_BYTES):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()
