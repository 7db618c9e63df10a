"""An orchestrator's object without the platform: the real one on SQLite in memory.

Its workflow instances never move, so runs stay as they were accepted; ``tests/unit/run_world.py``
has one whose runs go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from littoral.agent.alarm import AlarmClock
from littoral.clock import Clock, Ids
from littoral.credits.ledger import Ledger
from littoral.models.offline import OfflineModel
from littoral.orchestrator.calls import OrchestratorCalls
from littoral.orchestrator.orchestrator import Orchestrator
from littoral.orchestrator.ports import Place
from littoral.settings import Settings
from littoral.store.database import Database
from tests.fakes.connections import FakeConnections
from tests.fakes.sandbox import FakeSandbox
from tests.fakes.session_object import SilentAlarm
from tests.fakes.sqlite import Sqlite
from tests.fakes.workflow_engine import StillWorkflows


class OrchestratorObject:
    """One object. ``answer`` waits for what the call began in the background, too."""

    def __init__(self, owner: str, clock: Clock, ids: Ids, database: Database) -> None:
        self._sql = Sqlite()
        self._background: list[asyncio.Task[None]] = []
        self._sandboxes: dict[str, FakeSandbox] = {}
        place = Place(
            owner=owner,
            sql=self._sql,
            connections=FakeConnections(),
            alarm=AlarmClock(SilentAlarm()),
            purse=Ledger(database, clock, daily_budget=10**9),
            workflows=StillWorkflows(),
            sandbox=lambda name: self._sandboxes.setdefault(name, FakeSandbox(clock=clock)),
            spawn=self._spawn,
        )
        orchestrator = Orchestrator(
            place,
            settings=Settings(default_model="offline"),
            model=OfflineModel(ids=ids),
            clock=clock,
            ids=ids,
        )
        orchestrator.on_start()
        self._calls = OrchestratorCalls(orchestrator)

    async def answer(self, text: str) -> str:
        """One call as it travels, to its answer as it travels."""
        answered = await self._calls.answer(text)
        while self._background:
            await self._background.pop()
        return answered

    def close(self) -> None:
        self._sql.close()

    def _spawn(self, work: Callable[[], Awaitable[Any]]) -> None:
        async def run() -> None:
            await work()

        self._background.append(asyncio.get_running_loop().create_task(run()))
