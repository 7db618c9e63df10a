"""What every ``Database`` must do. Runs under CPython on SQLite, and inside workerd on D1.

Each check is a coroutine function of one database and a name for a table that nobody else uses.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from littoral.store.database import ConstraintBroken, Database, Statement

Check = Callable[[Database, str], Awaitable[None]]


async def raises(kind: type[BaseException], work: Awaitable[Any]) -> BaseException:
    """Awaits ``work`` and gives the exception of that kind that it raised."""
    try:
        await work
    except kind as error:
        return error
    raise AssertionError(f"nothing of {kind.__name__} was raised")


async def values_come_back_as_they_went(database: Database, table: str) -> None:
    await database.rows(f"CREATE TABLE {table} (a, b, c, d, e)")
    row = (None, "ä 日本 🌊 \x01", 2**53 - 2, 1.5, "")
    await database.rows(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)", *row)
    assert await database.rows(f"SELECT * FROM {table}") == [row]
    (outcome,) = await database.batch([Statement(text=f"SELECT * FROM {table}")])
    assert outcome.rows == [row]


async def what_cannot_be_stored_is_refused(database: Database, table: str) -> None:
    await database.rows(f"CREATE TABLE {table} (a)")
    for value in (True, b"bytes", {"a": 1}, [1], object(), 2**53 - 1, -(2**53) + 1):
        insert = database.rows(f"INSERT INTO {table} VALUES (?)", value)  # type: ignore[arg-type]
        await raises((TypeError, ValueError), insert)  # type: ignore[arg-type]
    assert await database.rows(f"SELECT * FROM {table}") == []


async def rows_keep_the_order_of_their_columns(database: Database, table: str) -> None:
    await database.rows(f"CREATE TABLE {table} (z, a, m)")
    text = f"INSERT INTO {table} VALUES (1, 2, 3) RETURNING m, z, a"
    assert await database.rows(text) == [(3, 1, 2)]
    (outcome,) = await database.batch([Statement(text=f"SELECT a, z, m FROM {table}")])
    assert outcome.rows == [(2, 1, 3)]


async def two_columns_of_one_name_are_both_there(database: Database, table: str) -> None:
    await database.rows(f"CREATE TABLE {table} (a)")
    await database.rows(f"INSERT INTO {table} VALUES (1)")
    assert await database.rows(f"SELECT a, a FROM {table}") == [(1, 1)]


async def a_batch_says_what_each_statement_did(database: Database, table: str) -> None:
    await database.rows(f"CREATE TABLE {table} (a)")
    outcomes = await database.batch(
        [
            Statement(text=f"INSERT INTO {table} VALUES (?), (?)", values=(1, 2)),
            Statement(text=f"UPDATE {table} SET a = 9 WHERE a > ?", values=(5,)),
            Statement(text=f"SELECT sum(a) AS total FROM {table}"),
        ]
    )
    assert [each.changes for each in outcomes] == [2, 0, 0]
    assert [each.rows for each in outcomes] == [[], [], [(3,)]]


async def an_empty_batch_does_nothing(database: Database, table: str) -> None:
    assert await database.batch([]) == []


async def a_batch_is_kept_whole_or_not_at_all(database: Database, table: str) -> None:
    await database.rows(f"CREATE TABLE {table} (a INTEGER CONSTRAINT {table}_min CHECK (a >= 0))")
    insert = f"INSERT INTO {table} VALUES (?)"
    broken = [Statement(text=insert, values=(1,)), Statement(text=insert, values=(-1,))]
    error = await raises(ConstraintBroken, database.batch(broken))
    assert f"{table}_min" in str(error)
    assert await database.rows(f"SELECT a FROM {table}") == []


async def a_unique_value_is_taken_once(database: Database, table: str) -> None:
    await database.rows(f"CREATE TABLE {table} (a UNIQUE)")
    insert = f"INSERT INTO {table} VALUES ('x')"
    await database.rows(insert)
    error = await raises(ConstraintBroken, database.rows(insert))
    assert f"{table}.a" in str(error)


async def a_trigger_may_refuse(database: Database, table: str) -> None:
    await database.rows(f"CREATE TABLE {table} (a)")
    await database.rows(f"INSERT INTO {table} VALUES (1)")
    await database.rows(
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'rows stay'); END"
    )
    error = await raises(ConstraintBroken, database.rows(f"DELETE FROM {table}"))
    assert "rows stay" in str(error)
    assert await database.rows(f"SELECT a FROM {table}") == [(1,)]


async def a_wrong_statement_raises(database: Database, table: str) -> None:
    await raises(RuntimeError, database.rows("NOT SQL"))
    await raises(RuntimeError, database.rows(f"SELECT * FROM {table}_that_is_not_there"))
    await raises(RuntimeError, database.batch([Statement(text="NOT SQL")]))


async def a_text_with_a_quote_is_only_text(database: Database, table: str) -> None:
    await database.rows(f"CREATE TABLE {table} (a)")
    hostile = f"'); DROP TABLE {table}; --"
    await database.rows(f"INSERT INTO {table} VALUES (?)", hostile)
    assert await database.rows(f"SELECT a FROM {table} WHERE a = ?", hostile) == [(hostile,)]


async def writers_at_once_do_not_lose_each_other(database: Database, table: str) -> None:
    await database.rows(f"CREATE TABLE {table} (a INTEGER CHECK (a >= 0))")
    await database.rows(f"INSERT INTO {table} VALUES (10)")
    taking = [Statement(text=f"UPDATE {table} SET a = a - 1")]
    taken = await asyncio.gather(
        *(database.batch(taking) for _ in range(15)), return_exceptions=True
    )
    refused = [each for each in taken if isinstance(each, ConstraintBroken)]
    assert (len(taken), len(refused)) == (15, 5)
    assert await database.rows(f"SELECT a FROM {table}") == [(0,)]


async def the_migrations_were_applied(database: Database, table: str) -> None:
    found = "SELECT count(*) FROM sqlite_master WHERE name IN ('users', 'keys')"
    assert await database.rows(found) == [(2,)]


CHECKS: tuple[Check, ...] = (
    values_come_back_as_they_went,
    what_cannot_be_stored_is_refused,
    rows_keep_the_order_of_their_columns,
    two_columns_of_one_name_are_both_there,
    a_batch_says_what_each_statement_did,
    an_empty_batch_does_nothing,
    a_batch_is_kept_whole_or_not_at_all,
    a_unique_value_is_taken_once,
    a_trigger_may_refuse,
    a_wrong_statement_raises,
    a_text_with_a_quote_is_only_text,
    writers_at_once_do_not_lose_each_other,
    the_migrations_were_applied,
)
