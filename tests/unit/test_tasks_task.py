"""A task's title is one line of visible text within its limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.errors import InvalidInput
from littoral.tasks.task import MAX_TITLE_CHARACTERS, Task, check_priority, clean_title


def test_the_json_has_the_names_that_clients_read() -> None:
    task = Task(id=1, title="Buy milk", due_at_ms=1_800_000_000_000, created_at_ms=0)
    assert task.to_json() == {
        "id": 1,
        "title": "Buy milk",
        "status": "pending",
        "priority": "normal",
        "dueAt": "2027-01-15T08:00:00.000Z",
        "dueHasTime": False,
        "recurrence": None,
        "remindAt": None,
        "createdAt": "1970-01-01T00:00:00.000Z",
        "completedAt": None,
    }


def test_line_ends_and_controls_become_single_spaces() -> None:
    assert clean_title("  Buy\r\n\tmilk\x00 now\x7f ") == "Buy milk now"


def test_marks_that_reverse_the_reading_order_are_removed() -> None:
    assert clean_title("pay \u202e05€\u202c Bob") == "pay 05€ Bob"


def test_half_a_surrogate_pair_is_removed_because_sqlite_cannot_store_it() -> None:
    assert clean_title("milk \ud83e") == "milk"


def test_letters_of_any_script_and_joined_emoji_stay() -> None:
    title = "牛乳 купить לחם 👩‍👩‍👧 café"
    assert clean_title(title) == title


def test_a_title_without_a_visible_character_is_refused() -> None:
    with pytest.raises(InvalidInput, match="needs a title"):
        clean_title(" \n\x00 ")


def test_the_longest_title_fits_and_one_more_character_does_not() -> None:
    assert clean_title("x" * MAX_TITLE_CHARACTERS)
    with pytest.raises(InvalidInput, match="501 characters; at most 500"):
        clean_title("x" * (MAX_TITLE_CHARACTERS + 1))


def test_a_priority_outside_the_closed_set_is_refused() -> None:
    with pytest.raises(InvalidInput, match="low, normal or high"):
        check_priority("soon")


@given(st.text())
def test_cleaning_a_clean_title_changes_nothing(text: str) -> None:
    try:
        once = clean_title(text)
    except InvalidInput:
        return
    assert clean_title(once) == once
