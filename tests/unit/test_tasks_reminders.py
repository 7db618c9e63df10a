"""Reminders and the words for dates, in Berlin, on Saturday 21 November 2026."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.tasks import due
from littoral.tasks.due_text import due_text, is_overdue, repeat_text
from littoral.tasks.recurrence import Recurrence, parse_recurrence
from littoral.tasks.reminders import (
    due_reminders,
    next_reminder_at_ms,
    remind_at_ms,
    reminder_text,
    reminders,
)
from littoral.tasks.task import Task
from littoral.tasks.task_edit import edited

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp() * 1000)


NOW = at("2026-11-21T10:00")


def task(task_id: int = 1, **fields: object) -> Task:
    return Task(id=task_id, title="Call Bob", created_at_ms=0, **fields)  # type: ignore[arg-type]


def test_a_task_with_a_time_is_reminded_of_at_that_time() -> None:
    due_at = at("2026-11-22T17:00")
    assert remind_at_ms(task(due_at_ms=due_at, due_has_time=True), BERLIN) == due_at


def test_a_task_without_a_time_is_reminded_of_at_nine_in_the_morning() -> None:
    assert remind_at_ms(task(due_at_ms=at("2026-11-22T00:00")), BERLIN) == at("2026-11-22T09:00")


def test_a_task_for_today_that_is_made_after_nine_is_not_reminded_of_at_once() -> None:
    day = at("2026-11-21T00:00")
    made = Task(id=1, title="Call Bob", created_at_ms=at("2026-11-21T10:18"), due_at_ms=day)
    assert remind_at_ms(made, BERLIN) is None


def test_a_task_that_is_moved_to_today_after_nine_is_not_reminded_of_at_once() -> None:
    made = task(due_at_ms=at("2026-11-24T00:00"))
    moved = edited(made, {"due_at_ms": at("2026-11-21T00:00")}, NOW)
    assert remind_at_ms(moved, BERLIN) is None
    later = edited(moved, {"due_at_ms": at("2026-11-22T00:00")}, NOW)
    assert remind_at_ms(later, BERLIN) == at("2026-11-22T09:00")


def test_nine_in_the_morning_is_local_on_the_day_that_daylight_saving_ends() -> None:
    assert remind_at_ms(task(due_at_ms=at("2026-10-25T00:00")), BERLIN) == at("2026-10-25T09:00")


def test_the_users_own_moment_wins() -> None:
    assert remind_at_ms(task(due_at_ms=NOW, due_has_time=True, remind_at_ms=5), BERLIN) == 5


def test_only_pending_tasks_with_a_date_have_reminders_and_the_earliest_comes_first() -> None:
    waiting = reminders(
        [
            task(1, due_at_ms=at("2026-11-23T00:00")),
            task(2, due_at_ms=at("2026-11-22T17:00"), due_has_time=True),
            task(3),
            task(4, due_at_ms=NOW, status="completed"),
        ],
        BERLIN,
    )
    assert [reminder.task.id for reminder in waiting] == [2, 1]
    assert next_reminder_at_ms(waiting) == at("2026-11-22T17:00")
    assert next_reminder_at_ms([]) is None


def test_a_reminder_is_due_from_its_moment_on() -> None:
    waiting = reminders([task(due_at_ms=NOW, due_has_time=True)], BERLIN)
    assert due_reminders(waiting, NOW - 1) == []
    assert due_reminders(waiting, NOW) == waiting


def test_the_text_of_a_reminder_names_the_task_and_the_time() -> None:
    [timed] = reminders([task(due_at_ms=NOW, due_has_time=True)], BERLIN)
    assert reminder_text(timed, BERLIN) == "Reminder: “Call Bob” is due today at 10:00."
    [early] = reminders([task(due_at_ms=at("2026-11-22T00:00"), remind_at_ms=NOW)], BERLIN)
    assert reminder_text(early, BERLIN) == "Reminder: “Call Bob” is due tomorrow."
    [bare] = reminders([task(remind_at_ms=NOW)], BERLIN)
    assert reminder_text(bare, BERLIN) == "Reminder: “Call Bob”."


@pytest.mark.parametrize(
    ("moment", "has_time", "words"),
    [
        ("2026-11-21T17:30", True, "today at 17:30"),
        ("2026-11-22T00:00", False, "tomorrow"),
        ("2026-11-20T00:00", False, "yesterday"),
        ("2026-11-27T09:05", True, "on Friday 27 November at 09:05"),
        ("2027-03-03T00:00", False, "on Wednesday 3 March 2027"),
    ],
)
def test_dates_are_told_as_people_say_them(moment: str, has_time: bool, words: str) -> None:
    assert due_text(task(due_at_ms=at(moment), due_has_time=has_time), NOW, BERLIN) == words


def test_no_date_has_no_words() -> None:
    assert due_text(task(), NOW, BERLIN) is None


@given(st.integers(NOW + 60_000, at("2036-01-01T00:00")), st.booleans())
def test_the_words_of_a_date_mean_the_same_date_again(moment: int, has_time: bool) -> None:
    local = datetime.fromtimestamp(moment // 60_000 * 60, BERLIN).replace(fold=0)
    if not has_time:
        local = local.replace(hour=0, minute=0)
    at_ms = int(local.timestamp() * 1000)
    words = due_text(task(due_at_ms=at_ms, due_has_time=has_time), NOW, BERLIN)
    assert words is not None
    assert due.parse(words, NOW, BERLIN) == due.Due(at_ms=at_ms, has_time=has_time)


@pytest.mark.parametrize(
    ("recurrence", "words"),
    [
        ("daily", "every day"),
        ("weekdays", "every weekday"),
        ("every 2 weeks", "every 2 weeks"),
        ("every monday", "every Monday"),
        ("every monday, thursday", "every Monday and Thursday"),
        ("every monday, tuesday, friday", "every Monday, Tuesday and Friday"),
    ],
)
def test_repetition_is_told_in_words_that_mean_the_same_again(recurrence: str, words: str) -> None:
    assert repeat_text(recurrence) == words
    assert due.parse(words, NOW, BERLIN).recurrence == recurrence


@given(st.sampled_from(["day", "week", "month", "year"]), st.integers(1, 999))
def test_the_canonical_text_of_a_recurrence_reads_back(unit: str, interval: int) -> None:
    rule = Recurrence(unit=unit, interval=interval)  # type: ignore[arg-type]
    assert parse_recurrence(str(rule)) == rule


@given(st.sets(st.integers(0, 6), min_size=1))
def test_weekdays_read_back(days: set[int]) -> None:
    rule = Recurrence(unit="week", weekdays=tuple(sorted(days)))
    assert parse_recurrence(str(rule)) == rule


def test_a_task_without_a_time_is_overdue_only_when_its_day_is_over() -> None:
    assert not is_overdue(task(due_at_ms=at("2026-11-21T00:00")), NOW, BERLIN)
    assert is_overdue(task(due_at_ms=at("2026-11-20T00:00")), NOW, BERLIN)
    assert is_overdue(task(due_at_ms=at("2026-11-21T09:59"), due_has_time=True), NOW, BERLIN)
