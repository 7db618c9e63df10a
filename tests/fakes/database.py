"""``Database`` on the standard library's SQLite, with the project's own migrations."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from _lib import project
from littoral.clock import Clock
from littoral.credits.amount import MILLI
from littoral.credits.ledger import Ledger
from littoral.errors import DependencyUnavailable
from littoral.store.database import ConstraintBroken, Outcome, Statement, require_storable
from littoral.store.sql import Row, Value

MIGRATIONS = project.ROOT / "migrations"


def ledger_of(database: FakeDatabase, clock: Clock) -> Ledger:
    """The ledger of a deployment with a budget of a hundred credits a day."""
    return Ledger(database, clock, daily_budget=100 * MILLI)


class FakeDatabase:
    """One database. ``migrate=False`` leaves it empty; ``path`` makes it survive the object.

    ``calls`` counts round trips. ``pause`` is awaited before and after each, so that a test
    decides how concurrent callers interleave. While ``down``, nothing is answered; with
    ``lose_answers`` above zero that many calls are carried out and their answers lost.
    """

    def __init__(self, path: Path | None = None, *, migrate: bool = True) -> None:
        self._connection = sqlite3.connect(
            str(path) if path else ":memory:", isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA foreign_keys = ON")
        self.calls = 0
        self.down = False
        self.lose_answers = 0
        self.pause: Callable[[], Awaitable[object]] | None = None
        if migrate:
            self._migrate()

    def _migrate(self) -> None:
        known = "SELECT 1 FROM sqlite_master WHERE type = 'table'"
        if self._connection.execute(known).fetchone() is None:
            for file in sorted(MIGRATIONS.glob("*.sql")):
                self._connection.executescript(file.read_text(encoding="utf-8"))

    async def rows(self, text: str, *values: Value) -> list[Row]:
        return (await self.batch([Statement(text=text, values=values)]))[0].rows

    async def batch(self, statements: Sequence[Statement]) -> list[Outcome]:
        for each in statements:
            require_storable(each.values)
        if not statements:
            return []
        await self._wait()
        outcomes = self._run(statements)
        await self._wait()
        if self.lose_answers:
            self.lose_answers -= 1
            raise DependencyUnavailable("The answer was lost.")
        return outcomes

    async def _wait(self) -> None:
        await (self.pause() if self.pause else asyncio.sleep(0))

    def _run(self, statements: Sequence[Statement]) -> list[Outcome]:
        self.calls += 1
        if self.down:
            raise DependencyUnavailable("The database did not answer.")
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            outcomes = [self._one(each) for each in statements]
            self._connection.execute("COMMIT")
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.IntegrityError):
                raise ConstraintBroken(str(error)) from None
            if isinstance(error, sqlite3.Error):
                raise RuntimeError(str(error)) from None
            raise
        return outcomes

    def _one(self, statement: Statement) -> Outcome:
        before = self._connection.total_changes
        cursor = self._connection.execute(statement.text, statement.values)
        rows = [tuple(row) for row in cursor.fetchall()]
        return Outcome(rows=rows, changes=self._connection.total_changes - before)

    def close(self) -> None:
        """Lets go of the database; happens by itself when nobody holds the double any more."""
        self._connection.close()

    def __del__(self) -> None:
        self.close()
