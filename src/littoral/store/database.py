"""The relational database that all parts of a deployment share (D1), as the package sees it.

Accounts, credits and usage live there: what belongs to one agent object lies in its own ``Sql``.
The platform's implementation is ``littoral.platform.database``; tests use ``tests.fakes.database``,
which runs the same migrations on the standard library's SQLite. Both pass the same contract tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from littoral.store.sql import Row, Value

LARGEST_WHOLE = 2**53 - 2
"""Whole numbers beyond this (either sign) are refused: they would reach D1 as a BigInt."""


class ConstraintBroken(Exception):
    """A CHECK, UNIQUE, NOT NULL or a trigger refused a write; nothing of its batch was kept.

    The text is the database's own: it holds the name of a CHECK, ``table.column`` of a UNIQUE, or
    the words of a trigger.
    """


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement with ``?`` parameters, in order."""

    text: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one statement of a batch did: its rows, and how many rows it changed."""

    rows: list[Row]
    changes: int


class Database(Protocol):
    """Asynchronous SQLite that others use at the same time; every call is a network call.

    Both methods raise ``ConstraintBroken``, ``ValueError``/``TypeError`` for a value that cannot be
    stored, ``RuntimeError`` for a statement that SQLite does not understand, and
    ``DependencyUnavailable`` when there is no answer in time. After the last of these a write
    may or may not have happened: write such that repeating is safe.
    """

    async def rows(self, text: str, *values: Value) -> list[Row]:
        """All rows of one statement. A single write may use it too (``RETURNING``)."""
        ...

    async def batch(self, statements: Sequence[Statement]) -> list[Outcome]:
        """Runs the statements in order as ONE transaction: all of them, or none.

        Columns of a query in a batch need names that differ and are no numbers.
        """
        ...


def require_storable(values: Sequence[Value]) -> None:
    """Refuses what the database would store as something else without a word."""
    for value in values:
        if value is None or type(value) in (str, float):
            continue
        if type(value) is not int:
            raise TypeError(f"{value!r} cannot be stored: use text, a number or None")
        if not -LARGEST_WHOLE <= value <= LARGEST_WHOLE:
            raise ValueError(f"{value} cannot be stored: whole numbers go up to 2^53 - 2")
