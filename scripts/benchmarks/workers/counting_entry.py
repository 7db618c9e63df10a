"""The Worker's entry with a count of what its chat objects write; only the run that counts uses it.

What is billed as a row written: rows of statements, and each alarm that is set.
"""

from __future__ import annotations

from typing import Any

import js
from instant_entry import Default as PlainDefault
from instant_entry import SessionDirectory, Telemetry
from instant_entry import TaskAgent as PlainTaskAgent

__all__ = ["Default", "SessionDirectory", "TaskAgent", "Telemetry"]

_written = [0]


class _Counting:
    """Passes everything on to a raw object; the attributes that are given stand in front."""

    def __init__(self, raw: Any, **instead: Any) -> None:
        self._raw = raw
        self.__dict__.update(instead)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


class TaskAgent(PlainTaskAgent):
    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        storage = self._state.storage
        sql = _Counting(storage.sql, exec=_counting_exec(storage.sql.exec))
        alarm = _counting_alarm(storage.setAlarm)
        self._state = _Counting(self._state, storage=_Counting(storage, sql=sql, setAlarm=alarm))


class Default(PlainDefault):
    async def fetch(self, request: Any) -> Any:
        raw = getattr(request, "js_object", request)
        if raw.url.endswith("/rows"):
            return js.Response.new(f'{{"rows":{_written[0]}}}')
        return await super().fetch(request)


def _counting_exec(call: Any) -> Any:
    def counted(*statement: Any) -> Any:
        cursor = call(*statement)
        _written[0] += cursor.rowsWritten
        return cursor

    return counted


def _counting_alarm(call: Any) -> Any:
    def counted(*values: Any) -> Any:
        _written[0] += 1
        return call(*values)

    return counted
