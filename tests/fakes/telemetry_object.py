"""The telemetry's object in memory: the real contents on the standard library's SQLite."""

from __future__ import annotations

from typing import Any

from littoral.api.envelope import Call, result_of
from littoral.api.gateway import JsonObject
from littoral.clock import Clock
from littoral.jsontext import dumps
from littoral.ops.recorder import Recorder
from littoral.ops.telemetry import TELEMETRY_SCHEMAS, Telemetry
from littoral.store.migrations import migrate
from tests.fakes.sqlite import Sqlite


class TelemetryObject:
    """``littoral.api.gateway.Remote``; ``tell`` stands where the platform tells batches."""

    def __init__(self, clock: Clock, sql: Sqlite | None = None) -> None:
        self._sql = sql or Sqlite()
        migrate(self._sql, TELEMETRY_SCHEMAS)
        self.contents = Telemetry(self._sql, clock)
        self._told = 0

    async def call(self, method: str, arguments: JsonObject | None = None) -> Any:
        text = Call(method=method, args=arguments or {}).text()
        return result_of(await self.contents.answer(text))

    async def tell(self, recorder: Recorder, *, batch_id: str = "") -> None:
        """Tells what a recorder has noted."""
        self._told += 1
        name = batch_id or f"isolate-{self._told}"
        await self.call("batch", {"id": name, "body": dumps(recorder.take().batch)})

    def close(self) -> None:
        self._sql.close()
