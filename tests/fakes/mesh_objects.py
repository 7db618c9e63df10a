"""Meshes of owners in memory: the owner's mesh and its agents as they are, on SQLite.

``behaviours`` makes what an agent does, by kind; a kind that is left out takes any message of the
kinds ``note.keep`` and ``note.refuse``. What agents do beside a call is waited for before the call
is answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import Call, result_of
from littoral.clock import Clock, Ids
from littoral.errors import DependencyUnavailable, InvalidInput
from littoral.mesh.catalogue import kind_named
from littoral.mesh.directory.calls import MeshCalls, report_json
from littoral.mesh.directory.owner_mesh import OwnerMesh
from littoral.mesh.directory.ports import MeshPlace
from littoral.mesh.kernel.agent import Agent, Method
from littoral.mesh.kernel.behaviour import Behaviour, Decision, Effect, Incoming, State
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.permissions import Permissions
from littoral.mesh.kernel.ports import Heard, Place, Receipt, Report
from littoral.mesh.kernel.upgrades import NO_UPGRADES, EventUpgrades
from tests.fakes.connections import FakeConnections
from tests.fakes.session_object import SilentAlarm
from tests.fakes.sqlite import Sqlite

MakeBehaviour = Callable[[], Behaviour]
MakeMethods = Callable[[Agent], Mapping[str, Method]]
Result = TypeVar("Result")


class Notes:
    """Keeps the texts that it is sent; refuses when it is asked to."""

    version = 1
    upgrades: EventUpgrades = NO_UPGRADES
    effects_at_once = 1
    accepts: Mapping[str, Mapping[str, Any]]

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.capabilities: tuple[str, ...] = (f"{kind}-notes",)
        self.accepts = {
            "note.keep": {"type": "object", "required": ["text"]},
            "note.refuse": {"type": "object"},
        }

    def initial(self) -> State:
        return {"texts": []}

    def apply(self, state: State, event: MeshEvent) -> State:
        state["texts"].append(event.body["text"])
        return state

    def decide(self, state: State, incoming: Incoming, now: int) -> Decision:
        if not isinstance(incoming, Envelope):
            return Decision()
        if incoming.kind == "note.refuse":
            raise InvalidInput("I was asked to refuse.")
        return Decision(
            events=(("note.kept", {"text": incoming.body["text"]}),),
            reply={"kept": len(state["texts"]) + 1},
        )

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        return {}

    def status(self, state: State) -> Mapping[str, Any]:
        return {}


class MeshObjects:
    """One owner's mesh. ``lost`` names agents (or ``mesh``) that do not answer."""

    def __init__(
        self,
        owner: str,
        clock: Clock,
        ids: Ids,
        behaviours: Mapping[str, MakeBehaviour] | None = None,
        methods: Mapping[str, MakeMethods] | None = None,
    ) -> None:
        self.owner = owner
        self._clock = clock
        self._ids = ids
        self._behaviours = behaviours or {}
        self._methods = methods or {}
        self._agents: dict[str, Agent] = {}
        self._databases: list[Sqlite] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self.lost: set[str] = set()
        self.connections = FakeConnections()
        self.mesh = OwnerMesh(
            MeshPlace(
                owner=owner,
                sql=self._database(),
                connections=self.connections,
                alarm=AlarmClock(SilentAlarm()),
                agents=self,
            ),
            clock=clock,
            spawn=lambda work: self._begin(work()) and None,
            together_seconds=0.0,
        )
        self.mesh.on_start()
        self._calls = MeshCalls(self.mesh)

    async def answer(self, name: str, text: str) -> str:
        """One call as it travels, to its answer as it travels."""
        if name in self.lost:
            raise DependencyUnavailable(f"{name} does not answer.")
        target = self._calls if name == "mesh" else self.agent(name)
        found = await target.answer(text)
        if name != "mesh":
            await self.settle()
        return found

    def agent(self, name: str) -> Agent:
        """The agent of a name; made when it is first asked for."""
        if name not in self._agents:
            self._agents[name] = self._made(name)
        return self._agents[name]

    def _made(self, name: str) -> Agent:
        kind = kind_named(name).kind
        make = self._behaviours.get(kind, lambda: Notes(kind))
        agent = Agent(
            Place(
                owner=self.owner,
                name=name,
                sql=self._database(),
                alarm=AlarmClock(SilentAlarm()),
                transport=self,
                home=self,
                clock=self._clock,
                ids=self._ids,
                jitter=lambda: 0.5,
                fault=lambda error, where: None,
            ),
            make(),
            self._begin,
        )
        if kind in self._methods:
            agent.add_methods(self._methods[kind](agent))
        agent.open()
        return agent

    async def settle(self) -> None:
        """Until everything that was begun has ended."""
        for _ in range(50):
            if not self._tasks:
                return
            await asyncio.wait(list(self._tasks), timeout=0.2)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        for database in self._databases:
            database.close()

    def _database(self) -> Sqlite:
        found = Sqlite()
        self._databases.append(found)
        return found

    def _begin(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # --- Agents, Transport and Home --------------------------------------------------------------

    async def call(self, agent: str, method: str, args: Mapping[str, Any]) -> Any:
        """A call between objects, as text in both directions."""
        if agent in self.lost:
            raise DependencyUnavailable(f"{agent} does not answer.")
        target = self._calls if agent == "mesh" else self.agent(agent)
        call = Call(method=method, args=args, owner=self.owner)
        return result_of(await target.answer(call.text()))

    async def deliver(self, to: str, envelopes: Sequence[Envelope]) -> list[Receipt]:
        args = {"envelopes": [each.to_json() for each in envelopes]}
        answer = await self.call(to, "envelope.deliver", args)
        return [Receipt.read(each) for each in answer["receipts"]]

    async def report(self, report: Report) -> Heard:
        answer = await self.call("mesh", "mesh.report", report_json(report))
        rules = answer["permissions"]
        return Heard(
            has=answer["has"], permissions=None if rules is None else Permissions.read(rules)
        )

    async def match(self, capability: str) -> str | None:
        found: str | None = (await self.call("mesh", "mesh.match", {"capability": capability}))[
            "name"
        ]
        return found
