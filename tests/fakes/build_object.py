"""A build's object without the platform: the real one on SQLite in memory.

Its alarm never rings by itself: ``work`` does what the alarm would do.
"""

from __future__ import annotations

from littoral.agent.alarm import AlarmClock
from littoral.builder.builder import Builder
from littoral.builder.checks import BuildChecks
from littoral.builder.doors import BuilderDoors
from littoral.builder.ports import Place
from littoral.clock import Clock, Ids
from littoral.credits.ledger import Ledger
from littoral.models.model import Model
from littoral.settings import Settings
from littoral.store.database import Database
from tests.fakes.connections import FakeConnections
from tests.fakes.object_store import MemoryStore
from tests.fakes.session_object import SilentAlarm
from tests.fakes.sqlite import Sqlite


class BuildObject:
    """One object. ``store`` is the bucket of all builds."""

    def __init__(
        self,
        owner: str,
        build_id: str,
        *,
        clock: Clock,
        ids: Ids,
        database: Database,
        store: MemoryStore,
        model: Model,
        settings: Settings,
    ) -> None:
        self._sql = Sqlite()
        place = Place(
            owner=owner,
            build_id=build_id,
            sql=self._sql,
            connections=FakeConnections(),
            alarm=AlarmClock(SilentAlarm()),
            till=Ledger(database, clock, daily_budget=10**9),
            database=database,
            assets=store,
            checks=BuildChecks(None),
        )
        builder = Builder(place, settings=settings, model=model, clock=clock, ids=ids)
        builder.on_start()
        self._doors = BuilderDoors(builder)

    async def answer(self, text: str) -> str:
        """One call as it travels, to its answer as it travels."""
        return await self._doors.calls.answer(text)

    async def work(self) -> None:
        """The alarm rings."""
        await self._doors.builder.on_alarm()

    def close(self) -> None:
        self._sql.close()
