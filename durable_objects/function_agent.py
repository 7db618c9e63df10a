"""The functions' Durable Object: hands the platform's events to ``littoral.functions``."""

from __future__ import annotations

import random
from typing import Any

from workers import DurableObject

from littoral.agent.alarm import AlarmClock
from littoral.clock import RandomIds, SystemClock
from littoral.errors import NotFound
from littoral.functions.classification.skill import ClassificationSkill
from littoral.functions.code.functions import CodeFunctions
from littoral.functions.code.kept import KeptCode
from littoral.functions.code.maker import CodeMaker
from littoral.functions.code.offline.skill import CodeDocuments
from littoral.functions.code.writer import CodeWriter
from littoral.functions.doors import KIND, FunctionDoors
from littoral.functions.functions import Functions
from littoral.functions.objects.offline import ObjectDocuments
from littoral.functions.ports import Place
from littoral.platform.alarm import DurableAlarm
from littoral.platform.answer import header_of, problem_response
from littoral.platform.database import open_ledger
from littoral.platform.dynamic_worker import DynamicWorkers
from littoral.platform.event_loop import mend_event_loop
from littoral.platform.function_builds import DurableBuilds
from littoral.platform.function_runner import FunctionRunner
from littoral.platform.gateway import raw_env
from littoral.platform.key_watch import KeyWatch, payer_of
from littoral.platform.models import build_model
from littoral.platform.queues import DurableQueue
from littoral.platform.runtime import Background, at_once, read_settings
from littoral.platform.sockets import Sockets, answer_heartbeats, switch_protocols
from littoral.platform.sql import DurableSql
from littoral.platform.telemetry import ObjectTelemetry

SKILLS = (ClassificationSkill(), CodeDocuments(), ObjectDocuments())


class FunctionAgent(DurableObject):
    """One owner's functions, jobs and human tasks. Its name is the owner."""

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
        self._opened: FunctionDoors | None = None

    def _doors(self) -> FunctionDoors:
        """The functions' doors; made when the first event needs them."""
        if self._opened is None:
            owner, clock = str(self._state.id.name), SystemClock()
            settings = read_settings(self._env)
            sql = DurableSql(self._state.storage)
            place = Place(
                owner=owner,
                sql=sql,
                connections=self._sockets,
                alarm=AlarmClock(DurableAlarm(self._state.storage)),
                purse=open_ledger(self._env, settings, clock),
                queue=DurableQueue(self._env),
                builds=DurableBuilds(self._env, owner),
            )
            model = build_model(self._env, settings, clock, SKILLS)
            runner = FunctionRunner(
                DynamicWorkers(self._env),
                owner=owner,
                exports=self._state.exports,
                clock=clock,
                ids=self._ids,
            )
            writer = CodeWriter(model, runner, timeout_seconds=settings.model_timeout_seconds)
            functions = Functions(
                place,
                settings=settings,
                model=model,
                code=CodeMaker(CodeFunctions(runner, writer, KeptCode(sql, clock))),
                clock=clock,
                ids=self._ids,
                jitter=random.random,
            )
            functions.on_start()
            self._opened = FunctionDoors(functions)
        return self._opened

    async def rpc(self, text: str) -> str:
        """One call of the functions' methods, as an envelope in and out."""
        return await self._telemetry.call(text, self._doors().calls.answer)

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
        await self._telemetry.event(self._doors().functions.on_alarm())
