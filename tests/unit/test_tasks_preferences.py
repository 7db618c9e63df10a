"""Preferences: a closed set of keys, each with its rule."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.errors import InvalidInput
from littoral.store.migrations import migrate
from littoral.tasks.preferences import KEYS, PREFERENCES_SCHEMA, Preferences
from littoral.tasks.time_zone import zone_name
from tests.fakes.sqlite import Sqlite


def fresh() -> tuple[Preferences, Sqlite]:
    sql = Sqlite()
    migrate(sql, [PREFERENCES_SCHEMA])
    return Preferences(sql), sql


def test_nothing_is_set_at_the_beginning_and_the_zone_is_utc() -> None:
    preferences, _ = fresh()
    assert preferences.all() == {}
    assert preferences.zone() is UTC


@pytest.mark.parametrize(
    ("key", "given_", "kept"),
    [
        ("timeZone", "europe/berlin", "Europe/Berlin"),
        ("timeZone", "New York", "America/New_York"),
        ("timeZone", "utc", "UTC"),
        ("name", "  Ann-Marie\n O'Neil ", "Ann-Marie O'Neil"),
        ("name", "李雷", "李雷"),
        ("language", "de-CH", "de-CH"),
        ("dateFormat", "MDY", "mdy"),
        ("timeFormat", "12h", "12h"),
    ],
)
def test_a_value_is_kept_in_its_canonical_form(key: str, given_: str, kept: str) -> None:
    preferences, _ = fresh()
    assert preferences.set(key, given_) == kept
    assert preferences.all() == {key: kept}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("timeZone", "Atlantis"),
        ("timeZone", "../../etc/passwd"),
        ("timeZone", ""),
        ("name", "\x00"),
        ("name", "x" * 81),
        ("name", "x" * 10_000),
        ("language", "a<b"),
        ("dateFormat", "dd.mm"),
        ("timeFormat", "25h"),
        ("colour", "red"),
        ("name", 5),
        ("name", ["a"]),
        ("name", True),
    ],
)
def test_what_breaks_a_rule_is_refused_and_nothing_changes(key: str, value: object) -> None:
    preferences, sql = fresh()
    before = sql.rows_written
    with pytest.raises(InvalidInput):
        preferences.update({"language": "German", key: value})
    assert sql.rows_written == before


def test_null_takes_a_preference_back_and_setting_it_again_writes_nothing() -> None:
    preferences, sql = fresh()
    preferences.update({"name": "Sam", "timeZone": "Asia/Tokyo"})
    written = sql.rows_written
    assert preferences.update({"name": "Sam"}) == {"timeZone": "Asia/Tokyo", "name": "Sam"}
    assert sql.rows_written == written
    assert preferences.update({"name": None, "language": None}) == {"timeZone": "Asia/Tokyo"}


def test_the_zone_and_the_order_of_dates_follow() -> None:
    preferences, _ = fresh()
    preferences.update({"timeZone": "Asia/Tokyo", "dateFormat": "mdy"})
    assert preferences.zone() == ZoneInfo("Asia/Tokyo")
    assert preferences.day_first() is False


@given(st.text(max_size=300), st.sampled_from(KEYS))
def test_any_text_is_kept_or_refused(text: str, key: str) -> None:
    preferences, _ = fresh()
    try:
        kept = preferences.set(key, text)
    except InvalidInput:
        return
    assert preferences.set(key, kept) == kept


@given(st.text(max_size=60))
def test_any_text_is_a_zone_or_refused(text: str) -> None:
    try:
        assert ZoneInfo(zone_name(text))
    except InvalidInput:
        return
