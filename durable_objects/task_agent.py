"""The chat session's Durable Object: hands the platform's events to ``littoral.task_agent``."""

from __future__ import annotations

from typing import Any

from workers import DurableObject

from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import Call, failure
from littoral.clock import RandomIds, SystemClock
from littoral.errors import LittoralError
from littoral.models.model import Model
from littoral.models.tool import prepare
from littoral.ops.here import observer
from littoral.platform.alarm import DurableAlarm
from littoral.platform.answer import header_of, response
from littoral.platform.database import open_ledger
from littoral.platform.event_loop import mend_event_loop, plain_call
from littoral.platform.event_stream import EventStreamOut
from littoral.platform.gateway import DurableGateway, raw_env
from littoral.platform.hot_door import BARE_HEADER, COOKIE_HEADER
from littoral.platform.key_watch import KeyWatch, payer_of
from littoral.platform.limiter import DurableLimiter
from littoral.platform.models import build_model
from littoral.platform.runtime import Background, at_once, read_settings
from littoral.platform.sockets import (
    Sockets,
    answer_heartbeats,
    refused_socket,
    switch_protocols,
)
from littoral.platform.sql import DurableSql
from littoral.platform.telemetry import ObjectTelemetry
from littoral.settings import Settings
from littoral.task_agent.doors import KIND, SessionDoors
from littoral.task_agent.session import Place, TaskSession
from littoral.tasks.skill import TaskSkill
from littoral.tasks.tools import TaskTools

# Schemas of the tools are computed at import, so that a deploy's snapshot holds them.
prepare(TaskTools)


class TaskAgent(DurableObject):
    """One session. Its name is ``<owner>/<session id>``; only the Worker makes such names."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        mend_event_loop()
        self._state = getattr(ctx, "_ctx", ctx)
        self._env = raw_env(env)
        self._clock = SystemClock()
        self._ids = RandomIds()
        self._sockets = Sockets(self._state, self._ids)
        self._background = Background()
        self._telemetry = ObjectTelemetry(self._env, self._background.spawn, KIND)
        name = str(self._state.id.name)
        self._watch = KeyWatch(self._env, self._sockets, self._background, kind=KIND, name=name)
        self._opened: SessionDoors | None = None
        self.webSocketMessage = plain_call(self, TaskAgent.webSocketMessage)

    def _doors(self) -> SessionDoors:
        """The session's doors; made when the first event needs it, because a wake must be cheap."""
        if self._opened is None:
            owner, _, session_id = str(self._state.id.name).partition("/")
            settings = read_settings(self._env)
            place = Place(
                owner=owner,
                session_id=session_id,
                sql=DurableSql(self._state.storage),
                connections=self._sockets,
                alarm=AlarmClock(DurableAlarm(self._state.storage)),
                spawn=self._background.spawn,
                tell_directory=DurableGateway(self._env, self._clock).directory(owner).call,
                till=open_ledger(self._env, settings, self._clock),
                limiter=DurableLimiter(self._env),
            )
            session = TaskSession(
                place,
                settings=settings,
                model=self._model(settings),
                clock=self._clock,
                ids=self._ids,
            )
            session.on_start()
            self._opened = SessionDoors(session)
        return self._opened

    def _model(self, settings: Settings) -> Model:
        return build_model(self._env, settings, self._clock, (TaskSkill(),))

    async def rpc(self, text: str) -> str:
        """One call of the session's methods, as an envelope in and out."""
        return await self._telemetry.call(text, self._doors().calls.answer)

    async def fetch(self, request: Any) -> Any:
        """A socket, or a chat turn as server-sent events."""
        raw = getattr(request, "js_object", request)
        if header_of(raw, "upgrade") == "websocket":
            return await self._connect(raw)
        return await self._stream(await raw.text())

    async def _connect(self, request: Any) -> Any:
        doors = self._doors()
        bare = header_of(request, BARE_HEADER) == "1"
        try:
            doors.calls.admit(bare=bare, payer=payer_of(request))
            await doors.calls.make_room(payer_of(request))
        except LittoralError as error:
            return refused_socket(error.detail)
        answer_heartbeats(self._state)
        socket, client = self._sockets.accept(payer_of(request))
        if not await self._watch.admitted(socket, request):
            self._sockets.forget(socket)
            return switch_protocols(client)
        await doors.socket.on_connect(socket)
        return switch_protocols(client, header_of(request, COOKIE_HEADER))

    async def _stream(self, text: str) -> Any:
        doors = self._doors()
        request_id = ""
        try:
            call = Call.read(text)
            request_id = call.request_id
            doors.calls.admit(bare=call.bare, payer=call.payer)
            if call.args.get("create"):
                await doors.calls.make_room(call.payer)
            turn = doors.calls.accept(call.args, call.payer)
        except LittoralError as error:
            return response(failure(error, request_id), status=error.http_status, headers={})
        out = EventStreamOut()
        self._background.spawn(out.pump)
        begun = observer().begin(call.trace)  # inherited by the turn
        answering = doors.calls.stream
        self._background.spawn(lambda: self._telemetry.event(answering(turn, out, request_id)))
        observer().leave(begun)
        return response(out.readable, content_type="text/event-stream", headers={})

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
        await self._telemetry.event(self._doors().session.on_alarm())
