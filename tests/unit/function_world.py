"""An owner's functions with everything around them in memory; they may be killed at any await.

Rows and credits survive a kill, messages of the queue do not: that is what a local crash leaves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import Call, failure, result_of
from littoral.credits.ledger import Ledger
from littoral.errors import DependencyUnavailable
from littoral.functions.calls import FunctionCalls
from littoral.functions.functions import Functions
from littoral.functions.job import Job, JobInput, Made
from littoral.functions.objects.offline import ObjectDocuments
from littoral.functions.ports import Maker, Place
from littoral.functions.queueing import DEAD_QUEUE, QUEUE, Consumer, JobMessage
from littoral.models.model import Model
from littoral.models.offline import OfflineModel
from littoral.settings import Settings
from tests.fakes.builds import FakeBuilds
from tests.fakes.clock import ManualClock
from tests.fakes.connections import FakeConnections
from tests.fakes.database import FakeDatabase
from tests.fakes.fuse import FusedPurse
from tests.fakes.ids import LongIds
from tests.fakes.job_queue import FakeQueue
from tests.fakes.session_object import SilentAlarm
from tests.fakes.sqlite import Sqlite
from tests.fakes.workflow_engine import Fuse, Killed

OWNER = "own_0000000000000000000001"
USER = "usr_0000000000000000000001"
PAYER = f"{USER}.key_1"
GRANT = 1_000_000
SORTED = {"description": "Sort array of numbers", "args": {"numbers": [3, 1, 4, 1, 5]}}


class SortingCode:
    """A maker of code that can do one thing; ``failures`` are raised first, one a try."""

    def __init__(self, fuse: Fuse) -> None:
        self._fuse = fuse
        self.failures: list[Exception] = []
        self.runs = 0
        self.hold: asyncio.Event | None = None

    async def make(self, job: Job, asked: JobInput, told: Callable[[str], None]) -> Made:
        await self._fuse.point()
        self.runs += 1
        told("running the code")
        if self.hold is not None:
            await self.hold.wait()
        if self.failures:
            raise self.failures.pop(0)
        await self._fuse.point()
        numbers = (asked.args or {}).get("numbers", [])
        return Made(result=sorted(numbers), seconds=0.2, code={"language": "python", "hash": "h"})


class FunctionWorld:
    """One owner. ``call`` is what the doors do, ``pass_time`` what clock and platform do."""

    def __init__(self, *, model: Model | None = None, **settings: Any) -> None:
        self.clock = ManualClock()
        self.sql = Sqlite()
        self.database = FakeDatabase()
        self.connections = FakeConnections()
        self.fuse = Fuse()
        self.fuse.on_end = self._die
        self.kills = 0
        self.further_kills: list[int] = []
        self.queue = FakeQueue(self.clock, self.fuse)
        self.builds = FakeBuilds(self.fuse)
        self.code = SortingCode(self.fuse)
        self._ids = LongIds()
        self._settings = Settings(**{"default_model": "offline", **settings})
        self._model = model or OfflineModel((ObjectDocuments(),), ids=self._ids)
        self._ledger = Ledger(self.database, self.clock, daily_budget=10**9)
        self._alarm = SilentAlarm()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._life: FunctionCalls | None = None
        self.functions = self._begin()

    async def ready(self, granted: int = GRANT) -> FunctionWorld:
        """Gives the user millicredits."""
        await self._ledger.grant(USER, granted, ref="signup")
        return self

    # --- lives -----------------------------------------------------------------------------------

    def _begin(self) -> Functions:
        code: Maker = self.code
        functions = Functions(
            Place(
                owner=OWNER,
                sql=self.sql,
                connections=self.connections,
                alarm=AlarmClock(self._alarm),
                purse=FusedPurse(self._ledger, self.fuse),
                queue=self.queue,
                builds=self.builds,
            ),
            settings=self._settings,
            model=self._model,
            code=code,
            clock=self.clock,
            ids=self._ids,
            jitter=lambda: 0.5,
        )
        functions.on_start()
        self._life = FunctionCalls(functions)
        self.functions = functions
        return functions

    def _die(self) -> None:
        self.kills += 1
        self._life = None
        self.queue.lose_everything()
        for task in (*self._tasks, *self.functions.working.tasks()):
            if task is not asyncio.current_task():
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
        await asyncio.gather(*self._tasks, *self.functions.working.tasks(), return_exceptions=True)
        self.database.close()
        self.sql.close()

    # --- doors -----------------------------------------------------------------------------------

    async def call(self, method: str, **args: Any) -> Any:
        """A call of the doors; raises the error that it answers."""
        call = Call(method=method, args=args, owner=OWNER, payer=PAYER)
        return result_of(await self._alive(lambda life: life.answer(call.text())))

    async def _alive(self, work: Callable[[FunctionCalls], Any]) -> str:
        """Something that the runtime does; it is not answered when the runtime dies of it."""
        if self._life is None:
            return failure(DependencyUnavailable("It is dead."))
        task = asyncio.get_running_loop().create_task(work(self._life))
        self._tasks.add(task)
        task.add_done_callback(self._gone)
        await asyncio.wait([task])
        if task.cancelled() or isinstance(task.exception(), Killed):
            return failure(DependencyUnavailable("It died."))
        return str(task.result())

    def _gone(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

    async def execute(self, **args: Any) -> dict[str, Any]:
        """A call of a function; its answer."""
        found: dict[str, Any] = await self.call("function.execute", **{**SORTED, **args})
        return found

    async def queued(self, **args: Any) -> str:
        """A call in async mode; the job's id."""
        options = {"mode": "async", **args.pop("options", {})}
        return str((await self.execute(**args, options=options))["jobId"])

    async def job(self, job_id: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.call("job.describe", jobId=job_id)
        return found

    async def types(self, job_id: str) -> list[str]:
        """The types of all events of a job."""
        page = await self.call("job.events", jobId=job_id, limit=500)
        numbers = [each["number"] for each in page["events"]]
        assert numbers == list(range(1, len(numbers) + 1))
        return [each["type"] for each in page["events"]]

    # --- the rest of the world -------------------------------------------------------------------

    async def deliver(self) -> None:
        """Hands out every message of both queues that is due."""
        consumer = Consumer(self._ask, self._bury)
        for name in (QUEUE, DEAD_QUEUE):
            for delivery in self.queue.due(name):
                await consumer.take(name, delivery)

    async def pass_time(self, seconds: float) -> None:
        """Time passes in steps of at most five seconds; messages come, the alarm rings."""
        end = self.clock.at_ms + int(seconds * 1000)
        while True:
            if self._life is None:
                self.restart()
            await self.deliver()
            await self._ring()
            if self.clock.at_ms >= end:
                return
            self.clock.at_ms = min(end, self.clock.at_ms + 5_000)

    async def until_ended(self, job_id: str, *, rounds: int = 300) -> dict[str, Any]:
        """Lets time pass until the job has ended and is settled."""
        for _ in range(rounds):
            await self.pass_time(5)
            if self._life is not None:
                job = await self._peek(job_id)
                if job is not None and job["endedAt"] and job["credits"]["settled"] is not None:
                    return job
        raise AssertionError(f"{job_id} did not end")

    async def _peek(self, job_id: str) -> Mapping[str, Any] | None:
        try:
            return await self.job(job_id)
        except DependencyUnavailable:
            return None

    async def _ring(self) -> None:
        at_ms = self._alarm.at_ms
        if at_ms is None or at_ms > self.clock.at_ms:
            return
        self._alarm.at_ms = None

        async def ring(_: FunctionCalls) -> str:
            await self.functions.on_alarm()
            return ""

        await self._alive(ring)
        if self._life is None or self._alarm.at_ms is None:
            self._alarm.at_ms = self.clock.at_ms + 1_000 if self._life is None else None

    async def _ask(self, owner: str, method: str, args: dict[str, Any]) -> Any:
        assert owner == OWNER
        return await self.call(method, **args)

    async def _bury(self, text: str) -> None:
        message = JobMessage.read(text)
        assert message is not None
        self.queue.put(DEAD_QUEUE, message)

    async def balance(self) -> tuple[int, int]:
        """Available and reserved millicredits."""
        found = await self._ledger.balance(USER)
        return found.available, found.reserved
