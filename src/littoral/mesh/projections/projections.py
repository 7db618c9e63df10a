"""The projections of one owner: brought up to date from the agents' events, or made anew.

``Source`` is the owner's mesh: it knows the agents and has, or fetches, their events.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from littoral.clock import Clock
from littoral.errors import DependencyUnavailable
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.projections.projector import Projector
from littoral.store.database import Database

PAGE: Final = 400


class Source(Protocol):
    """Where events come from. Both methods raise ``LittoralError`` when they cannot say."""

    async def agents(self) -> Mapping[str, int]:
        """All agents that ever recorded anything, each with the last number that is known of."""
        ...

    async def events(self, agent: str, since: int, limit: int) -> Sequence[MeshEvent]:
        """An agent's events from number ``since + 1`` on, without a gap."""
        ...


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """What a rebuild found. ``equal``: the rows are what they were before."""

    events: int
    tasks: int
    equal: bool
    digest: str
    duration_ms: int

    def to_json(self) -> dict[str, Any]:
        return {
            "events": self.events,
            "tasks": self.tasks,
            "equal": self.equal,
            "digest": self.digest,
            "durationMs": self.duration_ms,
        }


class Projections:
    """Use one for each owner, in one place: two at the same time refuse each other's events.

    Losing it loses nothing: how far it came lies beside the rows.
    """

    def __init__(self, owner: str, database: Database, source: Source, clock: Clock) -> None:
        self._owner = owner
        self._projector = Projector(database)
        self._source = source
        self._clock = clock
        self._lock = asyncio.Lock()
        self._positions: dict[str, int] | None = None

    async def catch_up(self) -> int:
        """Takes every event that is there and was not taken; gives how many. Safe to repeat.

        Raises ``LittoralError`` when the source or the database does not answer; what was taken
        until then stays.
        """
        async with self._lock:
            return await self._catch_up()

    async def rebuild(self) -> dict[str, Any]:
        """Forgets all rows and takes all events again; what it found, as ``Rebuilt`` in JSON.

        Callers who look meanwhile see what was rebuilt so far. After a kill ``catch_up`` goes on.
        """
        async with self._lock:
            begun = self._clock.now_ms()
            await self._catch_up()
            before = await self._projector.digest(self._owner)
            positions = await self._projector.positions(self._owner)
            self._positions = None
            await self._projector.reset(self._owner)
            events = await self._again(positions)
            after = await self._projector.digest(self._owner)
            await self._catch_up()
            found = Rebuilt(
                events=events,
                tasks=await self._projector.count_tasks(self._owner),
                equal=before == after,
                digest=after,
                duration_ms=max(0, self._clock.now_ms() - begun),
            )
            return found.to_json()

    async def _again(self, positions: Mapping[str, int]) -> int:
        """Takes the events up to these numbers, from the first on; the rows are empty before."""
        taken = 0
        for agent, last in positions.items():
            since = 0
            while since < last:
                limit = min(PAGE, last - since)
                page = await self._source.events(agent, since, limit)
                if not page:
                    raise DependencyUnavailable(f"{agent} has no events after {since} any more.")
                taken += await self._projector.apply(self._owner, page)
                since = page[-1].number
        return taken

    async def _catch_up(self) -> int:
        """One agent's events after the other, as far as they are known of."""
        known = await self._source.agents()
        if self._positions is None:
            self._positions = await self._projector.positions(self._owner)
        taken = 0
        try:
            for agent, last in known.items():
                while (since := self._positions.get(agent, 0)) < last:
                    page = await self._source.events(agent, since, PAGE)
                    if not page:
                        break
                    taken += await self._projector.apply(self._owner, page, self._positions)
        except BaseException:
            self._positions = None
            raise
        return taken
