"""Statements that wrangler executes: values are quoted, and stay values."""

from __future__ import annotations

import sqlite3

import pytest

from _lib.wrangler_database import inlined


@pytest.mark.parametrize(
    "value", ["", "it's", "'); DROP TABLE t; --", "a ? b", "ä 日本\n", 7, -1.5, None]
)
def test_a_value_reads_back_as_it_was(value: object) -> None:
    with sqlite3.connect(":memory:") as connection:
        rows = connection.execute(inlined("SELECT ?, ?", [value, "next"])).fetchall()
    connection.close()
    assert rows == [(value, "next")]


def test_a_value_too_many_or_too_few_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="1 places and 2 values"):
        inlined("SELECT ?", [1, 2])


@pytest.mark.parametrize("value", [True, b"x", [1], "nul\x00"])
def test_what_cannot_be_stored_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        inlined("SELECT ?", [value])
