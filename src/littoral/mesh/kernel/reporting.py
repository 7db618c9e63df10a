"""Tells the owner's mesh what an agent did and how it is: events in order, and a heartbeat.

How far the mesh has come is its own knowledge: it says so in every answer, so nothing is kept here.
"""

from __future__ import annotations

from typing import Any, Final

from littoral.errors import LittoralError
from littoral.mesh.kernel.behaviour import Behaviour
from littoral.mesh.kernel.engine import Engine
from littoral.mesh.kernel.ports import Heard, Place, Report
from littoral.mesh.kernel.retry import delay_ms

EVENTS_AT_ONCE: Final = 100
HEARTBEAT_MS: Final = 20_000
"""How often an agent with something to do reports when nothing happens: a third of its lease."""
TOGETHER_MS: Final = 250
"""Events of a busy agent are told together, this long after the report before at the earliest."""


class Reporting:
    """``run`` is called by one at a time (``pump``)."""

    def __init__(self, place: Place, engine: Engine, behaviour: Behaviour) -> None:
        self._place = place
        self._engine = engine
        self._behaviour = behaviour
        self._has: int | None = None
        self._told_at_ms = 0
        self._told_busy = False
        self._failures = 0
        self._again_at_ms = 0

    def next_due_ms(self, *, busy: bool) -> int | None:
        """When there is something to tell: events, a heartbeat while ``busy``, or that it is not
        busy any more.
        """
        done = self._told_busy and not busy
        if done or self._has is None or self._has < self._engine.memory.number:
            together = self._told_at_ms + TOGETHER_MS if busy else 1
            return max(self._again_at_ms, together)
        return self._told_at_ms + HEARTBEAT_MS if busy else None

    async def run(self, *, busy: bool) -> int:
        """Reports if it is time; gives 1 when something was told."""
        due = self.next_due_ms(busy=busy)
        if due is None or due > self._place.clock.now_ms():
            return 0
        try:
            await self.tell()
        except LittoralError as error:
            self._failures += 1
            wait = delay_ms(self._failures, self._place.jitter, error)
            self._again_at_ms = self._place.clock.now_ms() + wait
            return 0
        self._failures = 0
        self._again_at_ms = 0
        return 1

    async def tell(self) -> None:
        """One report; raises ``LittoralError``. Repeating is safe."""
        number = self._engine.memory.number
        since = number if self._has is None else self._has
        events = self._engine.store.since(since, EVENTS_AT_ONCE) if since < number else []
        status = self.status()
        heard: Heard = await self._place.home.report(
            Report(
                agent=self._place.name,
                kind=self._behaviour.kind,
                version=self._behaviour.version,
                capabilities=self._behaviour.capabilities,
                last=number,
                status=status,
                permissions=self._engine.rules.version,
                events=events,
            )
        )
        self._has = heard.has
        self._told_at_ms = self._place.clock.now_ms()
        self._told_busy = any(status[each] for each in ("inbox", "outbox", "effects"))
        if heard.permissions is not None:
            self._engine.rules.learn(heard.permissions)

    def status(self) -> dict[str, Any]:
        """Counts of what is before the agent, and what its behaviour says of itself."""
        rows = self._place.sql.rows(
            "SELECT (SELECT count(*) FROM waiting), (SELECT count(*) FROM outbox), "
            "(SELECT count(*) FROM effects), (SELECT count(*) FROM timers), "
            "(SELECT count(*) FROM letters)"
        )
        names = ("inbox", "outbox", "effects", "timers", "deadLetters")
        counts = {name: int(value or 0) for name, value in zip(names, rows[0], strict=True)}
        return {
            **dict(self._behaviour.status(self._engine.memory.state)),
            **counts,
            "events": self._engine.memory.number,
        }
