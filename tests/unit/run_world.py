"""An orchestrator with everything around it in memory; it may be killed at any await.

Rows, credits, sandboxes and what the workflow engine keeps survive a kill; all other memory goes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import Call, failure, result_of
from littoral.credits.ledger import Ledger
from littoral.errors import DependencyUnavailable
from littoral.models.model import Model
from littoral.models.offline import OfflineModel
from littoral.orchestrator.calls import OrchestratorCalls
from littoral.orchestrator.orchestrator import Orchestrator
from littoral.orchestrator.ports import Place
from littoral.settings import Settings
from tests.fakes.clock import ManualClock
from tests.fakes.connections import FakeConnections
from tests.fakes.database import FakeDatabase
from tests.fakes.ids import LongIds
from tests.fakes.sandbox import FakeSandbox, Script
from tests.fakes.session_object import SilentAlarm
from tests.fakes.sqlite import Sqlite
from tests.fakes.workflow_engine import FakeWorkflows, Fuse, Killed

OWNER = "own_0000000000000000000001"
USER = "usr_0000000000000000000001"
PAYER = f"{USER}.key_1"
GRANT = 100_000
ROUNDS = 600


class RunWorld:
    """One owner. ``call`` is what the doors do; ``until`` lets time pass."""

    def __init__(
        self,
        *,
        scripts: Mapping[str, Script] | None = None,
        model: Model | None = None,
        **settings: Any,
    ) -> None:
        self.clock = ManualClock()
        self.sql = Sqlite()
        self.database = FakeDatabase()
        self.connections = FakeConnections()
        self.fuse = Fuse()
        self.fuse.on_end = self._die
        self.kills = 0
        self.further_kills: list[int] = []
        self.sandboxes: dict[str, FakeSandbox] = {}
        self.unreachable = False
        self.workflows = FakeWorkflows(self.clock, self.fuse, self._ask)
        self._scripts = dict(scripts or {})
        self._ids = LongIds()
        self._settings = Settings(**{"default_model": "offline", **settings})
        self._model = model or OfflineModel(ids=self._ids)
        self._background: set[asyncio.Task[None]] = set()
        self._ledger = Ledger(self.database, self.clock, daily_budget=10**9)
        self._life: OrchestratorCalls | None = None
        self.orchestrator = self._begin()

    async def ready(self, granted: int = GRANT) -> RunWorld:
        """Gives the user millicredits."""
        await self._ledger.grant(USER, granted, ref="signup")
        return self

    # --- lives -----------------------------------------------------------------------------------

    def _begin(self) -> Orchestrator:
        place = Place(
            owner=OWNER,
            sql=self.sql,
            connections=self.connections,
            alarm=AlarmClock(SilentAlarm()),
            purse=_Fused(self._ledger, self.fuse),  # type: ignore[arg-type]
            workflows=self.workflows,
            sandbox=self._remote,
            spawn=self._spawn,
        )
        orchestrator = Orchestrator(
            place,
            settings=self._settings,
            model=self._model,
            clock=self.clock,
            ids=self._ids,
        )
        orchestrator.on_start()
        self._life = OrchestratorCalls(orchestrator)
        self.orchestrator = orchestrator
        return orchestrator

    def kill(self) -> None:
        """Kills the runtime between two awaits of its."""
        self._die()

    def _die(self) -> None:
        self.kills += 1
        self._life = None
        self.workflows.kill()
        current = asyncio.current_task()
        for task in self._background:
            if task is not current:
                task.cancel()

    def spare(self) -> None:
        """No kill comes any more; a dead runtime begins anew."""
        self.fuse.left = None
        self.further_kills.clear()
        if self._life is None:
            self.restart()

    def restart(self) -> None:
        """Another life on the same rows."""
        if self.further_kills:
            self.fuse.left = self.further_kills.pop(0)
        self._begin()

    async def close(self) -> None:
        await self.workflows.settle()
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        self.database.close()

    # --- doors -----------------------------------------------------------------------------------

    async def call(self, method: str, **args: Any) -> Any:
        """A call of the doors; raises the error that it answers."""
        call = Call(method=method, args=args, owner=OWNER, payer=PAYER)
        return result_of(await self.rpc(call.text()))

    async def rpc(self, text: str) -> str:
        """A call as it travels; nobody answers while the runtime is dead."""
        life = self._life
        if life is None:
            return failure(DependencyUnavailable("It is dead."))
        task = asyncio.get_running_loop().create_task(life.answer(text))
        self._background.add(task)  # type: ignore[arg-type]
        task.add_done_callback(self._gone)  # type: ignore[arg-type]
        await asyncio.wait([task])
        if task.cancelled() or isinstance(task.exception(), Killed):
            return failure(DependencyUnavailable("It died."))
        return task.result()

    async def start(self, **args: Any) -> str:
        """Starts a run; its id."""
        run_id: str = (await self.call("run.start", **args))["runId"]
        return run_id

    async def run(self, run_id: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.call("run.describe", runId=run_id)
        return found

    async def events(self, run_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while page := (await self.call("run.events", runId=run_id, since=len(found)))["events"]:
            found += page
        return found

    async def ended(self, run_id: str) -> dict[str, Any]:
        """Lets time pass until the run has ended; the run."""
        return await self.until(lambda run: run["endedAt"] is not None, run_id)

    async def until(
        self, condition: Callable[[dict[str, Any]], bool], run_id: str
    ) -> dict[str, Any]:
        """Lets time pass, and dead runtimes begin anew, until the run is so."""
        for _ in range(ROUNDS):
            await self.breathe()
            if self._life is None:
                self.restart()
                continue
            try:
                found = await self.run(run_id)
            except DependencyUnavailable:
                continue
            if condition(found):
                return found
            await self.pass_time(1)
        raise AssertionError(f"it never came true: {found}")

    async def breathe(self) -> None:
        """Lets everything that can go on go on."""
        for _ in range(60):
            await asyncio.sleep(0)

    async def pass_time(self, seconds: float) -> None:
        """The clock moves; the alarm rings."""
        self.clock.advance(seconds=seconds)
        self.workflows.tick()
        if self._life is not None:
            task = asyncio.get_running_loop().create_task(self.orchestrator.on_alarm())
            self._background.add(task)
            task.add_done_callback(self._gone)
            try:
                await task
            except (Killed, asyncio.CancelledError):
                pass

    async def balance(self) -> tuple[int, int]:
        """Available and reserved millicredits."""
        found = await self._ledger.balance(USER)
        return found.available, found.reserved

    # --- the rest of the world -------------------------------------------------------------------

    def sandbox(self, sandbox_id: str) -> FakeSandbox:
        """The sandbox of that id, made when it is first asked for."""
        if sandbox_id not in self.sandboxes:
            self.sandboxes[sandbox_id] = FakeSandbox(
                orchestrator=self.rpc, clock=self.clock, scripts=self._scripts
            )
        return self.sandboxes[sandbox_id]

    def _remote(self, sandbox_id: str) -> _SandboxRemote:
        return _SandboxRemote(self, sandbox_id)

    async def _ask(self, params: Mapping[str, Any], stage: str) -> dict[str, Any]:
        args = {"subject": params["subject"], "kind": params["kind"], "stage": stage}
        answer: dict[str, Any] = await self.call("workflow.stage", **args)
        return answer

    def _gone(self, task: asyncio.Task[Any]) -> None:
        self._background.discard(task)
        if not task.cancelled():
            task.exception()

    def _spawn(self, work: Callable[[], Awaitable[Any]]) -> None:
        async def run() -> None:
            try:
                await work()
            except Killed:
                pass

        task = asyncio.get_running_loop().create_task(run())
        self._background.add(task)
        task.add_done_callback(self._gone)


class _SandboxRemote:
    """A sandbox behind a network that the fuse may cut on either way."""

    def __init__(self, world: RunWorld, sandbox_id: str) -> None:
        self._world = world
        self._sandbox_id = sandbox_id

    async def call(self, method: str, arguments: Mapping[str, Any] | None = None) -> Any:
        await self._world.fuse.point()
        if self._world.unreachable:
            raise DependencyUnavailable("The sandbox did not answer.")
        found = await self._world.sandbox(self._sandbox_id).call(method, arguments or {})
        await self._world.fuse.point()
        return found


class _Fused:
    """A purse behind such a network."""

    def __init__(self, ledger: Ledger, fuse: Fuse) -> None:
        self._ledger = ledger
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._ledger, name)

        async def called(*args: Any, **kwargs: Any) -> Any:
            await self._fuse.point()
            found = await method(*args, **kwargs)
            await self._fuse.point()
            return found

        return called
