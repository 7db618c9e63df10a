"""A mesh in memory: real agents on SQLite, a clock that is moved, and everything that can go wrong.

``MeshWorld`` runs any number of behaviours. A ``Chaos`` loses requests and answers, delivers twice
and out of order, and kills an agent at any point: before and after every transaction, every lone
write, every delivery, every report and every effect. Rows and alarms survive a kill, nothing else.

    world = MeshWorld({"coordinator": Coordinator(), "worker-1": Worker()}, chaos=Chaos(seed=1))
    reply = await world.send("coordinator", "task.start", {"goal": "…"})
    await world.run(seconds=60)
    world.check()                     # gapless numbers, one effect per id, replay equals live
    assert world.state("coordinator")["done"] == 1
    await world.close()
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import Call, failure, result_of
from littoral.errors import DependencyUnavailable, LittoralError
from littoral.mesh.kernel.agent import Agent
from littoral.mesh.kernel.behaviour import Behaviour, Decision, Effect, Incoming, State
from littoral.mesh.kernel.envelope import USER, Envelope
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.event_store import EventStore
from littoral.mesh.kernel.memory import digest_of, folded
from littoral.mesh.kernel.permissions import Permissions
from littoral.mesh.kernel.ports import Heard, Place, Receipt, Report
from littoral.store.sql import Row, Value
from tests.fakes.clock import ManualClock
from tests.fakes.ids import LongIds
from tests.fakes.session_object import SilentAlarm
from tests.fakes.sqlite import Sqlite
from tests.fakes.workflow_engine import Killed

OWNER = "usr_0000000000000000000001"
QUIET_TURNS = 40
Result = TypeVar("Result")


@dataclass(kw_only=True)
class Chaos:
    """Chances from 0 to 1, drawn from ``seed``; ``kills`` bounds how many kills come.

    ``kill_at`` kills at exactly that point (1 is the first), whatever the chances.
    """

    seed: int = 0
    lose: float = 0.0
    lose_answer: float = 0.0
    duplicate: float = 0.0
    late: float = 0.0
    kill: float = 0.0
    kills: int = 0
    kill_at: int | None = None

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def happens(self, chance: float) -> bool:
        return chance > 0 and self.random.random() < chance


class MeshWorld:
    """Agents of one owner by name. ``home`` has their events, as the owner's mesh has."""

    def __init__(
        self,
        behaviours: Mapping[str, Behaviour],
        *,
        chaos: Chaos | None = None,
        permissions: Permissions | None = None,
    ) -> None:
        self.clock = ManualClock()
        self.ids = LongIds()
        self.chaos = chaos or Chaos()
        self.points = 0
        self.killed = 0
        self.faults: list[str] = []
        self.permissions = permissions or Permissions()
        self.home = FakeHome(self)
        self._sleepers: list[tuple[int, asyncio.Future[None]]] = []
        self.nodes = {name: Node(self, name, each) for name, each in behaviours.items()}

    # --- what tests do ---------------------------------------------------------------------------

    def envelope(
        self,
        to: str,
        kind: str,
        body: Mapping[str, Any] | None = None,
        *,
        sender: str = USER,
        message_id: str | None = None,
        correlation_id: str | None = None,
        deadline: int | None = None,
    ) -> Envelope:
        """A message from outside, with ids that are made when none are given."""
        found = message_id or self.ids.new("env")
        return Envelope(
            id=found,
            sender=sender,
            to=to,
            kind=kind,
            correlation_id=correlation_id or found,
            deadline=deadline,
            body=body or {},
        )

    async def send(
        self, to: str, kind: str, body: Mapping[str, Any] | None = None, **fields: Any
    ) -> Any:
        """What a route does, until somebody answers: the same message again. Gives the reply.

        Raises the error that it was refused with.
        """
        envelope = self.envelope(to, kind, body, **fields)
        for _ in range(50):
            try:
                found = await self.call(to, "envelope.send", envelope=envelope.to_json())
            except LittoralError as error:
                if not error.retryable:
                    raise
                await self.run(seconds=1)
            else:
                await self.settle()
                return found["reply"]
        raise AssertionError(f"{to} did not answer")

    async def call(self, name: str, method: str, **args: Any) -> Any:
        """One call of an agent as doors make it; raises the error that it answers."""
        text = Call(method=method, args=args, owner=OWNER).text()
        return result_of(await self.nodes[name].answer(text))

    async def run(self, *, seconds: float) -> None:
        """Lets time pass: alarms ring, sleepers wake, late messages come."""
        end = self.clock.at_ms + int(seconds * 1000)
        while True:
            await self.settle()
            due = self._next_due_ms()
            if due is None or due > end:
                self.clock.at_ms = end
                return
            self.clock.at_ms = max(self.clock.at_ms, due)
            self._wake_sleepers()
            for node in self.nodes.values():
                node.ring()

    async def run_until(self, done: Callable[[], bool], *, seconds: float = 3_600) -> None:
        """Lets time pass until ``done()``; raises ``AssertionError`` when it does not come."""
        end = self.clock.at_ms + int(seconds * 1000)
        while not done():
            assert self.clock.at_ms < end, f"not done after {seconds} seconds; {self.faults[-3:]}"
            await self.run(seconds=1)

    async def sleep(self, seconds: float) -> None:
        """For effects that take time: comes back when the clock was moved so far."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.clock.at_ms + int(seconds * 1000), future))
        await future

    def state(self, name: str) -> Any:
        """The state of an agent, folded from its rows."""
        node = self.nodes[name]
        return folded(node.behaviour, node.behaviour.initial(), self.events(name))

    def events(self, name: str) -> list[MeshEvent]:
        """All events of an agent, as they lie in its rows."""
        return self.nodes[name].events()

    def types(self, name: str) -> list[str]:
        return [each.type for each in self.events(name)]

    def check(self) -> None:
        """What must be true of every agent, whatever happened."""
        for name, node in self.nodes.items():
            events = node.events()
            assert [each.number for each in events] == list(range(1, len(events) + 1)), name
            taken = [each.body["id"] for each in events if each.type == "message.received"]
            assert len(taken) == len(set(taken)), f"{name} took a message twice"
            assert digest_of(self.state(name)) == node.live_digest(), f"{name}: replay differs"
            heard = self.home.events.get(name, [])
            assert [e.to_json() for e in heard] == [e.to_json() for e in events[: len(heard)]]

    async def close(self) -> None:
        for node in self.nodes.values():
            node.die()
        await asyncio.gather(
            *(t for n in self.nodes.values() for t in n.gone), return_exceptions=True
        )
        for node in self.nodes.values():
            node.sqlite.close()

    # --- how it goes -----------------------------------------------------------------------------

    async def settle(self) -> None:
        """Until nothing happens without time passing."""
        seen, quiet = -1, 0
        while quiet < QUIET_TURNS:
            quiet = quiet + 1 if seen == self.points else 0
            seen = self.points
            await asyncio.sleep(0)

    def point(self, node: Node) -> None:
        """A moment between two things that happen at one agent; it may be its last."""
        self.points += 1
        chaos = self.chaos
        exactly = chaos.kill_at is not None and self.points == chaos.kill_at
        if exactly or (self.killed < chaos.kills and chaos.happens(chaos.kill)):
            self.killed += 1
            node.die()
            raise Killed

    def _next_due_ms(self) -> int | None:
        alarms = [node.alarm.at_ms for node in self.nodes.values()]
        known = [each for each in alarms if each is not None]
        known += [at_ms for at_ms, future in self._sleepers if not future.done()]
        return min(known) if known else None

    def _wake_sleepers(self) -> None:
        for at_ms, future in self._sleepers:
            if at_ms <= self.clock.at_ms and not future.done():
                future.set_result(None)
        self._sleepers = [each for each in self._sleepers if not each[1].done()]


class Node:
    """One agent: rows and an alarm that last, and a life that may end at any point."""

    def __init__(self, world: MeshWorld, name: str, behaviour: Behaviour) -> None:
        self.world = world
        self.name = name
        self.behaviour = behaviour
        self.sqlite = Sqlite()
        self.alarm = SilentAlarm()
        self.life: Life | None = None
        self.gone: list[asyncio.Task[Any]] = []
        self.late: list[Envelope] = []

    def living(self) -> Life:
        """The present life; begins one when there is none."""
        if self.life is None:
            self.life = Life(self)
            try:
                self.life.agent.open()
            except Killed:
                return self.living()
        return self.life

    def die(self) -> None:
        """Everything in memory is gone."""
        life, self.life = self.life, None
        if life is None:
            return
        life.ended = True
        for task in life.tasks:
            self.gone.append(task)
            if task is not asyncio.current_task():
                task.cancel()
        if self.alarm.at_ms is None:
            # The platform rings an alarm again whose handler died.
            self.alarm.at_ms = self.world.clock.at_ms + 1_000

    async def answer(self, text: str) -> str:
        """One call; not answered when the agent dies of it."""
        try:
            life = self.living()
        except LittoralError as error:
            return failure(error)
        task = life.begin(life.agent.answer(text))
        await asyncio.wait([task])
        if task.cancelled() or task.exception() is not None:
            return failure(DependencyUnavailable("It died."))
        return str(task.result())

    def ring(self) -> None:
        """Rings the alarm if it is due."""
        if self.alarm.at_ms is not None and self.alarm.at_ms <= self.world.clock.at_ms:
            self.alarm.at_ms = None
            life = self.living()
            life.begin(life.agent.on_alarm())

    def events(self) -> list[MeshEvent]:
        store, found = EventStore(self.sqlite, self.name), []
        if not self.sqlite.rows("SELECT 1 FROM sqlite_master WHERE name = 'mesh_events'"):
            return []
        while page := store.since(len(found)):
            found += page
        return found

    def live_digest(self) -> str:
        return digest_of(self.living().agent.engine.memory.state)


class Life:
    """The memory of one agent between two kills."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.ended = False
        self.tasks: set[asyncio.Task[Any]] = set()
        world = node.world
        place = Place(
            owner=OWNER,
            name=node.name,
            sql=KillableSql(self),
            alarm=AlarmClock(LivingAlarm(self)),
            transport=FakeTransport(self),
            home=LivingHome(self),
            clock=world.clock,
            ids=world.ids,
            jitter=world.chaos.random.random,
            fault=lambda error, where: world.faults.append(f"{where}: {error!r}"),
        )
        self.agent = Agent(place, StrictBehaviour(self, node.behaviour), self.begin)

    def begin(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and isinstance(task.exception(), Exception):
            self.node.world.faults.append(f"task of {self.node.name}: {task.exception()!r}")

    def point(self) -> None:
        """Nothing of an ended life goes on."""
        if self.ended:
            raise Killed
        self.node.world.point(self.node)


class KillableSql:
    """``Sql`` with a point before and after every transaction and every lone write."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._sqlite = life.node.sqlite
        self._inside = False

    def run(self, statement: str, *parameters: Value) -> int:
        if self._inside:
            return self._sqlite.run(statement, *parameters)
        self._life.point()
        written = self._sqlite.run(statement, *parameters)
        self._life.point()
        return written

    def rows(self, statement: str, *parameters: Value) -> list[Row]:
        if self._life.ended:
            raise Killed
        return self._sqlite.rows(statement, *parameters)

    def value(self, statement: str, *parameters: Value) -> Value:
        if self._life.ended:
            raise Killed
        return self._sqlite.value(statement, *parameters)

    @property
    def in_transaction(self) -> bool:
        return self._inside

    def transaction(self, work: Callable[[], Result]) -> Result:
        if self._inside:
            return work()
        self._life.point()
        self._inside = True
        try:
            found = self._sqlite.transaction(work)
        finally:
            self._inside = False
        self._life.point()
        return found


class LivingAlarm:
    """Sets the node's alarm as long as this life lasts."""

    def __init__(self, life: Life) -> None:
        self._life = life

    def set(self, at_ms: int) -> None:
        if not self._life.ended:
            self._life.node.alarm.set(at_ms)

    async def get(self) -> int | None:
        return await self._life.node.alarm.get()


class StrictBehaviour:
    """The behaviour under test, watched: ``decide`` must not change the state."""

    def __init__(self, life: Life, behaviour: Behaviour) -> None:
        self._life = life
        self._inner = behaviour

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def decide(self, state: State, incoming: Incoming, now: int) -> Decision:
        before = digest_of(state)
        decision = self._inner.decide(state, incoming, now)
        assert digest_of(state) == before, f"decide changed the state at {incoming}"
        return decision

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        self._life.point()
        found = await self._inner.perform(effect)
        self._life.point()
        return found


class FakeTransport:
    """The way between the agents, with everything that a network does."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._world = life.node.world

    async def deliver(self, to: str, envelopes: Sequence[Envelope]) -> list[Receipt]:
        chaos = self._world.chaos
        self._life.point()
        node = self._world.nodes.get(to)
        if node is None or chaos.happens(chaos.lose):
            raise DependencyUnavailable(f"{to} did not answer.")
        if chaos.happens(chaos.late):
            node.late += envelopes
            raise DependencyUnavailable(f"{to} did not answer in time.")
        if chaos.happens(chaos.duplicate):
            await self._handed(node, envelopes)
        receipts = await self._handed(node, envelopes)
        if node.late and chaos.happens(0.5):
            late, node.late = node.late, []
            chaos.random.shuffle(late)
            await self._handed(node, late)
        self._life.point()
        if chaos.happens(chaos.lose_answer):
            raise DependencyUnavailable("The answer was lost.")
        return receipts

    async def _handed(self, node: Node, envelopes: Sequence[Envelope]) -> list[Receipt]:
        args = {"envelopes": [each.to_json() for each in envelopes]}
        call = Call(method="envelope.deliver", args=args, owner=OWNER)
        answer = result_of(await node.answer(call.text()))
        return [Receipt.read(each) for each in answer["receipts"]]


class LivingHome:
    """``Home`` for one life: the world's, with points around it."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._home = life.node.world.home

    async def report(self, report: Report) -> Heard:
        self._life.point()
        found = self._home.report(report)
        self._life.point()
        return found

    async def match(self, capability: str) -> str | None:
        self._life.point()
        return self._home.match(capability)


class FakeHome:
    """The owner's mesh in a few lines: events in order, permissions, who can do what."""

    def __init__(self, world: MeshWorld) -> None:
        self._world = world
        self.events: dict[str, list[MeshEvent]] = {}
        self.reports: dict[str, Report] = {}
        self.away = False

    def report(self, report: Report) -> Heard:
        chaos = self._world.chaos
        if self.away or chaos.happens(chaos.lose):
            raise DependencyUnavailable("The mesh did not answer.")
        self.reports[report.agent] = report
        kept = self.events.setdefault(report.agent, [])
        for event in report.events:
            if event.number == len(kept) + 1:
                kept.append(event)
        if chaos.happens(chaos.lose_answer):
            raise DependencyUnavailable("The answer was lost.")
        known = self._world.permissions
        return Heard(
            has=len(kept), permissions=known if known.version > report.permissions else None
        )

    def match(self, capability: str) -> str | None:
        able = [
            name
            for name, node in self._world.nodes.items()
            if capability in node.behaviour.capabilities
        ]
        return self._world.chaos.random.choice(able) if able else None
