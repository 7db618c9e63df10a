"""The Durable Object of an agent's memory: hands calls and the alarm to ``littoral.memory``."""

from __future__ import annotations

import asyncio
from typing import Any

from workers import DurableObject

from littoral.agent.alarm import AlarmClock
from littoral.api.envelope import failure
from littoral.clock import RandomIds, SystemClock
from littoral.memory.calls import MemoryCalls
from littoral.memory.memory import Memory, Place
from littoral.models.embeddings.deployment import build_embedder
from littoral.platform.ai import EnvAi
from littoral.platform.alarm import DurableAlarm
from littoral.platform.database import open_ledger
from littoral.platform.event_loop import mend_event_loop
from littoral.platform.gateway import raw_env
from littoral.platform.http import FetchClient
from littoral.platform.runtime import Background, read_settings
from littoral.platform.sql import DurableSql
from littoral.platform.telemetry import ObjectTelemetry
from littoral.platform.vectorize import choose_index


class AgentMemory(DurableObject):
    """One agent's memory. Its name is ``<owner>/<agent id>``; only the Worker makes such names."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        mend_event_loop()
        self._state = getattr(ctx, "_ctx", ctx)
        self._env = raw_env(env)
        self._memory: Memory | None = None
        self._opening = asyncio.Lock()
        self._background = Background()
        self._telemetry = ObjectTelemetry(self._env, self._background.spawn, "agent-memory")

    async def _opened(self) -> Memory:
        """The memory; made when the first event needs it."""
        async with self._opening:
            if self._memory is None:
                self._memory = await self._made()
        return self._memory

    async def _made(self) -> Memory:
        settings, clock = read_settings(self._env), SystemClock()
        sql = DurableSql(self._state.storage)
        binding = getattr(self._env, "AI", None)
        place = Place(
            name=str(self._state.id.name),
            sql=sql,
            alarm=AlarmClock(DurableAlarm(self._state.storage)),
            till=open_ledger(self._env, settings, clock),
            embedder=build_embedder(
                settings, ai=EnvAi(binding) if binding else None, http=FetchClient()
            ),
            index=await choose_index(self._env, settings, sql),
            clock=clock,
            ids=RandomIds(),
            jobs_per_hour=settings.jobs_per_hour,
        )
        memory = Memory(place)
        memory.on_start()
        return memory

    async def rpc(self, text: str) -> str:
        """One call of the memory's methods, as an envelope in and out."""
        return await self._telemetry.call(text, self._answer)

    async def _answer(self, text: str) -> str:
        try:
            memory = await self._opened()
        except Exception as error:  # noqa: BLE001 - exception types do not survive RPC
            return failure(error)
        return await MemoryCalls(memory).answer(text)

    async def alarm(self, *_: Any) -> None:
        await (await self._opened()).on_alarm()
