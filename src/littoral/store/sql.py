"""The SQLite database that every agent object owns, as the package sees it.

The platform's implementation is ``littoral.platform.sql``; tests use ``tests.fakes.sqlite``, which
runs the same statements on the standard library's SQLite. Both pass the same contract tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

Value = str | int | float | None
"""What a statement takes and a row holds. No bool and no bytes: store 0/1 and text."""

Row = tuple[Value, ...]
Result = TypeVar("Result")


class Sql(Protocol):
    """Synchronous SQLite with ``?`` parameters.

    Writes of one event are durable before anything that the object sends afterwards leaves it
    (Durable Objects hold output back until storage has confirmed).
    """

    def run(self, statement: str, *parameters: Value) -> int:
        """Executes one statement, or several without parameters; gives the rows written."""
        ...

    def rows(self, statement: str, *parameters: Value) -> list[Row]:
        """All rows of one query."""
        ...

    def value(self, statement: str, *parameters: Value) -> Value:
        """First column of the first row, or ``None`` when there is no row."""
        ...

    @property
    def in_transaction(self) -> bool:
        """Whether ``transaction`` runs, so that what is written may be rolled back."""
        ...

    def transaction(self, work: Callable[[], Result]) -> Result:
        """Runs ``work`` atomically: an exception rolls everything back and is raised again.

        ``work`` must not await. Calls nest: an inner one joins the outer.
        """
        ...
