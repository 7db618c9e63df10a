"""What a query gave, kept in memory for as long as the rows stay as they are.

The one who owns the rows drops it with each write. Inside a transaction nothing is kept: what is
read there may be rolled back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from littoral.store.sql import Sql

Result = TypeVar("Result")


class Kept(Generic[Result]):
    """The result of ``read``, which asks the database."""

    def __init__(self, sql: Sql, read: Callable[[], Result]) -> None:
        self._sql = sql
        self._read = read
        self._found: list[Result] = []

    def get(self) -> Result:
        """The result, the same object until it is dropped."""
        if self._found:
            return self._found[0]
        found = self._read()
        if not self._sql.in_transaction:
            self._found.append(found)
        return found

    def drop(self) -> None:
        """To be called with each write of the rows, and when they were taken away."""
        self._found.clear()
