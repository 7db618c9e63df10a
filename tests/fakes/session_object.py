"""A session's object without the platform: the real agent on SQLite in memory, answered offline."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from littoral.agent.alarm import AlarmClock
from littoral.clock import Clock, Ids
from littoral.models.offline import OfflineModel
from littoral.settings import Settings
from littoral.task_agent.doors import SessionDoors
from littoral.task_agent.session import Place, TaskSession
from littoral.tasks.skill import TaskSkill
from tests.fakes.connections import FakeConnections
from tests.fakes.database import FakeDatabase, ledger_of
from tests.fakes.sqlite import Sqlite

TellDirectory = Callable[[str, dict[str, Any]], Awaitable[Any]]


class SilentAlarm:
    """An alarm that never rings: these sessions live for one test."""

    def __init__(self) -> None:
        self.at_ms: int | None = None

    def set(self, at_ms: int) -> None:
        self.at_ms = at_ms

    async def get(self) -> int | None:
        return self.at_ms


class SessionObject:
    """One object. ``answer`` waits for what the call began in the background, too."""

    def __init__(
        self, owner: str, session_id: str, clock: Clock, ids: Ids, tell_directory: TellDirectory
    ) -> None:
        self._sql = Sqlite()
        self._background: list[asyncio.Task[None]] = []
        place = Place(
            owner=owner,
            session_id=session_id,
            sql=self._sql,
            connections=FakeConnections(),
            alarm=AlarmClock(SilentAlarm()),
            spawn=self._spawn,
            tell_directory=tell_directory,
            till=ledger_of(FakeDatabase(), clock),
        )
        session = TaskSession(
            place,
            settings=Settings(default_model="offline"),
            model=OfflineModel((TaskSkill(),), ids=ids),
            clock=clock,
            ids=ids,
        )
        session.on_start()
        self._doors = SessionDoors(session)

    async def answer(self, text: str) -> str:
        """One call as it travels, to its answer as it travels."""
        answered = await self._doors.calls.answer(text)
        while self._background:
            await self._background.pop()
        return answered

    def close(self) -> None:
        self._sql.close()

    def _spawn(self, work: Callable[[], Awaitable[Any]]) -> None:
        async def run() -> None:
            await work()

        self._background.append(asyncio.get_running_loop().create_task(run()))
