"""Texts of watched pages are kept beside the events, a few of each watch."""

from __future__ import annotations

from littoral.mesh.watch.shelf import KEPT_TEXTS, SHELF_SCHEMA, Shelf
from littoral.store.migrations import migrate
from tests.fakes.clock import ManualClock
from tests.fakes.sqlite import Sqlite


def test_the_newest_texts_are_kept_and_the_one_that_is_compared_with():
    sql, clock = Sqlite(), ManualClock()
    migrate(sql, [SHELF_SCHEMA])
    shelf = Shelf(sql, clock)
    shelf.keep("w", "old", ["kept"])
    for number in range(10):
        clock.advance(seconds=1)
        shelf.keep("w", f"h{number}", [str(number), "x"], beside="old")
    shelf.keep("other", "h", [])

    assert shelf.lines("w", "old") == ["kept"]
    assert shelf.lines("w", "h9") == ["9", "x"]
    assert shelf.lines("w", "h0") is None
    assert sql.value("SELECT count(*) FROM watch_pages WHERE watch_id = 'w'") == KEPT_TEXTS + 1
    shelf.clear("w")
    assert (shelf.lines("w", "old"), shelf.lines("other", "h")) == (None, [])
