"""Executions with everything around them in memory; they may be killed at any await.

Rows, credits and the list survive a kill; what was on its way is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import Call, failure, result_of
from littoral.credits.ledger import Ledger
from littoral.errors import DependencyUnavailable
from littoral.memory.passages import PassageSource
from littoral.models.model import Model, ModelEvent, ModelRequest
from littoral.registry.agent import Definition, RegisteredAgent
from littoral.registry.agents import Agents, Naming
from littoral.registry.execution_calls import ExecutionCalls
from littoral.registry.executor import Executor
from littoral.registry.listing import ExecutionPages
from littoral.registry.ports import Place
from littoral.registry.reading import read_ask
from littoral.settings import Settings
from littoral.store.database import Database, Outcome, Statement
from littoral.store.sql import Row, Value
from tests.fakes.clock import ManualClock
from tests.fakes.database import FakeDatabase
from tests.fakes.execution_object import SilentEar
from tests.fakes.fuse import FusedPurse
from tests.fakes.scripted_model import Scene, ScriptedModel, words
from tests.fakes.session_object import SilentAlarm
from tests.fakes.sqlite import Sqlite
from tests.fakes.workflow_engine import Fuse, Killed

OWNER = "own_0000000000000000000001"
USER = "usr_0000000000000000000001"
PAYER = f"{USER}.key_1"
AGENT = "agt_0000000000000000000001"
GRANT = 1_000_000
MODEL = "@cf/meta/llama-3.1-8b-instruct"


class FusedDatabase:
    """A database; a kill may come before or after each of its calls."""

    def __init__(self, database: Database, fuse: Fuse) -> None:
        self._database = database
        self._fuse = fuse

    async def rows(self, text: str, *values: Value) -> list[Row]:
        return (await self.batch([Statement(text=text, values=values)]))[0].rows

    async def batch(self, statements: Sequence[Statement]) -> list[Outcome]:
        await self._fuse.point()
        outcomes = await self._database.batch(statements)
        await self._fuse.point()
        return outcomes


class FusedModel:
    """A model; a kill may come before each of its words. ``asked`` counts its calls."""

    def __init__(self, model: Model, fuse: Fuse) -> None:
        self._model = model
        self._fuse = fuse
        self.asked = 0

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]:
        self.asked += 1
        await self._fuse.point()
        async for event in self._model.stream(request):
            yield event
            await self._fuse.point()


class RegistryWorld:
    """One agent in one place. ``pass_time`` is what clock and platform do."""

    def __init__(
        self, *scenes: Scene, passages: PassageSource | None = None, **settings: Any
    ) -> None:
        self.clock = ManualClock()
        self.sql = Sqlite()
        self.database = FakeDatabase()
        self.fuse = Fuse()
        self.fuse.on_end = self._die
        self.model = ScriptedModel(*(scenes or [words("four |words |come |here")] * 9), name=MODEL)
        self.asked = FusedModel(self.model, self.fuse)
        self.ledger = Ledger(self.database, self.clock, daily_budget=10**9)
        self.agents = Agents(self.database, self.clock)
        self.pages = ExecutionPages(self.database, self.clock)
        self._settings = Settings(**settings)
        self._passages = passages
        self._alarm = SilentAlarm()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.executor: Executor | None = None
        self._begin()

    async def ready(self, granted: int = GRANT, **definition: Any) -> RegistryWorld:
        """Gives the user millicredits and an agent."""
        if granted:
            await self.ledger.grant(USER, granted, ref="signup")
        made = Definition(**{"model": MODEL, "max_tokens": 100, **definition})
        await self.agents.create(AGENT, OWNER, USER, Naming(name="Agent"), made)
        return self

    # --- lives -----------------------------------------------------------------------------------

    def _begin(self) -> None:
        place = Place(
            owner=OWNER,
            sql=self.sql,
            alarm=AlarmClock(self._alarm),
            till=FusedPurse(self.ledger, self.fuse),
            database=FusedDatabase(self.database, self.fuse),
            model_named=lambda _: self.asked,
            passages=self._passages,
            ear=SilentEar(),
        )
        self.executor = Executor(place, settings=self._settings, clock=self.clock)
        self.executor.on_start()

    def _die(self) -> None:
        working = self.executor.executing.tasks() if self.executor else []
        self.executor = None
        for task in (*self._tasks, *working):
            if task is not asyncio.current_task():
                task.cancel()

    async def kill(self) -> None:
        """The runtime dies now."""
        self._die()
        await asyncio.sleep(0)

    async def close(self) -> None:
        working = self.executor.executing.tasks() if self.executor else []
        for task in (*self._tasks, *working):
            task.cancel()
        await asyncio.gather(*self._tasks, *working, return_exceptions=True)
        self.database.close()
        self.sql.close()

    # --- doors -----------------------------------------------------------------------------------

    async def agent(self) -> RegisteredAgent:
        return await self.agents.find(OWNER, AGENT)

    async def execute(
        self, execution_id: str = "exe_1", *, seconds: float = 60, **fields: Any
    ) -> dict[str, Any]:
        """A call of the agent, as a route makes it."""
        asked = {"input": "Hello", **fields}
        ask = read_ask(await self.agent(), asked, colo=None, continent=None)
        args = {"executionId": execution_id, "ask": ask.to_row(), "seconds": seconds}
        found: dict[str, Any] = await self.call("execution.start", **args)
        return found

    async def call(self, method: str, **args: Any) -> Any:
        """A call of the doors; raises the error that it answers."""
        text = Call(method=method, args=args, owner=OWNER, payer=PAYER).text()
        return result_of(await self._alive(lambda calls: calls.answer(text)))

    async def _alive(self, work: Callable[[ExecutionCalls], Awaitable[str]]) -> str:
        """Something that the runtime does; it is not answered when the runtime dies of it."""
        if self.executor is None:
            return failure(DependencyUnavailable("It is dead."))

        async def worked(calls: ExecutionCalls) -> str:
            return await work(calls)

        task = asyncio.get_running_loop().create_task(worked(ExecutionCalls(self.executor)))
        self._tasks.add(task)
        await asyncio.wait([task])
        self._tasks.discard(task)
        if task.cancelled() or isinstance(task.exception(), Killed):
            return failure(DependencyUnavailable("It died."))
        return task.result()

    async def describe(self, execution_id: str = "exe_1") -> dict[str, Any]:
        """An execution as its object has it."""
        found: dict[str, Any] = await self.call("execution.describe", executionId=execution_id)
        return found

    async def listed(self) -> list[dict[str, Any]]:
        """Executions as the list has them, newest first."""
        found: list[dict[str, Any]] = (await self.pages.page(OWNER, limit=50))["executions"]
        return found

    async def events(self, execution_id: str = "exe_1") -> list[dict[str, Any]]:
        """All events, after a look at their numbers."""
        page = await self.call("execution.events", executionId=execution_id, limit=500)
        numbers = [each["number"] for each in page["events"]]
        assert numbers == list(range(1, len(numbers) + 1))
        events: list[dict[str, Any]] = page["events"]
        return events

    async def balance(self) -> tuple[int, int]:
        """Millicredits that are free, and set aside."""
        found = await self.ledger.balance(USER)
        return found.available, found.reserved

    # --- the rest of the world -------------------------------------------------------------------

    async def pass_time(self, seconds: float) -> None:
        """Time passes in steps of five seconds; a dead runtime begins anew, the alarm rings."""
        end = self.clock.at_ms + int(seconds * 1000)
        while self.clock.at_ms < end:
            self.clock.at_ms += 5_000
            if self.executor is None:
                self._begin()
            await self._ring()
            await self.settled()

    async def settled(self) -> None:
        """Returns when nothing is being carried out."""
        for _ in range(200):
            tasks = self.executor.executing.tasks() if self.executor else []
            if not tasks:
                return
            await asyncio.wait(tasks, timeout=5)
        raise AssertionError("executions do not end")

    async def _ring(self) -> None:
        if self._alarm.at_ms is None or self._alarm.at_ms > self.clock.at_ms or not self.executor:
            return
        self._alarm.at_ms = None
        alarm = asyncio.get_running_loop().create_task(self.executor.on_alarm())
        self._tasks.add(alarm)
        await asyncio.wait([alarm])
        self._tasks.discard(alarm)
        if not alarm.cancelled():
            error = alarm.exception()
            assert error is None or isinstance(error, Killed), error
