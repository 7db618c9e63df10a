"""The build's Durable Object: hands the platform's events to ``littoral.builder``."""

from __future__ import annotations

from typing import Any

from workers import DurableObject

from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import failure
from littoral.builder.build_book import has_begun, no_such_build
from littoral.builder.builder import Builder
from littoral.builder.calls import may_answer
from littoral.builder.checks import BuildChecks
from littoral.builder.doors import KIND, BuilderDoors
from littoral.builder.offline.skill import OfflineBuilder
from littoral.builder.ports import Place
from littoral.clock import RandomIds, SystemClock
from littoral.errors import NotFound
from littoral.platform.alarm import DurableAlarm
from littoral.platform.answer import header_of, problem_response
from littoral.platform.database import D1Database, open_ledger
from littoral.platform.event_loop import mend_event_loop
from littoral.platform.gateway import raw_env
from littoral.platform.javascript_parser import EngineParser
from littoral.platform.key_watch import KeyWatch, payer_of
from littoral.platform.models import build_model
from littoral.platform.object_store import R2Store
from littoral.platform.runtime import Background, at_once, read_settings
from littoral.platform.sockets import Sockets, answer_heartbeats, refused_socket, switch_protocols
from littoral.platform.sql import DurableSql
from littoral.platform.telemetry import ObjectTelemetry


class CodeGeneratorAgent(DurableObject):
    """One build. Its name is ``<owner>/<build id>``; only the Worker makes such names."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        mend_event_loop()
        self._state = getattr(ctx, "_ctx", ctx)
        self._env = raw_env(env)
        self._ids = RandomIds()
        self._sockets = Sockets(self._state, self._ids)
        self._background = Background()
        self._telemetry = ObjectTelemetry(self._env, self._background.spawn, KIND)
        name = str(self._state.id.name)
        self._watch = KeyWatch(self._env, self._sockets, self._background, kind=KIND, name=name)
        self._sql = DurableSql(self._state.storage)
        self._opened: BuilderDoors | None = None

    def _doors(self) -> BuilderDoors:
        """The build's doors; made when the first event needs them."""
        if self._opened is None:
            owner, _, build_id = str(self._state.id.name).partition("/")
            clock = SystemClock()
            settings = read_settings(self._env)
            place = Place(
                owner=owner,
                build_id=build_id,
                sql=self._sql,
                connections=self._sockets,
                alarm=AlarmClock(DurableAlarm(self._state.storage)),
                till=open_ledger(self._env, settings, clock),
                database=D1Database(self._env.DB),
                assets=R2Store(self._env.AGENT_ASSETS),
                checks=BuildChecks(EngineParser(self._env)),
            )
            model = build_model(self._env, settings, clock, (OfflineBuilder(),))
            builder = Builder(place, settings=settings, model=model, clock=clock, ids=self._ids)
            builder.on_start()
            self._opened = BuilderDoors(builder)
        return self._opened

    async def rpc(self, text: str) -> str:
        """One call of the build's methods, as an envelope in and out."""
        if self._opened is None and not may_answer(self._sql, text):
            return failure(no_such_build())
        return await self._telemetry.call(text, self._doors().calls.answer)

    async def fetch(self, request: Any) -> Any:
        """A socket; nothing else is asked this way."""
        raw = getattr(request, "js_object", request)
        if header_of(raw, "upgrade") != "websocket":
            return problem_response(NotFound("Only sockets are answered here."), "", {})
        if not has_begun(self._sql) or self._doors().builder.state() is None:
            return refused_socket(no_such_build().detail)
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
        heard = self._doors().socket.on_message(self._sockets.find(ws), text)
        return at_once(self._telemetry.event(heard))

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

    async def alarm(self, *_: Any) -> None:
        if has_begun(self._sql):
            await self._telemetry.event(self._doors().builder.on_alarm())
