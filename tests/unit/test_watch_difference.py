"""What is told of a change is true: no line is made up and none is left out."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from littoral.mesh.watch.difference import LINE_CHARACTERS, MOST_LINES, Difference, compare

LINES = st.lists(st.sampled_from("one two three four five six seven".split()), max_size=12)


def test_new_gone_and_changed_lines_are_told_apart():
    found = compare(
        ["Prices", "Tea: 10 €", "Closed on Monday"], ["Prices", "Tea: 12 €", "Open every day now"]
    )
    assert found.changed == (("Tea: 10 €", "Tea: 12 €"),)
    assert (found.added, found.removed) == (("Open every day now",), ("Closed on Monday",))
    assert found.is_whole and not found.moved


def test_lines_that_moved_are_neither_new_nor_gone():
    found = compare(["a", "b"], ["b", "a"])
    assert (found.added, found.removed, found.moved) == ((), (), True)
    assert compare(["a"], ["a"]) == Difference()


def test_a_long_difference_is_shortened_and_counted_whole():
    found = compare(["x" * 500], [f"line {n}" for n in range(1_000)])
    assert (len(found.added), found.added_count, found.is_whole) == (MOST_LINES, 1_000, False)
    assert len(found.removed[0]) == LINE_CHARACTERS and found.removed[0].endswith("…")


@given(LINES, LINES)
def test_every_line_is_accounted_for(old: list[str], new: list[str]):
    found = compare(old, new)
    gone = Counter([*found.removed, *(each for each, _ in found.changed)])
    come = Counter([*found.added, *(each for _, each in found.changed)])
    assert Counter(old) - gone + come == Counter(new)
    assert Difference.read(found.to_json()) == found
