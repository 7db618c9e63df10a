"""The mesh's Durable Object: hands the platform's events to ``littoral.mesh.directory``."""

from __future__ import annotations

from typing import Any

from workers import DurableObject

from littoral.agent.alarm import AlarmClock
from littoral.clock import RandomIds, SystemClock
from littoral.errors import NotFound
from littoral.mesh.directory.doors import KIND, MeshDoors
from littoral.mesh.directory.owner_mesh import OwnerMesh
from littoral.mesh.directory.ports import MeshPlace
from littoral.mesh.projections.projections import Projections
from littoral.platform.alarm import DurableAlarm
from littoral.platform.answer import header_of, problem_response
from littoral.platform.database import D1Database
from littoral.platform.event_loop import mend_event_loop
from littoral.platform.gateway import raw_env
from littoral.platform.key_watch import KeyWatch, payer_of
from littoral.platform.mesh_object import DurableAgents
from littoral.platform.runtime import Background, at_once
from littoral.platform.sockets import Sockets, answer_heartbeats, switch_protocols
from littoral.platform.sql import DurableSql
from littoral.platform.telemetry import ObjectTelemetry


class MeshAgent(DurableObject):
    """One owner's mesh: who is in it and what they all did. Its name is the owner."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        mend_event_loop()
        self._state = getattr(ctx, "_ctx", ctx)
        self._env = raw_env(env)
        self._sockets = Sockets(self._state, RandomIds())
        self._background = Background()
        self._telemetry = ObjectTelemetry(self._env, self._background.spawn, KIND)
        name = str(self._state.id.name)
        self._watch = KeyWatch(self._env, self._sockets, self._background, kind=KIND, name=name)
        self._opened: MeshDoors | None = None

    def _doors(self) -> MeshDoors:
        """The mesh's doors; made when the first event needs them."""
        if self._opened is None:
            owner, clock = str(self._state.id.name), SystemClock()
            mesh = OwnerMesh(
                MeshPlace(
                    owner=owner,
                    sql=DurableSql(self._state.storage),
                    connections=self._sockets,
                    alarm=AlarmClock(DurableAlarm(self._state.storage)),
                    agents=DurableAgents(self._env, owner),
                ),
                clock=clock,
                spawn=self._background.spawn,
            )
            mesh.projecting = Projections(owner, D1Database(self._env.DB), mesh, clock)
            mesh.on_start()
            self._opened = MeshDoors(mesh)
        return self._opened

    async def rpc(self, text: str) -> str:
        """One call of the mesh's methods, as an envelope in and out."""
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

    async def alarm(self, *_: Any) -> None:
        self._telemetry.arrange()
        await self._doors().mesh.on_alarm()
