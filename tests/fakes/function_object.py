"""An object of functions without the platform: the real one on SQLite in memory.

Its queue delivers nothing, so queued jobs stay; ``tests/unit/function_world.py`` has one whose jobs
go on.
"""

from __future__ import annotations

from collections.abc import Callable

from littoral.agent.alarm import AlarmClock
from littoral.clock import Clock, Ids
from littoral.credits.ledger import Ledger
from littoral.functions.calls import FunctionCalls
from littoral.functions.functions import Functions
from littoral.functions.job import Job, JobInput, Made
from littoral.functions.objects.offline import ObjectDocuments
from littoral.functions.ports import Place
from littoral.models.offline import OfflineModel
from littoral.settings import Settings
from littoral.store.database import Database
from tests.fakes.builds import FakeBuilds
from tests.fakes.connections import FakeConnections
from tests.fakes.session_object import SilentAlarm
from tests.fakes.sqlite import Sqlite
from tests.fakes.workflow_engine import Fuse


class CodeThatRaises:
    """A maker of code whose code fails when its arguments say so, and echoes them otherwise."""

    async def make(self, job: Job, asked: JobInput, told: Callable[[str], None]) -> Made:
        if isinstance(asked.args, dict) and asked.args.get("fails"):
            error = {
                "code": "function_failed",
                "message": "ValueError: no",
                "nextStep": "Change the arguments.",
            }
            return Made(error=error, seconds=0.1)
        return Made(result=asked.args, seconds=0.1)


class SilentQueue:
    """A queue that delivers nothing."""

    async def send(self, owner: str, job_id: str) -> None:
        """Nothing comes of it."""


class FunctionObject:
    """One object."""

    def __init__(self, owner: str, clock: Clock, ids: Ids, database: Database) -> None:
        self._sql = Sqlite()
        functions = Functions(
            Place(
                owner=owner,
                sql=self._sql,
                connections=FakeConnections(),
                alarm=AlarmClock(SilentAlarm()),
                purse=Ledger(database, clock, daily_budget=10**9),
                queue=SilentQueue(),
                builds=FakeBuilds(Fuse()),
            ),
            settings=Settings(default_model="offline"),
            model=OfflineModel((ObjectDocuments(),), ids=ids),
            code=CodeThatRaises(),
            clock=clock,
            ids=ids,
            jitter=lambda: 0.5,
        )
        functions.on_start()
        self._calls = FunctionCalls(functions)

    async def answer(self, text: str) -> str:
        """One call as it travels, to its answer as it travels."""
        return await self._calls.answer(text)

    def close(self) -> None:
        self._sql.close()
