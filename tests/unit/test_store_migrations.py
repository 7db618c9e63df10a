"""Schemas grow; an object of any age is brought to the newest, once."""

from __future__ import annotations

import pytest

from littoral.store.event_log import EVENT_LOG_SCHEMA, EventLog
from littoral.store.migrations import Schema, migrate
from tests.fakes.clock import ManualClock
from tests.fakes.sqlite import Sqlite

FIRST = "CREATE TABLE things (id INTEGER PRIMARY KEY)"
SECOND = "ALTER TABLE things ADD COLUMN name TEXT"


def test_every_step_is_applied_once():
    sql = Sqlite()
    assert migrate(sql, [Schema(name="things", steps=(FIRST,))]) == 1
    assert migrate(sql, [Schema(name="things", steps=(FIRST,))]) == 0
    assert migrate(sql, [Schema(name="things", steps=(FIRST, SECOND))]) == 1
    sql.run("INSERT INTO things VALUES (1, 'a')")
    assert sql.rows("SELECT * FROM things") == [(1, "a")]


def test_a_step_that_fails_leaves_nothing_behind():
    sql = Sqlite()
    with pytest.raises(Exception, match="syntax"):
        migrate(sql, [Schema(name="things", steps=(FIRST, "NOT SQL"))])
    assert migrate(sql, [Schema(name="things", steps=(FIRST,))]) == 1


def test_rows_of_newer_code_are_refused_instead_of_guessed_at():
    sql = Sqlite()
    migrate(sql, [Schema(name="things", steps=(FIRST, SECOND))])
    with pytest.raises(RuntimeError, match="newer code"):
        migrate(sql, [Schema(name="things", steps=(FIRST,))])


def test_events_are_numbered_without_a_gap_and_read_since_a_number():
    sql = Sqlite()
    migrate(sql, [EVENT_LOG_SCHEMA])
    log = EventLog(sql, ManualClock())
    for n in range(3):
        log.append("thing.happened", {"n": n})

    def rolled_back() -> None:
        log.append("thing.undone", {})
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        sql.transaction(rolled_back)
    log.append("thing.happened", {"n": 3})
    assert [(event.number, event.data["n"]) for event in log.since(1)] == [(2, 1), (3, 2), (4, 3)]
    assert [event.number for event in log.since(0, limit=2)] == [1, 2]
