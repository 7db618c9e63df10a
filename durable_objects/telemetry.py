"""The telemetry's object: hands calls and its alarm to ``littoral.ops.telemetry``."""

from __future__ import annotations

from typing import Any

from workers import DurableObject

from littoral.clock import SystemClock
from littoral.ops.telemetry import FOLD_AFTER_MS, TELEMETRY_SCHEMAS
from littoral.ops.telemetry import Telemetry as Contents
from littoral.platform.event_loop import mend_event_loop
from littoral.platform.sql import DurableSql
from littoral.store.migrations import migrate


class Telemetry(DurableObject):
    """There is one, named ``all``."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        mend_event_loop()
        self._storage = getattr(ctx, "_ctx", ctx).storage
        self._clock = SystemClock()
        self._contents: Contents | None = None
        self._fold_at_ms = 0

    async def rpc(self, text: str) -> str:
        """One call as a JSON string, answered by one."""
        contents = self._opened()
        self._arm()
        return await contents.answer(text)

    async def alarm(self, *_: Any) -> None:
        """Adds up what came since; there is no alarm while nothing comes."""
        self._fold_at_ms = 0
        self._opened().fold()

    def _arm(self) -> None:
        """An alarm follows every call, so that nothing waits for long in the rows."""
        now = self._clock.now_ms()
        if now >= self._fold_at_ms:
            self._fold_at_ms = now + FOLD_AFTER_MS
            self._storage.setAlarm(self._fold_at_ms)

    def _opened(self) -> Contents:
        if self._contents is None:
            sql = DurableSql(self._storage)
            migrate(sql, TELEMETRY_SCHEMAS)
            self._contents = Contents(sql, self._clock)
        return self._contents
