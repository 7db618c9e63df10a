"""``Sql`` on a Durable Object's SQLite, through the raw binding.

The SDK's wrapper converts every argument and result and costs about 100 µs a call, the raw cursor 8
(measured 2026-11, workerd 1.20261117.1). Values are null, text, integers below 2^53 and floats; a
bool or bytes would be stored as something else without a word, so they are refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pyodide.ffi import create_once_callable, jsnull

from littoral.store.sql import Row, Value

Result = TypeVar("Result")
_PLAIN = (str, int, float)


class DurableSql:
    """The database of one Durable Object. ``storage`` is the raw ``DurableObjectStorage``."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage
        self._exec = storage.sql.exec
        self._depth = 0

    def run(self, statement: str, *parameters: Value) -> int:
        cursor = self._exec(statement, *[_bound(value) for value in parameters])
        written: int = cursor.rowsWritten
        return written

    def rows(self, statement: str, *parameters: Value) -> list[Row]:
        cursor = self._exec(statement, *[_bound(value) for value in parameters])
        return [
            tuple(None if value is jsnull else value for value in row)
            for row in cursor.raw().toArray().to_py()
        ]

    def value(self, statement: str, *parameters: Value) -> Value:
        found = self.rows(statement, *parameters)
        return found[0][0] if found else None

    @property
    def in_transaction(self) -> bool:
        return self._depth > 0

    def transaction(self, work: Callable[[], Result]) -> Result:
        if self._depth:
            return work()
        box: list[Result] = []
        raised: list[BaseException] = []

        def inside() -> None:
            try:
                box.append(work())
            except BaseException as error:
                raised.append(error)
                raise

        self._depth += 1
        try:
            self._storage.transactionSync(create_once_callable(inside))
        except BaseException:
            if raised:
                raise raised[0] from None
            raise
        finally:
            self._depth -= 1
        return box[0]


def _bound(value: Any) -> Any:
    if value is None:
        return jsnull
    if type(value) in _PLAIN:
        return value
    raise TypeError(f"{value!r} cannot be stored: use text, a number or None")
