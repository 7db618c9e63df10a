"""A build with everything around it in memory; it may be killed at any await.

Rows, credits, the list and stored contents survive a kill; all other memory goes, and a life that
was killed writes nothing any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, TypeVar

from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import Call, failure, result_of
from littoral.builder.blueprint import Blueprint
from littoral.builder.builder import Builder
from littoral.builder.calls import BuilderCalls
from littoral.builder.checks import BuildChecks
from littoral.builder.issue import Issue
from littoral.builder.offline.skill import OfflineBuilder
from littoral.builder.ports import Checks, Place
from littoral.credits.ledger import Ledger
from littoral.errors import DependencyUnavailable
from littoral.models.model import Model, ModelEvent, ModelRequest
from littoral.models.offline import OfflineModel
from littoral.models.reply_stream import close
from littoral.settings import Settings
from littoral.store.database import Database, Outcome, Statement
from littoral.store.sql import Row, Sql, Value
from tests.fakes.clock import ManualClock
from tests.fakes.connections import FakeConnections
from tests.fakes.database import FakeDatabase
from tests.fakes.fuse import FusedPurse
from tests.fakes.ids import LongIds
from tests.fakes.object_store import MemoryStore
from tests.fakes.sqlite import Sqlite
from tests.fakes.workflow_engine import Fuse, Killed

OWNER = "own_0000000000000000000001"
USER = "usr_0000000000000000000001"
PAYER = f"{USER}.key_1"
BUILD = "bld_0000000000000000000001"
GRANT = 1_000_000
ROUNDS = 2_000
SECRET = "s" * 32

Result = TypeVar("Result")


class BuildWorld:
    """One build. ``call`` is what the doors do; ``until`` lets time pass."""

    def __init__(
        self,
        *,
        model: Model | None = None,
        checks: Checks | None = None,
        build_id: str = BUILD,
        database: FakeDatabase | None = None,
        **settings: Any,
    ) -> None:
        self.clock = ManualClock()
        self.sql = Sqlite()
        self.database = database or FakeDatabase()
        self.store = MemoryStore()
        self.connections = FakeConnections()
        self.fuse = Fuse()
        self.fuse.on_end = self._die
        self.kills = 0
        self.further_kills: list[int] = []
        self.build_id = build_id
        self._ids = LongIds()
        given = {"default_model": "offline", "session_secret": SECRET, **settings}
        self._settings = Settings(**given)
        self._model = model or OfflineModel((OfflineBuilder(),), ids=self._ids)
        self._checks = checks or BuildChecks()
        self._ledger = Ledger(self.database, self.clock, daily_budget=10**9)
        self._background: set[asyncio.Task[Any]] = set()
        self._life: _Life | None = None
        self.restart()

    async def ready(self, granted: int = GRANT) -> BuildWorld:
        """Gives the user millicredits."""
        await self._ledger.grant(USER, granted, ref="signup")
        return self

    # --- lives -----------------------------------------------------------------------------------

    def restart(self) -> None:
        """Another life on the same rows."""
        if self.further_kills:
            self.fuse.left = self.further_kills.pop(0)
        life = _Life(self.clock)
        place = Place(
            owner=OWNER,
            build_id=self.build_id,
            sql=_MortalSql(self.sql, life),
            connections=self.connections,
            alarm=AlarmClock(life),
            till=FusedPurse(self._ledger, self.fuse),
            database=_FusedDatabase(self.database, self.fuse),
            assets=_FusedStore(self.store, self.fuse),
            checks=_FusedChecks(self._checks, self.fuse),
        )
        builder = Builder(
            place,
            settings=self._settings,
            model=_FusedModel(self._model, self.fuse),
            clock=self.clock,
            ids=self._ids,
        )
        life.builder = builder
        life.calls = BuilderCalls(builder)
        self._life = life
        builder.on_start()

    def _die(self) -> None:
        self.kills += 1
        if self._life is not None:
            self._life.dead = True
        self._life = None
        current = asyncio.current_task()
        for task in self._background:
            if task is not current:
                task.cancel()

    def kill(self) -> None:
        """Kills the runtime between two awaits of its."""
        self._die()

    def spare(self) -> None:
        """No kill comes any more; a dead runtime begins anew."""
        self.fuse.left = None
        self.further_kills.clear()
        if self._life is None:
            self.restart()

    async def close(self) -> None:
        if self._life is not None:
            self._life.dead = True
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    @property
    def builder(self) -> Builder:
        assert self._life is not None
        return self._life.builder

    # --- doors -----------------------------------------------------------------------------------

    async def call(self, method: str, **args: Any) -> Any:
        """A call of the doors; raises the error that it answers."""
        life = self._life
        if life is None:
            raise DependencyUnavailable("It is dead.")
        text = Call(method=method, args=args, owner=OWNER, payer=PAYER).text()
        task = self._run(life.calls.answer(text))
        await asyncio.wait([task])
        if task.cancelled() or isinstance(task.exception(), Killed):
            return result_of(failure(DependencyUnavailable("It died.")))
        return result_of(task.result())

    async def create(self, query: str = "Build a to-do list", **args: Any) -> dict[str, Any]:
        """Begins the build, as a stubborn client would."""
        for _ in range(10):
            try:
                made: dict[str, Any] = await self.call("build.create", query=query, **args)
                return dict(made["state"])
            except DependencyUnavailable:
                if self._life is None:
                    self.restart()
        raise AssertionError("it could not be created")

    async def state(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.call("build.describe"))["state"]
        return found

    async def events(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while page := (await self.call("build.events", since=len(found)))["events"]:
            found += page
        return found

    async def texts(self) -> dict[str, str]:
        """Every file as it can be read, by path."""
        listed = (await self.call("build.files"))["files"]
        found = {}
        for each in listed:
            one = (await self.call("build.files", path=each["path"]))["files"][0]
            found[each["path"]] = one["content"]
        return found

    async def until(
        self, condition: Callable[[dict[str, Any]], bool], *, most: int = ROUNDS
    ) -> dict[str, Any]:
        """Lets time pass, and dead runtimes begin anew, until the build is so."""
        found: dict[str, Any] = {}
        for _ in range(most):
            await self.breathe()
            if self._life is None:
                self.restart()
                continue
            try:
                found = await self.state()
            except DependencyUnavailable:
                continue
            if condition(found):
                return found
            await self.pass_time(1)
        raise AssertionError(f"it never came true: {found}")

    async def still(self) -> dict[str, Any]:
        """Lets time pass until the build stands still, is settled and listed."""
        return await self.until(
            lambda state: (
                state["status"] not in ("drafting", "building", "reviewing")
                and self._life is not None
                and not self.builder.has_work()
            )
        )

    async def breathe(self) -> None:
        """Lets everything that can go on go on."""
        for _ in range(12):
            await asyncio.sleep(0)

    async def pass_time(self, seconds: float) -> None:
        """The clock moves; the alarm rings when it is due, in the background."""
        self.clock.advance(seconds=seconds)
        life = self._life
        if life is not None and life.due():
            life.at_ms = None
            self._run(life.ring())

    async def balance(self) -> tuple[int, int]:
        """Available and reserved millicredits."""
        found = await self._ledger.balance(USER)
        return found.available, found.reserved

    def _run(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._gone)
        return task

    def _gone(self, task: asyncio.Task[Any]) -> None:
        self._background.discard(task)
        if not task.cancelled():
            task.exception()


class _Life:
    """One life of the object, and its alarm."""

    builder: Builder
    calls: BuilderCalls

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.dead = False
        self.at_ms: int | None = None
        self.ringing = False

    def set(self, at_ms: int) -> None:
        self.at_ms = at_ms

    async def get(self) -> int | None:
        return self.at_ms

    def due(self) -> bool:
        return not self.ringing and self.at_ms is not None and self.at_ms <= self._clock.now_ms()

    async def ring(self) -> None:
        self.ringing = True
        try:
            await self.builder.on_alarm()
        finally:
            self.ringing = False


class _MortalSql:
    """Rows that a dead life cannot reach."""

    def __init__(self, sql: Sql, life: _Life) -> None:
        self._sql = sql
        self._life = life

    def run(self, statement: str, *parameters: Value) -> int:
        self._live()
        return self._sql.run(statement, *parameters)

    def rows(self, statement: str, *parameters: Value) -> list[Row]:
        self._live()
        return self._sql.rows(statement, *parameters)

    def value(self, statement: str, *parameters: Value) -> Value:
        self._live()
        return self._sql.value(statement, *parameters)

    @property
    def in_transaction(self) -> bool:
        return self._sql.in_transaction

    def transaction(self, work: Callable[[], Result]) -> Result:
        self._live()
        return self._sql.transaction(work)

    def _live(self) -> None:
        if self._life.dead:
            raise Killed


class _FusedModel:
    """A model whose every event may be the last thing that happens."""

    def __init__(self, model: Model, fuse: Fuse) -> None:
        self._model = model
        self._fuse = fuse

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]:
        await self._fuse.point()
        events = self._model.stream(request)
        try:
            async for event in events:
                yield event
                await self._fuse.point()
        finally:
            await close(events)


class _FusedChecks:
    def __init__(self, checks: Checks, fuse: Fuse) -> None:
        self._checks = checks
        self._fuse = fuse

    async def run(self, files: Mapping[str, str], blueprint: Blueprint) -> Sequence[Issue]:
        await self._fuse.point()
        found = await self._checks.run(files, blueprint)
        await self._fuse.point()
        return found


class _FusedStore:
    def __init__(self, store: MemoryStore, fuse: Fuse) -> None:
        self._store = store
        self._fuse = fuse

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        await self._fuse.point()
        await self._store.put(key, content, content_type)
        await self._fuse.point()

    async def get(self, key: str) -> bytes | None:
        await self._fuse.point()
        return await self._store.get(key)

    async def delete(self, keys: Sequence[str]) -> None:
        await self._fuse.point()
        await self._store.delete(keys)

    async def keys(self, prefix: str) -> list[str]:
        await self._fuse.point()
        return await self._store.keys(prefix)


class _FusedDatabase:
    def __init__(self, database: Database, fuse: Fuse) -> None:
        self._database = database
        self._fuse = fuse

    async def rows(self, text: str, *values: Value) -> list[Row]:
        await self._fuse.point()
        found = await self._database.rows(text, *values)
        await self._fuse.point()
        return found

    async def batch(self, statements: Sequence[Statement]) -> list[Outcome]:
        await self._fuse.point()
        found = await self._database.batch(statements)
        await self._fuse.point()
        return found
