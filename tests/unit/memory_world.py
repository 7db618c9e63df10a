"""A memory with everything in memory, killed at any await: what its tests are written with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import Call, result_of
from littoral.credits.ledger import Ledger
from littoral.memory.calls import MemoryCalls
from littoral.memory.index import Entry, Match, VectorIndex
from littoral.memory.local_index import LocalIndex
from littoral.memory.memory import Memory, Place
from littoral.memory.vectorize_index import VectorizeIndex
from littoral.models.embeddings.embedder import Embedder, Vector
from littoral.models.embeddings.offline import DIMENSIONS, embed_text
from tests.fakes.clock import CountingIds, ManualClock
from tests.fakes.database import FakeDatabase
from tests.fakes.fuse import FusedPurse
from tests.fakes.session_object import SilentAlarm
from tests.fakes.sqlite import Sqlite
from tests.fakes.vectorize import FakeVectorize
from tests.fakes.workflow_engine import Fuse, Killed

NAME = "acc_1/agt_1"
USER = "usr_1"
PAYER = f"{USER}.key_1"
GRANT = 100_000


class FusedEmbedder:
    """An embedder with a price; a kill may come before or after each call, or an error."""

    def __init__(self, fuse: Fuse, model: str) -> None:
        self.model = model
        self.errors: list[Exception] = []
        self.texts: list[str] = []
        self._fuse = fuse

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        await self._fuse.point()
        if self.errors:
            raise self.errors.pop(0)
        self.texts += texts
        await self._fuse.point()
        return [embed_text(text) for text in texts]


class FusedIndex:
    """An index; a kill may come before or after each write."""

    def __init__(self, inner: VectorIndex, fuse: Fuse) -> None:
        self.name = inner.name
        self._inner = inner
        self._fuse = fuse

    async def put(self, space: str, entries: Sequence[Entry]) -> str:
        await self._fuse.point()
        ticket = await self._inner.put(space, entries)
        await self._fuse.point()
        return ticket

    async def visible(self, ticket: str) -> bool:
        return await self._inner.visible(ticket)

    async def nearest(self, space: str, vector: Vector, count: int) -> list[Match]:
        return await self._inner.nearest(space, vector, count)

    async def remove(self, ids: Sequence[str]) -> None:
        await self._fuse.point()
        await self._inner.remove(ids)
        await self._fuse.point()


class MemoryWorld:
    """One memory. ``vectorize`` puts its vectors there, with a lag; else they lie in its SQLite."""

    def __init__(self, *, vectorize: bool = False, model: str = "@cf/baai/bge-m3") -> None:
        self.clock = ManualClock()
        self.ids = CountingIds()
        self.database = FakeDatabase()
        self.sql = Sqlite()
        self.fuse = Fuse()
        self.kills = 0
        self.alarm = SilentAlarm()
        self.vectorize = FakeVectorize(DIMENSIONS, lag=2) if vectorize else None
        self.ledger = Ledger(self.database, self.clock, daily_budget=10**9)
        self.model = model
        self.embedder: Embedder = FusedEmbedder(self.fuse, model)
        self.wake()

    async def ready(self) -> MemoryWorld:
        await self.ledger.grant(USER, GRANT, ref="grant")
        return self

    def wake(self) -> None:
        """The object loses what it had in memory and is made anew from its rows."""
        if isinstance(self.embedder, FusedEmbedder) and self.embedder.model != self.model:
            self.embedder = FusedEmbedder(self.fuse, self.model)
        inner: VectorIndex = (
            VectorizeIndex(self.vectorize) if self.vectorize else LocalIndex(self.sql)
        )
        self.memory = Memory(
            Place(
                name=NAME,
                sql=self.sql,
                alarm=AlarmClock(self.alarm),
                till=FusedPurse(self.ledger, self.fuse),
                embedder=self.embedder,
                index=FusedIndex(inner, self.fuse),
                clock=self.clock,
                ids=self.ids,
                jobs_per_hour=1_000,
            )
        )
        self.memory.on_start()
        self.calls = MemoryCalls(self.memory)

    async def ask(self, method: str, **args: Any) -> Any:
        """A method's result; raises its error, and ``Killed``."""
        try:
            text = await self.calls.answer(Call(method=method, args=args, payer=PAYER).text())
        except Killed:
            self.kills += 1
            self.wake()
            raise
        return result_of(text)

    async def add(self, title: str, text: str, **args: Any) -> dict[str, Any]:
        """One document as it is answered."""
        found = await self.ask("memory.add", title=title, text=text, **args)
        document: dict[str, Any] = found["documents"][0]
        return document

    async def documents(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.ask("memory.list"))["documents"]
        return found

    async def search(self, question: str, count: int = 5) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.ask("memory.nearest", q=question, count=count))[
            "passages"
        ]
        return found

    async def settle(self, minutes: int = 20) -> None:
        """Lets time pass, ringing the alarm when it is due, until nothing is planned."""
        for _ in range(minutes * 60):
            at_ms = self.alarm.at_ms
            if at_ms is None:
                return
            self.clock.at_ms = max(self.clock.at_ms, at_ms)
            self.alarm.at_ms = None
            try:
                await self.memory.on_alarm()
            except Killed:
                self.kills += 1
                self.wake()
                self.alarm.at_ms = self.clock.at_ms  # the platform rings a failed alarm again
        raise AssertionError("the memory never comes to rest")

    def vectors(self) -> set[str]:
        """The ids of all vectors that lie anywhere."""
        rows = self.sql.rows("SELECT id FROM memory_vectors")
        return {str(found) for (found,) in rows} | set(
            self.vectorize.vectors if self.vectorize else ()
        )

    async def balance(self) -> tuple[int, int]:
        found = await self.ledger.balance(USER)
        return found.available, found.reserved

    def close(self) -> None:
        self.sql.close()
        self.database.close()
