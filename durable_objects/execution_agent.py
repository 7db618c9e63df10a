"""The Durable Object of executions: hands the platform's events to ``littoral.registry``."""

from __future__ import annotations

from typing import Any

from workers import DurableObject

from littoral.agent.alarm import AlarmClock
from littoral.clock import SystemClock
from littoral.platform.alarm import DurableAlarm
from littoral.platform.database import D1Database, open_ledger
from littoral.platform.event_loop import mend_event_loop
from littoral.platform.gateway import raw_env
from littoral.platform.memory import DurablePassages
from littoral.platform.registry import DurableEar, models_by_name
from littoral.platform.runtime import Background, read_settings
from littoral.platform.sql import DurableSql
from littoral.platform.telemetry import ObjectTelemetry
from littoral.registry.execution_calls import ExecutionCalls
from littoral.registry.executor import Executor
from littoral.registry.ports import Place


class ExecutionAgent(DurableObject):
    """Executions of one agent in one place. Its name is ``<owner>/<agent id>.<place>``."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        mend_event_loop()
        self._state = getattr(ctx, "_ctx", ctx)
        self._env = raw_env(env)
        self._background = Background()
        self._telemetry = ObjectTelemetry(self._env, self._background.spawn, "execution-agent")
        self._opened: tuple[Executor, ExecutionCalls] | None = None

    def _parts(self) -> tuple[Executor, ExecutionCalls]:
        """The executions and their calls; made when the first event needs them."""
        if self._opened is None:
            clock, settings = SystemClock(), read_settings(self._env)
            place = Place(
                owner=str(self._state.id.name).partition("/")[0],
                sql=DurableSql(self._state.storage),
                alarm=AlarmClock(DurableAlarm(self._state.storage)),
                till=open_ledger(self._env, settings, clock),
                database=D1Database(self._env.DB),
                model_named=models_by_name(self._env, settings, clock),
                passages=DurablePassages(self._env),
                ear=DurableEar(self._env, self._background),
            )
            executor = Executor(place, settings=settings, clock=clock)
            executor.on_start()
            self._opened = (executor, ExecutionCalls(executor))
        return self._opened

    async def rpc(self, text: str) -> str:
        """One call of the executions' methods, as an envelope in and out."""
        return await self._telemetry.call(text, self._parts()[1].answer)

    async def alarm(self, *_: Any) -> None:
        self._telemetry.arrange()
        await self._parts()[0].on_alarm()
