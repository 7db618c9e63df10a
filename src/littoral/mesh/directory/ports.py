"""What an owner's mesh needs from outside: its agents, and whoever projects their events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from littoral.agent.alarm import AlarmClock
from littoral.agent.connection import Connections
from littoral.mesh.kernel.event import MeshEvent
from littoral.store.sql import Sql


class Agents(Protocol):
    """The agents of this owner."""

    async def call(self, agent: str, method: str, args: Mapping[str, Any]) -> Any:
        """A method's result. Raises ``LittoralError``: its own, or that there is no answer."""
        ...


class EventSource(Protocol):
    """Every event of every agent, from the agents' own rows."""

    async def agents(self) -> Mapping[str, int]:
        """All agents that ever recorded anything, each with the last number that was heard."""
        ...

    async def events(self, agent: str, since: int, limit: int) -> Sequence[MeshEvent]:
        """Events ``since + 1`` … of one agent, in order and without a gap."""
        ...


class Projecting(Protocol):
    """Keeps tables for queries (``littoral.mesh.projections``). Safe to repeat and to kill."""

    async def catch_up(self) -> int:
        """Takes events that were not taken; gives how many. Raises ``LittoralError``."""
        ...

    async def rebuild(self) -> Mapping[str, Any]:
        """Deletes and makes everything anew; says what it came to."""
        ...


@dataclass(frozen=True, kw_only=True)
class MeshPlace:
    """Where an owner's mesh stands."""

    owner: str
    sql: Sql
    connections: Connections
    alarm: AlarmClock
    agents: Agents
