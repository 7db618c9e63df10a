"""What a task may be, the plain plans of the offline model, and exact work on text."""

from __future__ import annotations

from typing import Any

import pytest

from littoral.errors import InvalidInput, TooLarge
from littoral.mesh.work import limits
from littoral.mesh.work.plain_plans import plain_plan
from littoral.mesh.work.request import read_request, task_id_of
from littoral.mesh.work.retry import retry_delay_ms
from littoral.mesh.work.text_work import OPERATIONS, operation_in, text_result


def test_work_follows_from_goal_and_items():
    assert read_request({"goal": "Count words", "items": ["a"]}).work == "text"
    assert read_request({"goal": "Read", "items": ["https://a.example"]}).work == "fetch"
    assert read_request({"goal": "Translate", "items": ["a"]}).work == "model"
    assert read_request({"goal": "Translate this"}).work is None


@pytest.mark.parametrize(
    "asked",
    [
        {"goal": "Sum up", "items": ["a"], "work": "text"},
        {"goal": "Count words", "items": [{"operation": "count words"}]},
        {"goal": "Read", "items": ["file:///etc/passwd"], "work": "fetch"},
        {"goal": "Count words", "items": ["a"], "retries": 6},
        {"goal": "Count words", "items": ["a"], "parallel": True},
        {"goal": "Count words", "items": "a"},
        {"goal": "Count words", "items": ["a"], "capability": "fly"},
        {"goal": 7},
    ],
)
def test_what_cannot_be_done_is_refused_at_once(asked: dict[str, Any]):
    with pytest.raises(InvalidInput):
        read_request(asked)


def test_items_are_bounded_one_by_one_and_together():
    many = ["a"] * (limits.MAX_ITEMS + 1)
    long = ["a" * limits.MAX_ITEM_CHARACTERS]
    heavy = ["a" * 7_900] * 45
    for items in (many, long, heavy):
        with pytest.raises(TooLarge):
            read_request({"goal": "Count words", "items": items})


def test_the_digest_names_the_request_and_the_key_names_the_task():
    one = read_request({"goal": "Count words", "items": ["a"]})
    same = read_request({"items": ["a"], "goal": "Count words", "work": None})
    other = read_request({"goal": "Count words", "items": ["b"]})
    assert one.digest == same.digest != other.digest
    assert task_id_of("o", "k") == task_id_of("o", "k") != task_id_of("p", "k")
    assert len(task_id_of("o", "k")) == len("mtk_") + 22


def test_a_goal_is_split_where_a_person_would():
    goal = (
        '1. Count words in "one; two"\n2. fetch https://example.com/a, and then compute the mean '
        "of [1, 2, 3]; write a poem about the sea"
    )
    parts = plain_plan(goal)
    assert [each["work"] for each in parts] == ["text", "fetch", "function", "model"]
    assert parts[0]["input"] == {"operation": "count words", "text": "one; two"}
    assert parts[1]["input"] == {"url": "https://example.com/a"}
    assert parts[2]["input"]["args"] == {"numbers": [1, 2, 3]}
    assert plain_plan(goal) == parts


@pytest.mark.parametrize("goal", ["x", "it's the dog's bone", '"', "; ;", "then", "'" * 9, "[1,"])
def test_any_goal_has_a_plan(goal: str):
    assert 1 <= len(plain_plan(goal)) <= limits.MAX_PLANNED


@pytest.mark.parametrize(
    ("words", "text", "result"),
    [
        ("How many words are there?", "It's a sea-side town", 4),
        ("count the lines", "a\nb\n", 2),
        ("number of characters", "añ", 2),
        ("UPPERCASE it", "sea", "SEA"),
        ("to lower case", "SEA", "sea"),
        ("title case", "the sea", "The Sea"),
        ("sort the lines", "b\na", "a\nb"),
        ("remove duplicate lines", "a\nb\na", "a\nb"),
        ("reverse the lines", "a\nb", "b\na"),
        ("trim", " a \n b", "a\nb"),
        ("most common words", "b a b", [{"word": "b", "count": 2}, {"word": "a", "count": 1}]),
    ],
)
def test_text_is_worked_on_exactly(words: str, text: str, result: Any):
    operation = operation_in(words)
    assert operation is not None and text_result(operation, text) == result


def test_every_operation_takes_any_text():
    for name in OPERATIONS:
        for text in ("", "\n\n", "a\u0301\U0001f30a", "x" * 8_000):
            text_result(name, text)


def test_delays_grow_differ_between_parts_and_are_always_the_same():
    delays = [retry_delay_ms("p", attempt) for attempt in (1, 2, 3, 4)]
    assert delays == sorted(delays) and delays[-1] <= limits.RETRY_DELAYS_MS[-1]
    assert retry_delay_ms("p", 1) == retry_delay_ms("p", 1) != retry_delay_ms("q", 1)
