"""An object of executions without the platform: the real one on SQLite in memory."""

from __future__ import annotations

from littoral.agent.alarm import AlarmClock
from littoral.clock import Clock, Ids
from littoral.credits.ledger import Ledger
from littoral.memory.passages import Passage
from littoral.models.offline import OfflineModel
from littoral.registry.execution_calls import ExecutionCalls
from littoral.registry.executor import Executor
from littoral.registry.ports import Place
from littoral.registry.skill import RegistrySkill
from littoral.settings import Settings
from littoral.store.database import Database
from tests.fakes.session_object import SilentAlarm
from tests.fakes.sqlite import Sqlite


class SilentEar:
    """``Ear`` of nobody."""

    def tell(self, owner: str) -> None:
        """Nobody looks."""


class FixedPassages:
    """``PassageSource`` that finds the same passages whatever is asked; ``asked`` keeps what."""

    def __init__(self, *passages: Passage) -> None:
        self.passages = passages
        self.asked: list[tuple[str, str, str, int]] = []

    async def nearest(self, owner: str, agent_id: str, text: str, count: int) -> list[Passage]:
        self.asked.append((owner, agent_id, text, count))
        return list(self.passages[:count])


class ExecutionObject:
    """One object."""

    def __init__(self, owner: str, clock: Clock, ids: Ids, database: Database) -> None:
        self._sql = Sqlite()
        model = OfflineModel((RegistrySkill(),), ids=ids)
        place = Place(
            owner=owner,
            sql=self._sql,
            alarm=AlarmClock(SilentAlarm()),
            till=Ledger(database, clock, daily_budget=10**9),
            database=database,
            model_named=lambda _: model,
            passages=None,
            ear=SilentEar(),
        )
        settings = Settings(default_model="offline")
        self._calls = ExecutionCalls(Executor(place, settings=settings, clock=clock))

    async def answer(self, text: str) -> str:
        """One call as it travels, to its answer as it travels."""
        return await self._calls.answer(text)

    def close(self) -> None:
        self._sql.close()
