"""What an owner said and what models said is kept in rows, within bounds."""

from __future__ import annotations

from typing import Any

import pytest

from littoral.errors import QueueFull
from littoral.functions.classification import cache as caches
from littoral.functions.classification.cache import CACHE_SCHEMA, Remembered, SqlCache
from littoral.functions.classification.classification import Alternative
from littoral.functions.classification.key import request_key, words_key
from littoral.functions.classification.overrides import (
    MOST_OVERRIDES,
    OVERRIDES_SCHEMA,
    SqlOverrides,
)
from littoral.store.migrations import migrate
from tests.fakes.clock import ManualClock
from tests.fakes.sqlite import Sqlite

SAID = Remembered(
    ranked=(Alternative(type="code", confidence=0.9, why="“Größe” <b>"),), model="openai/wise"
)


def database() -> Sqlite:
    sql = Sqlite()
    migrate(sql, (CACHE_SCHEMA, OVERRIDES_SCHEMA))
    return sql


def key(description: str, args: Any = None, schema: Any = None) -> str:
    return request_key(description, args, schema, version="1")


def test_case_space_and_closing_marks_do_not_change_a_key() -> None:
    assert words_key("Sort  the\nNUMBERS.") == words_key("sort the numbers")
    assert words_key("sort the numbers") != words_key("sort these numbers")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": "x"}, {"b": "y", "a": 2.5}),
        ({"list": [1, 2, 3]}, {"list": [9]}),
        ([{"a": None}], [{"a": None}, {"b": 1}]),
        ({"a": {"b": {"c": {"d": 1}}}}, {"a": {"b": {"c": {"e": 1}}}}),
    ],
)
def test_other_values_of_the_same_shape_have_the_same_key(one: Any, other: Any) -> None:
    assert key("x", one) == key("x", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [({"a": 1}, {"a": "1"}), ({"a": 1}, {"b": 1}), ([], {}), (None, {}), (True, None), (1, True)],
)
def test_another_shape_has_another_key(one: Any, other: Any) -> None:
    assert key("x", one) != key("x", other)


def test_a_schema_and_a_version_change_the_key() -> None:
    assert key("x", None, {}) != key("x")
    assert request_key("x", None, None, version="2") != key("x")


def test_half_characters_have_a_key_too() -> None:
    assert len(words_key("\ud83c")) == 64


def test_an_override_is_replaced_listed_and_forgotten() -> None:
    clock = ManualClock()
    overrides = SqlOverrides(database(), clock)
    overrides.remember("Sort it", "human")
    clock.advance(seconds=1)
    overrides.remember("Build it", "code")
    replaced = overrides.remember("sort IT.", "object")
    assert overrides.find("Sort it") == "object"
    assert len(overrides.all()) == 2
    assert overrides.forget(replaced.key)
    assert not overrides.forget(replaced.key)
    assert overrides.find("Sort it") is None
    assert overrides.all()[0].to_json()["description"] == "Build it"


def test_a_long_description_is_kept_by_its_beginning_and_known_by_all_of_it() -> None:
    overrides = SqlOverrides(database(), ManualClock())
    overrides.remember("x" * 19_999, "human")
    assert len(overrides.all()[0].description) == 2_000
    assert overrides.find("x" * 19_999) == "human"
    assert overrides.find("x" * 19_998) is None


def test_overrides_have_a_bound_and_known_words_may_still_change() -> None:
    overrides = SqlOverrides(database(), ManualClock())
    for number in range(MOST_OVERRIDES):
        overrides.remember(f"words {number}", "code")
    with pytest.raises(QueueFull, match="1000"):
        overrides.remember("one more", "code")
    assert overrides.remember("words 7", "human").type == "human"


def test_a_remembered_answer_comes_back_as_it_was() -> None:
    cache = SqlCache(database(), ManualClock())
    cache.keep("k", SAID)
    cache.keep("k", SAID)
    assert cache.find("k") == SAID
    assert cache.find("other") is None


def test_the_oldest_answers_go_when_there_are_too_many() -> None:
    clock, sql = ManualClock(), database()
    cache = SqlCache(sql, clock)
    for number in range(caches.MOST_KEPT + 1):
        cache.keep(f"k{number}", SAID)
        clock.advance(seconds=1)
    kept = sql.value("SELECT count(*) FROM function_classifications")
    assert kept == caches.MOST_KEPT + 1 - caches.SWEPT
    assert cache.find("k0") is None
    assert cache.find(f"k{caches.MOST_KEPT}") == SAID
