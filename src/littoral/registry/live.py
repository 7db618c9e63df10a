"""The owner's live view: agents, the newest executions, and counts, for whoever has a page open.

It keeps nothing: what it shows is read from the shared database, at most a few times a second and
only while somebody looks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from littoral.agent.agent_socket import state_frame
from littoral.agent.connection import Connections, broadcast
from littoral.clock import Clock
from littoral.errors import LittoralError
from littoral.registry.agents import Agents
from littoral.registry.execution import summary_of
from littoral.registry.limits import LIVE_EXECUTIONS, PAGE_AGENTS
from littoral.registry.listing import ExecutionPages
from littoral.store.database import Database

PAUSE_SECONDS: Final = 0.25
"""How long after a look the next one waits, so that many executions make few frames."""

PROMPT_CHARACTERS: Final = 1_000

_log = logging.getLogger(__name__)


class LiveRegistry:
    """``spawn`` begins work that nobody waits for."""

    def __init__(
        self,
        owner: str,
        database: Database,
        connections: Connections,
        clock: Clock,
        *,
        spawn: Callable[[Callable[[], Awaitable[Any]]], None],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._owner = owner
        self._agents = Agents(database, clock)
        self._executions = ExecutionPages(database, clock)
        self._connections = connections
        self._spawn = spawn
        self._pause = pause
        self._looking = False
        self._dirty = False
        self.state: dict[str, Any] = {"agents": [], "executions": [], "counts": counts_of([], [])}

    @property
    def connections(self) -> Connections:
        """Who looks."""
        return self._connections

    async def load(self) -> None:
        """Reads the state; raises ``DependencyUnavailable``."""
        agents, _ = await self._agents.page(
            self._owner, archived=False, cursor=None, limit=PAGE_AGENTS
        )
        page = await self._executions.page(self._owner, limit=LIVE_EXECUTIONS)
        shown = [agent.to_json() for agent in agents]
        executions = [summary_of(each) for each in page["executions"]]
        self.state = {
            "agents": [_short(each) for each in shown],
            "executions": executions,
            "counts": counts_of(shown, executions),
        }

    def state_frame(self) -> str:
        """The state as a frame."""
        return state_frame(self.state)

    def tell(self) -> None:
        """Something changed: those who look are shown it soon."""
        self._dirty = True
        if not self._looking and self._connections.all():
            self._looking = True
            self._spawn(self._look)

    async def _look(self) -> None:
        """Looks until nothing changed meanwhile, with a pause after each look."""
        try:
            while self._dirty and self._connections.all():
                self._dirty = False
                try:
                    await self.load()
                except LittoralError as error:
                    _log.warning("the registry could not be read: %s", error.detail)
                else:
                    broadcast(self._connections.all(), self.state_frame())
                await self._pause(PAUSE_SECONDS)
        finally:
            self._looking = False


def counts_of(agents: list[dict[str, Any]], executions: list[dict[str, Any]]) -> dict[str, int]:
    """Sums over the agents, and how many of the newest executions run now."""
    return {
        "agents": len(agents),
        "executions": sum(each["stats"]["executions"] for each in agents),
        "failed": sum(each["stats"]["failed"] for each in agents),
        "running": sum(each["status"] in ("pending", "running") for each in executions),
    }


def _short(agent: dict[str, Any]) -> dict[str, Any]:
    """An agent as the state has it: long prompts are cut."""
    short = dict(agent)
    for name in ("promptTemplate", "systemPrompt"):
        if len(short[name]) > PROMPT_CHARACTERS:
            short[name] = short[name][:PROMPT_CHARACTERS]
            short["cut"] = True
    return short
