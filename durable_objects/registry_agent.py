"""The registry's Durable Object: hands the platform's events to ``littoral.registry.live``."""

from __future__ import annotations

from typing import Any

from workers import DurableObject

from littoral.clock import RandomIds, SystemClock
from littoral.errors import LittoralError, NotFound
from littoral.platform.answer import header_of, problem_response
from littoral.platform.database import D1Database
from littoral.platform.event_loop import mend_event_loop
from littoral.platform.gateway import raw_env
from littoral.platform.key_watch import KeyWatch, payer_of
from littoral.platform.runtime import Background, at_once
from littoral.platform.sockets import Sockets, answer_heartbeats, refused_socket, switch_protocols
from littoral.platform.telemetry import ObjectTelemetry
from littoral.registry.live import LiveRegistry
from littoral.registry.live_doors import KIND, LiveDoors


class RegistryAgent(DurableObject):
    """One owner's live view of agents and executions. Its name is the owner."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        mend_event_loop()
        self._state = getattr(ctx, "_ctx", ctx)
        self._env = raw_env(env)
        self._sockets = Sockets(self._state, RandomIds())
        self._background = Background()
        name = str(self._state.id.name)
        self._watch = KeyWatch(self._env, self._sockets, self._background, kind=KIND, name=name)
        self._telemetry = ObjectTelemetry(self._env, self._background.spawn, KIND)
        self._opened: LiveDoors | None = None

    def _doors(self) -> LiveDoors:
        """The view's doors; made when the first event needs them."""
        if self._opened is None:
            live = LiveRegistry(
                str(self._state.id.name),
                D1Database(self._env.DB),
                self._sockets,
                SystemClock(),
                spawn=self._background.spawn,
            )
            self._opened = LiveDoors(live)
        return self._opened

    async def rpc(self, text: str) -> str:
        """One call of the view's methods, as an envelope in and out."""
        return await self._telemetry.call(text, self._doors().answer)

    async def fetch(self, request: Any) -> Any:
        """A socket; nothing else is asked this way."""
        raw = getattr(request, "js_object", request)
        if header_of(raw, "upgrade") != "websocket":
            return problem_response(NotFound("Only sockets are answered here."), "", {})
        doors = self._doors()
        try:
            await doors.live.load()
        except LittoralError as error:
            return refused_socket(error.detail)
        answer_heartbeats(self._state)
        socket, client = self._sockets.accept(payer_of(raw))
        if not await self._watch.admitted(socket, raw):
            self._sockets.forget(socket)
            return switch_protocols(client)
        await doors.socket.on_connect(socket)
        return switch_protocols(client)

    def webSocketMessage(self, ws: Any, message: Any) -> Any:
        self._telemetry.arrange()
        text = message if isinstance(message, str) else None
        return at_once(self._doors().socket.on_message(self._sockets.find(ws), text))

    async def webSocketClose(self, ws: Any, code: int, reason: str, was_clean: bool) -> None:
        self._sockets.find(ws).answer_close(code)
        self._gone(ws)

    async def webSocketError(self, ws: Any, error: Any) -> None:
        self._gone(ws)

    def _gone(self, ws: Any) -> None:
        socket = self._sockets.find(ws)
        self._sockets.forget(socket)
        self._watch.gone(socket)
