"""``Database`` on D1, through the raw binding.

Values go in one by one, answers come out as one JSON string (the SDK's wrapper would convert them
cell by cell). A call that has not been answered in time is given up; D1 itself repeats reads.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Sequence
from typing import Any

import js
from pyodide.ffi import JsException, jsnull

from littoral.clock import Clock
from littoral.credits.amount import MILLI
from littoral.credits.ledger import Ledger
from littoral.errors import DependencyUnavailable
from littoral.settings import Settings
from littoral.store.database import ConstraintBroken, Outcome, Statement, require_storable
from littoral.store.sql import Row, Value

CALL_SECONDS = 10.0

_log = logging.getLogger(__name__)


class D1Database:
    """One D1 database. ``binding`` is the raw ``env.DB``."""

    def __init__(self, binding: Any, *, call_seconds: float = CALL_SECONDS) -> None:
        self._binding = binding
        self._call_seconds = call_seconds

    async def rows(self, text: str, *values: Value) -> list[Row]:
        found = await self._answer(self._prepared(text, values).raw())
        return [tuple(row) for row in found]

    async def batch(self, statements: Sequence[Statement]) -> list[Outcome]:
        if not statements:
            return []
        prepared = js.Array.new()
        for each in statements:
            prepared.push(self._prepared(each.text, each.values))
        return [_outcome(each) for each in await self._answer(self._binding.batch(prepared))]

    def _prepared(self, text: str, values: Sequence[Value]) -> Any:
        require_storable(values)
        statement = self._binding.prepare(text)
        if not values:
            return statement
        return statement.bind(*[jsnull if value is None else value for value in values])

    async def _answer(self, promise: Awaitable[Any]) -> Any:
        try:
            async with asyncio.timeout(self._call_seconds):
                return json.loads(js.JSON.stringify(await promise))
        except JsException as error:
            raise _meaning(str(error)) from None
        except TimeoutError:
            _log.error("the database did not answer within %s seconds", self._call_seconds)
            raise DependencyUnavailable("The database did not answer in time.") from None


def open_ledger(env: Any, settings: Settings, clock: Clock) -> Ledger:
    """The ledger of this deployment. ``env`` is the raw environment of the Worker or an object."""
    budget = settings.daily_budget_credits * MILLI
    return Ledger(D1Database(env.DB), clock, daily_budget=budget)


def _outcome(result: Any) -> Outcome:
    rows = [tuple(row.values()) for row in result["results"] or ()]
    return Outcome(rows=rows, changes=int(result["meta"].get("changes") or 0))


def _meaning(message: str) -> Exception:
    """The error behind D1's text, which ends with SQLite's own code."""
    if "SQLITE_CONSTRAINT" in message or "constraint failed" in message:
        return ConstraintBroken(message)
    if "SQLITE_ERROR" in message:
        return RuntimeError(message)
    _log.error("the database failed: %s", message)
    return DependencyUnavailable("The database did not answer.")
