"""The functions' Durable Object: hands the platform's events to ``littoral.functions``."""

from __future__ import annotations

from typing import Any

from workers import DurableObject

from littoral.clock import RandomIds
from littoral.errors import NotFound
from littoral.functions.doors import KIND, FunctionDoors
from littoral.functions.functions import Functions
from littoral.platform.answer import header_of, problem_response
from littoral.platform.gateway import raw_env
from littoral.platform.key_watch import KeyWatch, payer_of
from littoral.platform.runtime import Background, at_once
from littoral.platform.sockets import Sockets, answer_heartbeats, switch_protocols
from littoral.platform.timers import clear_cancelled_timers


class FunctionAgent(DurableObject):
    """One owner's functions, jobs and human tasks. Its name is the owner."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        clear_cancelled_timers()
        self._state = getattr(ctx, "_ctx", ctx)
        self._env = raw_env(env)
        self._ids = RandomIds()
        self._sockets = Sockets(self._state, self._ids)
        self._background = Background()
        name = str(self._state.id.name)
        self._watch = KeyWatch(self._env, self._sockets, self._background, kind=KIND, name=name)
        self._opened: FunctionDoors | None = None

    def _doors(self) -> FunctionDoors:
        """The functions' doors; made when the first event needs them."""
        if self._opened is None:
            self._opened = FunctionDoors(Functions(self._sockets))
        return self._opened

    async def rpc(self, text: str) -> str:
        """One call of the functions' methods, as an envelope in and out."""
        return await self._doors().calls.answer(text)

    async def fetch(self, request: Any) -> Any:
        """A socket; nothing else is asked this way."""
        raw = getattr(request, "js_object", request)
        if header_of(raw, "upgrade") != "websocket":
            return problem_response(NotFound("Only sockets are answered here."), "", {})
        doors = self._doors()
        answer_heartbeats(self._state)
        socket, client = self._sockets.accept(payer_of(raw))
        if not await self._watch.admitted(socket, raw):
            self._sockets.forget(socket)
            return switch_protocols(client)
        await doors.socket.on_connect(socket)
        return switch_protocols(client)

    def webSocketMessage(self, ws: Any, message: Any) -> Any:
        text = message if isinstance(message, str) else None
        return at_once(self._doors().socket.on_message(self._sockets.find(ws), text))

    async def webSocketClose(self, ws: Any, code: int, reason: str, was_clean: bool) -> None:
        self._sockets.find(ws).answer_close(code)
        await self._gone(ws)

    async def webSocketError(self, ws: Any, error: Any) -> None:
        await self._gone(ws)

    async def _gone(self, ws: Any) -> None:
        socket = self._sockets.find(ws)
        self._sockets.forget(socket)
        self._watch.gone(socket)
        await self._doors().on_close(socket)
