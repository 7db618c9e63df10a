"""JSON from strangers: read, or refused with the reason; never a crash."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.errors import InvalidInput, LittoralError, TooLarge
from littoral.jsontext import MAX_DEPTH, depth, dumps, loads
from littoral.text import require_id, require_text

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_what_is_written_is_read_again(value):
    assert loads(dumps(value), most_characters=10**6) == value


@given(JSON_VALUES)
def test_written_text_is_ascii(value):
    assert dumps(value).isascii()


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        loads(text, most_characters=1_000)
    except LittoralError as error:
        assert error.detail


def test_nesting_is_counted_outside_of_strings():
    assert depth('[{"a": "[[[{{{"}]') == 2
    assert depth('["\\"[", [1]]') == 2
    assert depth('["unclosed [') == 1


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 50_000, "[" * (MAX_DEPTH + 1)])
def test_deep_nesting_is_refused_without_recursion(text: str):
    with pytest.raises(TooLarge):
        loads(text, most_characters=10**6)


def test_brackets_in_a_string_are_no_nesting():
    assert loads(json.dumps("[" * 1_000), most_characters=10**6) == "[" * 1_000


@pytest.mark.parametrize("text", ["", "x", "{", "NaN", "[Infinity]", "{'a': 1}", '"\n"'])
def test_what_is_no_json_is_refused(text: str):
    with pytest.raises(InvalidInput):
        loads(text, most_characters=100)


@pytest.mark.parametrize("value", [None, 5, [], {}, True, "", "   ", "a\x00b", "\ud800", "\x1b[0m"])
def test_what_is_no_clean_text_is_refused(value: object):
    with pytest.raises(InvalidInput) as refused:
        require_text(value, field="message", most=100)
    assert "message" in refused.value.detail


def test_text_over_the_limit_is_too_large_and_text_within_it_is_kept_as_it_is():
    with pytest.raises(TooLarge):
        require_text("x" * 101, field="message", most=100)
    kept = "  Tab\tand line\nand 🌊 "
    assert require_text(kept, field="message", most=100) == kept


@pytest.mark.parametrize("value", [None, 5, "", "a b", "ä", "x" * 129, "a/b", "a\n"])
def test_what_is_no_id_is_refused(value: object):
    with pytest.raises(InvalidInput):
        require_id(value, field="id")
