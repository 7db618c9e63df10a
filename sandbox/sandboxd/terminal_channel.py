"""A terminal's channel on a WebSocket of aiohttp; the terminals themselves are `terminals/`."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import WSMsgType, web

from terminals.channel import CLOSE_NOTHING_HERE
from terminals.frames import SUBPROTOCOL
from terminals.terminals import Terminals, Visit


class SocketChannel:
    """``terminals.channel.Channel``."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket

    async def send(self, frame: bytes) -> None:
        await self._socket.send_bytes(frame)

    async def close(self, code: int, reason: str) -> None:
        await self._socket.close(code=code, message=reason.encode()[:120])

    async def frames(self) -> AsyncIterator[bytes]:
        async for message in self._socket:
            if message.type is WSMsgType.BINARY:
                yield message.data
            elif message.type is WSMsgType.TEXT:
                yield message.data.encode()


async def serve_terminal(request: web.Request, terminals: Terminals) -> web.StreamResponse:
    """Answers `GET /terminal/<name>` with a socket until it is closed."""
    socket = web.WebSocketResponse(max_msg_size=1 << 20, heartbeat=25, protocols=(SUBPROTOCOL,))
    await socket.prepare(request)
    channel = SocketChannel(socket)
    try:
        visit = Visit.of(request.match_info["name"], request.query)
    except ValueError as error:
        await channel.close(CLOSE_NOTHING_HERE, str(error))
        return socket
    try:
        await terminals.serve(channel, visit)
    except ConnectionError:
        pass
    await socket.close()
    return socket
