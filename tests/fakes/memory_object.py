"""An agent's memory without the platform: the real one on SQLite in memory, offline embedder."""

from __future__ import annotations

from littoral.agent.alarm import AlarmClock
from littoral.clock import Clock, Ids
from littoral.credits.ledger import Ledger
from littoral.memory.calls import MemoryCalls
from littoral.memory.local_index import LocalIndex
from littoral.memory.memory import Memory, Place
from littoral.models.embeddings.offline import OfflineEmbedder
from littoral.store.database import Database
from tests.fakes.session_object import SilentAlarm
from tests.fakes.sqlite import Sqlite


class MemoryObject:
    """One object; ``name`` is ``<owner>/<agent id>``."""

    def __init__(self, name: str, clock: Clock, ids: Ids, database: Database) -> None:
        self._sql = Sqlite()
        memory = Memory(
            Place(
                name=name,
                sql=self._sql,
                alarm=AlarmClock(SilentAlarm()),
                till=Ledger(database, clock, daily_budget=10**9),
                embedder=OfflineEmbedder(),
                index=LocalIndex(self._sql),
                clock=clock,
                ids=ids,
                jobs_per_hour=240,
            )
        )
        memory.on_start()
        self._calls = MemoryCalls(memory)

    async def answer(self, text: str) -> str:
        """One call as it travels, to its answer as it travels."""
        return await self._calls.answer(text)

    def close(self) -> None:
        self._sql.close()
