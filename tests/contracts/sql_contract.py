"""What every ``Sql`` must do. Runs under CPython on SQLite, and inside workerd on a Durable Object.

Each check is a function of one fresh, empty database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from littoral.store.sql import Sql

Check = Callable[[Sql], None]


def raises(kind: type[BaseException], work: Callable[[], Any]) -> BaseException:
    """Runs ``work`` and gives the exception of that kind that it raised."""
    try:
        work()
    except kind as error:
        return error
    raise AssertionError(f"nothing of {kind.__name__} was raised")


def values_come_back_as_they_went(sql: Sql) -> None:
    sql.run("CREATE TABLE t (a, b, c, d, e)")
    row = (None, "ä 日本 🌊 \x01", 2**53 - 2, 1.5, "")
    sql.run("INSERT INTO t VALUES (?, ?, ?, ?, ?)", *row)
    assert sql.rows("SELECT * FROM t") == [row]


def what_cannot_be_stored_is_refused(sql: Sql) -> None:
    sql.run("CREATE TABLE t (a)")
    for value in (True, b"bytes", {"a": 1}, [1], object()):
        raises(TypeError, lambda value=value: sql.run("INSERT INTO t VALUES (?)", value))  # type: ignore[misc]
    assert sql.rows("SELECT * FROM t") == []


def a_query_without_rows_is_empty(sql: Sql) -> None:
    sql.run("CREATE TABLE t (a)")
    assert sql.rows("SELECT * FROM t") == []
    assert sql.value("SELECT a FROM t") is None
    assert sql.value("SELECT max(a) FROM t") is None


def an_insert_can_return_its_key(sql: Sql) -> None:
    sql.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a)")
    assert sql.value("INSERT INTO t (a) VALUES ('x') RETURNING id") == 1
    assert sql.value("INSERT INTO t (a) VALUES ('y') RETURNING id") == 2


def a_transaction_is_kept_whole(sql: Sql) -> None:
    sql.run("CREATE TABLE t (a)")
    assert sql.transaction(lambda: sql.run("INSERT INTO t VALUES (1)") or "done")
    assert sql.rows("SELECT a FROM t") == [(1,)]


def a_transaction_that_fails_leaves_nothing_and_keeps_its_error(sql: Sql) -> None:
    sql.run("CREATE TABLE t (a)")

    class OwnError(Exception):
        """One that no border may turn into another."""

    def work() -> None:
        sql.run("INSERT INTO t VALUES (1)")
        raise OwnError("with its text")

    assert str(raises(OwnError, lambda: sql.transaction(work))) == "with its text"
    assert sql.rows("SELECT a FROM t") == []


def an_inner_transaction_joins_the_outer(sql: Sql) -> None:
    sql.run("CREATE TABLE t (a)")

    def outer() -> None:
        sql.transaction(lambda: sql.run("INSERT INTO t VALUES (1)"))
        raise ValueError("after the inner one")

    raises(ValueError, lambda: sql.transaction(outer))
    assert sql.rows("SELECT a FROM t") == []


def a_wrong_statement_raises(sql: Sql) -> None:
    raises(Exception, lambda: sql.run("NOT SQL"))


def a_text_with_a_quote_is_only_text(sql: Sql) -> None:
    sql.run("CREATE TABLE t (a)")
    hostile = "'); DROP TABLE t; --"
    sql.run("INSERT INTO t VALUES (?)", hostile)
    assert sql.value("SELECT a FROM t WHERE a = ?", hostile) == hostile


CHECKS: tuple[Check, ...] = (
    values_come_back_as_they_went,
    what_cannot_be_stored_is_refused,
    a_query_without_rows_is_empty,
    an_insert_can_return_its_key,
    a_transaction_is_kept_whole,
    a_transaction_that_fails_leaves_nothing_and_keeps_its_error,
    an_inner_transaction_joins_the_outer,
    a_wrong_statement_raises,
    a_text_with_a_quote_is_only_text,
)
