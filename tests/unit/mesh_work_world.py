"""A coordinator and its workers in memory, on the kernel's own world, with a database for receipts,
credits and projections. Offers travel directly instead of by a queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.credits.ledger import Ledger, grant_statement
from littoral.errors import LittoralError
from littoral.mesh.projections.projector import Projector
from littoral.mesh.projections.task_rows import TaskRows
from littoral.mesh.work.coordinator import Coordinator
from littoral.mesh.work.coordinator_effects import CoordinatorEffects
from littoral.mesh.work.function_work import FunctionWork
from littoral.mesh.work.model_work import ModelWork
from littoral.mesh.work.planner import Planner, PlanningSkill
from littoral.mesh.work.price import reservation
from littoral.mesh.work.receipts import DatabaseReceipts
from littoral.mesh.work.request import read_request
from littoral.mesh.work.task import ENDED
from littoral.mesh.work.worker import Worker
from littoral.mesh.work.working import Doing, Working
from littoral.models.breaker import Breaker
from littoral.models.chain import Link, ModelChain
from littoral.models.model import Model
from littoral.models.offline import OfflineModel
from tests.fakes.clock import ManualClock
from tests.fakes.database import FakeDatabase, ledger_of
from tests.fakes.mesh import OWNER, Chaos, MeshWorld

USER = "usr_1"
PAYER = f"{USER}.key_1"
GRANT = 90_000
LINES = "b\na\nb"


class FakeFunctions:
    """Functions that add numbers up; ``calls`` counts jobs by their key, ``fails`` the failures to
    come."""

    def __init__(self) -> None:
        self.calls: dict[str, int] = {}
        self.fails: list[LittoralError] = []

    async def call(self, method: str, args: Mapping[str, Any], *, payer: str) -> Any:
        assert payer == PAYER
        if self.fails:
            raise self.fails.pop(0)
        key = args["idempotencyKey"]
        self.calls[key] = self.calls.get(key, 0) + 1
        return {
            "jobId": f"job_{len(self.calls)}",
            "status": "completed",
            "type": "code",
            "result": sum(args["args"]),
        }


class WorkWorld(MeshWorld):
    """``pool`` workers. ``kinds`` replaces who does which work."""

    def __init__(
        self,
        *,
        pool: int = 3,
        chaos: Chaos | None = None,
        model: Model | None = None,
        kinds: Mapping[str, Doing] | None = None,
        database: FakeDatabase | None = None,
    ) -> None:
        self.database = database or FakeDatabase()
        clock = ManualClock()
        self.ledger: Ledger = ledger_of(self.database, clock)
        self.functions = FakeFunctions()
        self.scopes: tuple[str, ...] = ("functions",)
        self.receipts = DatabaseReceipts(self.database, clock, OWNER)
        self.model = model or _offline(clock)
        planner = Planner(self.model, max_output_tokens=1024, timeout_seconds=30)
        effects = CoordinatorEffects(planner, self.ledger, self.receipts, clock)
        doing: Mapping[str, Doing] = {
            "model": ModelWork(self.model, max_output_tokens=1024, timeout_seconds=30).do,
            "function": FunctionWork(self.functions).do,
            **(kinds or {}),
        }
        names = [f"worker-{number}" for number in range(1, pool + 1)]
        workers = {name: Worker(Working(name, self.receipts, clock, doing)) for name in names}
        super().__init__(
            {"coordinator": Coordinator(effects, pool_size=pool), **workers}, chaos=chaos
        )
        self.clock = clock
        self.projector = Projector(self.database)
        self.rows = TaskRows(self.database, OWNER)
        self._numbers = 0

    async def ready(self) -> WorkWorld:
        """Gives the user credits."""
        now = self.clock.now_ms()
        await self.database.batch([grant_statement(USER, GRANT, ref="first", now_ms=now)])
        return self

    async def start(self, task_id: str | None = None, *, fund: bool = True, **asked: Any) -> str:
        """What the route does, until somebody answers; the task's id."""
        self._numbers += 1
        task_id = task_id or f"mtk_{self._numbers:022d}"
        request = read_request(asked)
        amount = reservation(request, model="offline", max_output_tokens=1024)
        body = {"taskId": task_id, "payer": PAYER, "reserve": amount, "asked": asked}
        body["scopes"] = list(self.scopes)
        found = await self.tell("task.start", task_id, body)
        if fund and not found["funded"]:
            await self.ledger.reserve(USER, amount, ref=task_id, kind="mesh")
            await self.tell("task.fund", task_id, {"taskId": task_id})
        return task_id

    async def tell(self, kind: str, task_id: str, body: Mapping[str, Any]) -> Any:
        return await self.send("coordinator", kind, body, correlation_id=task_id)

    async def cancel(self, task_id: str, reason: str = "") -> Any:
        return await self.tell("task.cancel", task_id, {"taskId": task_id, "reason": reason})

    def task(self, task_id: str) -> Any:
        """The task in the coordinator's state."""
        return self.state("coordinator")["tasks"].get(task_id)

    async def until_ended(self, *task_ids: str, seconds: float = 3_600) -> None:
        """Until the tasks have ended and their credits are settled."""

        def done() -> bool:
            found = self.nodes["coordinator"].living().agent.engine.memory.state["tasks"]
            return all(
                found[each]["status"] in ENDED and found[each]["settled"] for each in task_ids
            )

        await self.run_until(done, seconds=seconds)

    async def project(self) -> None:
        """Gives all events to the projections, as the owner's mesh does."""
        for name in self.nodes:
            await self.projector.apply(OWNER, self.events(name))

    async def described(self, task_id: str) -> dict[str, Any]:
        """The task as callers see it."""
        await self.project()
        found = await self.rows.described(task_id)
        assert found is not None
        return found

    async def balance(self) -> tuple[int, int]:
        """What the user has, and what is set aside."""
        found = await self.ledger.balance(USER)
        return found.available, found.reserved


def _offline(clock: ManualClock) -> Model:
    link = Link(id="offline", model=OfflineModel((PlanningSkill(),)), breaker=Breaker(clock))
    return ModelChain([link], clock=clock, random=lambda: 0.5)
