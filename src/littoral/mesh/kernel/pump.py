"""Everything that goes on by itself in one agent: waiting things, timers, effects, outbox, reports.

Rows say what there is to do; losing this loses nothing. The alarm begins it anew after a kill, and
rings at the latest a few seconds after something was left to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from littoral.mesh.kernel.behaviour import Behaviour
from littoral.mesh.kernel.courier import Courier
from littoral.mesh.kernel.engine import Engine
from littoral.mesh.kernel.performing import Performing
from littoral.mesh.kernel.ports import Place
from littoral.mesh.kernel.reporting import Reporting
from littoral.mesh.kernel.timers import Timers

MOST_ROUNDS: Final = 200
"""Rounds of one run: what is left then goes on with the next alarm, a moment later."""
SAFETY_MS: Final = 10_000
"""When the alarm rings while something is being done, in case that a kill comes."""
PRUNE_EVERY: Final = 5_000
"""Events between two looks for old marks."""

Begin = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


class Pump:
    """``begin`` starts a coroutine beside what runs and keeps hold of its task."""

    def __init__(self, place: Place, engine: Engine, behaviour: Behaviour, begin: Begin) -> None:
        self._place = place
        self._engine = engine
        self._begin = begin
        self._courier = Courier(place, engine)
        self._timers = Timers(place.sql, engine, place.clock)
        self._performing = Performing(place, engine, behaviour, begin)
        self.reporting = Reporting(place, engine, behaviour)
        self._task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._rested = asyncio.Event()
        self._pruned_at: int | None = None

    def poke(self) -> asyncio.Task[None]:
        """There may be something to do: sees to it beside whatever runs. Costs nothing twice."""
        self._news.set()
        self._rested.clear()
        if self._task is None or self._task.done():
            self._place.alarm.at_latest(self._place.clock.now_ms() + SAFETY_MS)
            self._task = self._begin(self._run())
        return self._task

    async def rested(self, seconds: float) -> None:
        """Until all that is due is done, effects that run aside; at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._rested.wait()
        except TimeoutError:
            pass  # It goes on, and the alarm is set.

    def next_due_ms(self) -> int | None:
        """When the next thing is to be done, reports aside."""
        waiting = self._place.sql.value("SELECT min(due_at_ms) FROM waiting")
        times = (
            None if waiting is None else int(waiting),
            self._timers.next_due_ms(),
            self._performing.next_due_ms(),
            self._courier.next_due_ms(),
        )
        known = [each for each in times if each is not None]
        return min(known) if known else None

    async def _run(self) -> None:
        try:
            for _ in range(MOST_ROUNDS):
                self._news.clear()
                if not await self._round() and not await self._waited():
                    break
        finally:
            self._rested.set()
            self.plan_alarm()

    async def _round(self) -> int:
        """Does what is due; gives how much it was."""
        done = self._try_waiting() + self._timers.run() + self._performing.run()
        done += await self._courier.run()
        done += await self.reporting.run(busy=self._working())
        self._prune()
        return done

    def _working(self) -> bool:
        """Whether there is work before the agent, so that others should know it to be alive."""
        found = self._place.sql.value(
            "SELECT EXISTS (SELECT 1 FROM waiting) OR EXISTS (SELECT 1 FROM outbox) "
            "OR EXISTS (SELECT 1 FROM effects)"
        )
        return bool(found)

    async def _waited(self) -> bool:
        """Waits for an effect to end or for a poke; ``False`` when nothing runs."""
        tasks = self._performing.tasks()
        if self._news.is_set():
            return True
        if not tasks:
            return False
        self._rested.set()
        self.plan_alarm()  # Timers go on while an effect runs.
        news = asyncio.ensure_future(self._news.wait())
        try:
            await asyncio.wait([*tasks, news], return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
        return True

    def _try_waiting(self) -> int:
        found = self._engine.inbox.due(20)
        for each in found:
            self._engine.try_again(each)
        return len(found)

    def plan_alarm(self) -> None:
        """Sets the alarm to the earliest thing that has to happen."""
        now = self._place.clock.now_ms()
        times = [self.next_due_ms(), self.reporting.next_due_ms(busy=self._working())]
        if self._performing.tasks():
            times.append(now + SAFETY_MS)
        known = [each for each in times if each is not None]
        if known:
            self._place.alarm.at_latest(max(now + 1, min(known)))

    def _prune(self) -> None:
        """Forgets old marks each time that the number of events passes some thousands."""
        thousands = self._engine.memory.number // PRUNE_EVERY
        if self._pruned_at is not None and thousands > self._pruned_at:
            self._engine.inbox.forget_old_marks()
        self._pruned_at = thousands
