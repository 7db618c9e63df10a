"""The task list: what each change writes, gives back, and takes back."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.clock import Clock
from littoral.errors import Conflict, InvalidInput, NotFound, TooLarge
from littoral.store.migrations import migrate
from littoral.tasks.task import MAX_TASKS, NewTask
from littoral.tasks.task_journal import MAX_UNDO
from littoral.tasks.task_list import TASKS_SCHEMA, TaskList
from tests.fakes.sqlite import Sqlite

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp() * 1000)


class SetClock:
    """A clock that stands where the test puts it."""

    def __init__(self, now_ms: int) -> None:
        self.now = now_ms

    def now_ms(self) -> int:
        return self.now


def fresh(clock: Clock | None = None) -> tuple[TaskList, Sqlite]:
    sql = Sqlite()
    migrate(sql, [TASKS_SCHEMA])
    return TaskList(sql, clock or SetClock(at("2026-11-21T10:00"))), sql


def titles(tasks: TaskList) -> list[str]:
    return [task.title for task in tasks.all()]


def test_added_tasks_are_numbered_from_one_and_pending() -> None:
    tasks, _ = fresh()
    change = tasks.add(NewTask(title="Buy milk"), NewTask(title="Call Bob", priority="high"))
    assert change.kind == "task.added"
    assert [(task.id, task.title, task.status) for task in tasks.all()] == [
        (1, "Buy milk", "pending"),
        (2, "Call Bob", "pending"),
    ]
    assert change.after == tuple(tasks.all())


def test_an_add_writes_one_row_for_the_task_and_one_for_undo() -> None:
    tasks, sql = fresh()
    for _ in range(MAX_UNDO + 5):
        before = sql.rows_written
        tasks.add(NewTask(title="Buy milk"))
        assert sql.rows_written - before == 2


def test_a_change_that_changes_nothing_writes_nothing() -> None:
    tasks, sql = fresh()
    tasks.add(NewTask(title="Buy milk"))
    tasks.complete(1)
    before = sql.rows_written
    change = tasks.complete(1)
    assert change.is_empty
    assert [task.id for task in change.unchanged] == [1]
    assert sql.rows_written == before


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        (lambda tasks: tasks.complete(1), "status", "completed"),
        (lambda tasks: tasks.rename(1, "  Buy  oat milk "), "title", "Buy oat milk"),
        (lambda tasks: tasks.set_priority(1, priority="low"), "priority", "low"),
        (lambda tasks: tasks.set_due(1, due_at_ms=5, due_has_time=True), "due_at_ms", 5),
        (lambda tasks: tasks.set_recurrence(1, recurrence="daily"), "recurrence", "daily"),
        (lambda tasks: tasks.set_reminder(1, 9), "remind_at_ms", 9),
        (lambda tasks: tasks.edit(1, title="Bread", priority="high"), "title", "Bread"),
    ],
)
def test_each_change_is_stored_and_can_be_undone(
    change: Callable[[TaskList], object], field: str, value: object
) -> None:
    tasks, _ = fresh()
    tasks.add(NewTask(title="Buy milk"))
    old = tasks.get(1)
    change(tasks)
    assert getattr(tasks.get(1), field) == value
    tasks.undo()
    assert tasks.get(1) == old


def test_reopening_takes_the_moment_of_completion_away() -> None:
    tasks, _ = fresh()
    tasks.add(NewTask(title="Buy milk"))
    tasks.complete(1)
    assert tasks.get(1).completed_at_ms == at("2026-11-21T10:00")
    tasks.reopen(1)
    assert tasks.get(1).completed_at_ms is None


def test_ids_are_not_used_again_after_a_delete_or_an_undo() -> None:
    tasks, _ = fresh()
    tasks.add(NewTask(title="a"), NewTask(title="b"))
    tasks.delete(2)
    tasks.add(NewTask(title="c"))
    tasks.undo()
    tasks.add(NewTask(title="d"))
    assert [(task.id, task.title) for task in tasks.all()] == [(1, "a"), (4, "d")]


def test_ids_are_not_used_again_when_everything_was_deleted_long_ago() -> None:
    tasks, _ = fresh()
    for _ in range(MAX_UNDO):
        change = tasks.add(NewTask(title="a"))
        tasks.delete(change.task.id)
    assert tasks.add(NewTask(title="b")).task.id == MAX_UNDO + 1


def test_undo_brings_deleted_tasks_back_as_they_were() -> None:
    tasks, _ = fresh()
    tasks.add(NewTask(title="a", due_at_ms=7), NewTask(title="b"), NewTask(title="c"))
    before = tasks.all()
    tasks.delete(1, 3)
    assert titles(tasks) == ["b"]
    assert [task.id for task in tasks.undo().after] == [1, 3]
    assert tasks.all() == before


def test_undo_again_goes_one_change_further_back_and_then_says_that_none_is_left() -> None:
    tasks, _ = fresh()
    tasks.add(NewTask(title="a"))
    tasks.rename(1, "b")
    tasks.undo()
    assert titles(tasks) == ["a"]
    tasks.undo()
    assert titles(tasks) == []
    with pytest.raises(Conflict, match="no change of tasks left"):
        tasks.undo()


def test_only_the_last_changes_can_be_undone() -> None:
    tasks, _ = fresh()
    tasks.add(NewTask(title="0"))
    for number in range(1, MAX_UNDO + 10):
        tasks.rename(1, str(number))
    for _ in range(MAX_UNDO):
        tasks.undo()
    with pytest.raises(Conflict):
        tasks.undo()
    assert titles(tasks) == ["9"]


def test_an_unknown_id_changes_nothing_at_all() -> None:
    tasks, sql = fresh()
    tasks.add(NewTask(title="a"))
    before = sql.rows_written
    with pytest.raises(NotFound, match="no task 7"):
        tasks.complete(1, 7)
    assert sql.rows_written == before


def test_a_full_list_takes_none_of_several_tasks() -> None:
    tasks, _ = fresh()
    tasks.add(*(NewTask(title=str(number)) for number in range(MAX_TASKS - 1)))
    with pytest.raises(TooLarge, match="room for 1"):
        tasks.add(NewTask(title="a"), NewTask(title="b"))
    assert tasks.counts().pending == MAX_TASKS - 1


def test_counts_tell_pending_from_completed() -> None:
    tasks, _ = fresh()
    tasks.add(NewTask(title="a"), NewTask(title="b"), NewTask(title="c"))
    tasks.complete(2)
    assert (tasks.counts().pending, tasks.counts().completed) == (2, 1)


def test_completing_a_recurring_task_makes_the_next_at_the_same_local_time() -> None:
    """Daylight saving ends in Berlin on 25 October 2026: 9 o'clock stays 9 o'clock."""
    tasks, _ = fresh(SetClock(at("2026-10-24T09:30")))
    tasks.add(
        NewTask(
            title="Pills",
            due_at_ms=at("2026-10-24T09:00"),
            due_has_time=True,
            recurrence="daily",
        )
    )
    change = tasks.complete(1, zone=BERLIN)
    done, following = tasks.all()
    assert (done.status, done.recurrence) == ("completed", None)
    assert (following.status, following.recurrence) == ("pending", "daily")
    assert following.due_at_ms == at("2026-10-25T09:00")
    assert change.after == (done, following)


def test_undoing_the_completion_of_a_recurring_task_removes_the_next_one() -> None:
    tasks, _ = fresh()
    tasks.add(NewTask(title="Pills", recurrence="daily"))
    before = tasks.all()
    tasks.complete(1)
    tasks.undo()
    assert tasks.all() == before


def test_missed_dates_of_a_recurring_task_are_skipped() -> None:
    tasks, _ = fresh()
    tasks.add(NewTask(title="Bins", due_at_ms=at("2026-10-05T00:00"), recurrence="weekly"))
    tasks.complete(1, zone=BERLIN)
    assert tasks.get(2).due_at_ms == at("2026-11-23T00:00")


def test_a_recurring_task_that_is_completed_early_goes_on_after_its_date() -> None:
    tasks, _ = fresh()
    tasks.add(NewTask(title="Bins", due_at_ms=at("2026-11-23T00:00"), recurrence="weekly"))
    tasks.complete(1, zone=BERLIN)
    assert tasks.get(2).due_at_ms == at("2026-11-30T00:00")


def test_a_monthly_task_of_the_31st_returns_to_the_31st_after_a_short_month() -> None:
    clock = SetClock(at("2027-01-31T12:00"))
    tasks, _ = fresh(clock)
    due = at("2027-01-31T00:00")
    tasks.add(NewTask(title="Rent", due_at_ms=due, recurrence="monthly", anchor_day=31))
    tasks.complete(1, zone=BERLIN)
    assert tasks.get(2).due_at_ms == at("2027-02-28T00:00")
    clock.now = at("2027-02-28T12:00")
    tasks.complete(2, zone=BERLIN)
    assert tasks.get(3).due_at_ms == at("2027-03-31T00:00")


def test_a_reminder_of_ones_own_moves_with_the_next_task_and_ends_with_another_date() -> None:
    tasks, _ = fresh()
    due = at("2026-11-23T09:00")
    tasks.add(
        NewTask(
            title="Bins",
            due_at_ms=due,
            due_has_time=True,
            recurrence="daily",
            remind_at_ms=due - 60_000,
        )
    )
    tasks.complete(1, zone=BERLIN)
    following = tasks.get(2)
    assert following.remind_at_ms == at("2026-11-24T08:59")
    tasks.set_due(2, due_at_ms=at("2026-11-30T09:00"), due_has_time=True)
    assert tasks.get(2).remind_at_ms is None


def test_a_completion_by_hand_makes_the_next_one_too() -> None:
    tasks, _ = fresh()
    tasks.add(NewTask(title="Bins", recurrence="every 2 weeks"))
    tasks.edit(1, status="completed", zone=BERLIN)
    assert [task.recurrence for task in tasks.all()] == [None, "every 2 weeks"]


@pytest.mark.parametrize(
    "fields", [{"colour": "red"}, {"status": "gone"}, {"priority": "x"}, {"recurrence": "hourly"}]
)
def test_an_edit_by_hand_refuses_what_a_task_cannot_be(fields: dict[str, str]) -> None:
    tasks, _ = fresh()
    tasks.add(NewTask(title="a"))
    with pytest.raises(InvalidInput):
        tasks.edit(1, **fields)


@given(st.lists(st.tuples(st.sampled_from("acdrpu"), st.integers(1, 8)), max_size=25))
def test_undoing_everything_gives_the_empty_list_whatever_was_done(
    steps: list[tuple[str, int]],
) -> None:
    tasks, _ = fresh()
    for step, number in steps:
        try:
            _do(tasks, step, number)
        except (NotFound, Conflict):
            continue
    try:
        while True:
            tasks.undo()
    except Conflict:
        assert tasks.all() == ()


def _do(tasks: TaskList, step: str, number: int) -> object:
    if step == "a":
        return tasks.add(*(NewTask(title="t", recurrence="daily") for _ in range(number % 3)))
    if step == "c":
        return tasks.complete(number)
    if step == "d":
        return tasks.delete(number)
    if step == "r":
        return tasks.rename(number, f"t{number}")
    return tasks.set_priority(number, priority="high") if step == "p" else tasks.undo()
