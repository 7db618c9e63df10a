"""``Sql`` on the standard library's SQLite: what unit tests run on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from littoral.store.sql import Row, Value

Result = TypeVar("Result")


class Sqlite:
    """One database, in memory or in a file (a file survives a simulated kill)."""

    def __init__(self, path: Path | None = None) -> None:
        self._connection = sqlite3.connect(
            str(path) if path else ":memory:", isolation_level=None, check_same_thread=False
        )
        self._depth = 0

    @property
    def rows_written(self) -> int:
        """Rows written so far; unlike the platform's count it leaves the rows of indexes out."""
        return self._connection.total_changes

    def run(self, statement: str, *parameters: Value) -> int:
        if not parameters and ";" in statement.rstrip().rstrip(";"):
            return self._run_several(statement)
        before = self._connection.total_changes
        self._execute(statement, parameters).close()
        return self._connection.total_changes - before

    def _run_several(self, script: str) -> int:
        statement = ""
        written = 0
        for piece in script.split(";"):
            statement += piece + ";"
            if sqlite3.complete_statement(statement):
                if statement.strip(" \n;"):
                    written += self.run(statement.strip().rstrip(";"))
                statement = ""
        return written

    def rows(self, statement: str, *parameters: Value) -> list[Row]:
        return [tuple(row) for row in self._execute(statement, parameters).fetchall()]

    def value(self, statement: str, *parameters: Value) -> Value:
        found = self._execute(statement, parameters).fetchone()
        return None if found is None else found[0]

    def _execute(self, statement: str, parameters: tuple[Value, ...]) -> sqlite3.Cursor:
        for value in parameters:
            if value is not None and type(value) not in (str, int, float):
                raise TypeError(f"{value!r} cannot be stored: use text, a number or None")
        return self._connection.execute(statement, parameters)

    @property
    def in_transaction(self) -> bool:
        return self._depth > 0

    def transaction(self, work: Callable[[], Result]) -> Result:
        if self._depth:
            return work()
        self._connection.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            result = work()
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        else:
            self._connection.execute("COMMIT")
            return result
        finally:
            self._depth -= 1

    def close(self) -> None:
        """Lets go of the database; happens by itself when nobody holds the double any more."""
        self._connection.close()

    def __del__(self) -> None:
        self.close()
