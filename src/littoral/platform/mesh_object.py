"""One agent of the mesh on a Durable Object: what the five agent classes share.

A class hands over its context, its environment and how its behaviour is made, and passes on two
events of the platform:

    class DataAgent(DurableObject):
        def __init__(self, ctx, env):
            super().__init__(ctx, env)
            self._host = MeshHost(ctx, env, make_behaviour)

        async def rpc(self, text): return await self._host.rpc(text)
        async def alarm(self, *_): await self._host.alarm()

The object's name is ``<owner>/<agent>``; only the server makes these names.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pyodide.ffi import JsException

from littoral.accounts.session_id import for_log, object_name
from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import Call, failure, result_of
from littoral.clock import Clock, Ids, RandomIds, SystemClock
from littoral.errors import DependencyUnavailable, LittoralError
from littoral.mesh.catalogue import kind_named
from littoral.mesh.directory.calls import report_json
from littoral.mesh.kernel.agent import Agent, Method
from littoral.mesh.kernel.behaviour import Behaviour
from littoral.mesh.kernel.envelope import Envelope, kind_of_agent
from littoral.mesh.kernel.permissions import Permissions
from littoral.mesh.kernel.ports import Heard, Place, Receipt, Report, Transport
from littoral.platform.alarm import DurableAlarm
from littoral.platform.event_loop import mend_event_loop
from littoral.platform.gateway import raw_env
from littoral.platform.runtime import read_settings
from littoral.platform.sql import DurableSql
from littoral.platform.telemetry import ObjectTelemetry
from littoral.settings import Settings
from littoral.store.sql import Sql

CALL_SECONDS: Final = 20.0
Result = TypeVar("Result")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class HostPlace:
    """What a behaviour, its extra methods and its transport may be made of. ``env`` is raw."""

    owner: str
    name: str
    env: Any
    settings: Settings
    clock: Clock
    ids: Ids
    sql: Sql


MakeBehaviour = Callable[[HostPlace], Behaviour]
MakeMethods = Callable[[HostPlace, Agent], Mapping[str, Method]]
WrapTransport = Callable[[HostPlace, Transport], Transport]


class MeshHost:
    """The agent of one object; made when the first event needs it.

    ``methods`` are further methods that others may call. ``wrap_transport`` may send some messages
    another way than straight to their receiver.
    """

    def __init__(
        self,
        ctx: Any,
        env: Any,
        make_behaviour: MakeBehaviour,
        *,
        methods: MakeMethods | None = None,
        wrap_transport: WrapTransport | None = None,
    ) -> None:
        mend_event_loop()
        self._state = getattr(ctx, "_ctx", ctx)
        self._env = raw_env(env)
        self._make_behaviour = make_behaviour
        self._make_methods = methods
        self._wrap_transport = wrap_transport
        self._tasks: set[asyncio.Task[Any]] = set()
        self._opened: Agent | None = None
        kind = kind_of_agent(str(self._state.id.name).rpartition("/")[2])
        self._telemetry = ObjectTelemetry(self._env, self._spawn, f"{kind}-agent")

    async def rpc(self, text: str) -> str:
        """One call of the agent's methods, as an envelope in and out. Never raises."""
        return await self._telemetry.call(text, self._answer)

    async def _answer(self, text: str) -> str:
        try:
            agent = self.agent()
        except LittoralError as error:
            return failure(error)
        return await agent.answer(text)

    async def alarm(self) -> None:
        """The object's alarm."""
        self._telemetry.arrange()
        await self.agent().on_alarm()

    def agent(self) -> Agent:
        """The agent of this object."""
        if self._opened is None:
            self._opened = self._made()
        return self._opened

    def _made(self) -> Agent:
        owner, _, name = str(self._state.id.name).rpartition("/")
        place = HostPlace(
            owner=owner,
            name=name,
            env=self._env,
            settings=read_settings(self._env),
            clock=SystemClock(),
            ids=RandomIds(),
            sql=DurableSql(self._state.storage),
        )
        agents = DurableAgents(self._env, owner)
        transport: Transport = DurableTransport(agents)
        if self._wrap_transport is not None:
            transport = self._wrap_transport(place, transport)
        agent = Agent(
            Place(
                owner=owner,
                name=name,
                sql=place.sql,
                alarm=AlarmClock(DurableAlarm(self._state.storage)),
                transport=transport,
                home=DurableHome(self._env, owner),
                clock=place.clock,
                ids=place.ids,
                jitter=random.random,
                fault=_fault,
            ),
            self._make_behaviour(place),
            self.begin,
        )
        if self._make_methods is not None:
            agent.add_methods(self._make_methods(place, agent))
        agent.open()
        return agent

    def _spawn(self, work: Callable[[], Awaitable[Any]]) -> None:
        async def run() -> None:
            await work()

        self.begin(run())

    def begin(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Begins work beside the event that caused it and keeps hold of it until it ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("background work of an agent failed", exc_info=task.exception())


class DurableAgents:
    """``littoral.mesh.directory.ports.Agents``: one owner's agents by name."""

    def __init__(self, env: Any, owner: str) -> None:
        self._env = env
        self._owner = owner

    async def call(self, agent: str, method: str, args: Mapping[str, Any]) -> Any:
        namespace = getattr(self._env, kind_named(agent).binding)
        return await _called(namespace, object_name(self._owner, agent), self._owner, method, args)


class DurableTransport:
    """``Transport`` straight to the receivers' objects."""

    def __init__(self, agents: DurableAgents) -> None:
        self._agents = agents

    async def deliver(self, to: str, envelopes: Sequence[Envelope]) -> list[Receipt]:
        args = {"envelopes": [each.to_json() for each in envelopes]}
        answer = await self._agents.call(to, "envelope.deliver", args)
        return [Receipt.read(each) for each in answer["receipts"]]


class DurableHome:
    """``Home``: the owner's mesh object."""

    def __init__(self, env: Any, owner: str) -> None:
        self._env = env
        self._owner = owner

    async def report(self, report: Report) -> Heard:
        answer = await self._call("mesh.report", report_json(report))
        rules = answer["permissions"]
        return Heard(
            has=answer["has"], permissions=None if rules is None else Permissions.read(rules)
        )

    async def match(self, capability: str) -> str | None:
        found: str | None = (await self._call("mesh.match", {"capability": capability}))["name"]
        return found

    async def _call(self, method: str, args: Mapping[str, Any]) -> Any:
        return await _called(self._env.MESH_AGENT, self._owner, self._owner, method, args)


async def _called(
    namespace: Any, name: str, owner: str, method: str, args: Mapping[str, Any]
) -> Any:
    call = Call(method=method, args=args, owner=owner)
    try:
        async with asyncio.timeout(CALL_SECONDS):
            return result_of(await namespace.getByName(name).rpc(call.text()))
    except (JsException, TimeoutError) as error:
        _log.warning("object %s did not answer %s: %s", for_log(name), method, error)
        raise DependencyUnavailable("The object that keeps this did not answer.") from None


def _fault(error: BaseException, where: str) -> None:
    if isinstance(error, LittoralError):
        _log.warning("%s failed: %s", where, error.detail)
    else:
        _log.error("fault in %s", where, exc_info=error)
