"""What is kept in memory is what the rows say, whatever is rolled back."""

from __future__ import annotations

import pytest

from littoral.chat.message import user_message
from littoral.chat.transcript import TRANSCRIPT_SCHEMA, Transcript
from littoral.store.kept import Kept
from littoral.store.migrations import migrate
from littoral.tasks.preferences import PREFERENCES_SCHEMA, Preferences
from littoral.tasks.task import NewTask
from littoral.tasks.task_list import TASKS_SCHEMA, TaskList
from tests.fakes.clock import ManualClock
from tests.fakes.sqlite import Sqlite


@pytest.fixture
def sql() -> Sqlite:
    made = Sqlite()
    migrate(made, [TASKS_SCHEMA, PREFERENCES_SCHEMA, TRANSCRIPT_SCHEMA])
    return made


def test_it_is_read_once_and_again_when_it_was_dropped(sql: Sqlite) -> None:
    reads: list[int] = []
    kept = Kept(sql, lambda: (reads.append(1), object())[1])
    first = kept.get()
    assert kept.get() is first and len(reads) == 1
    kept.drop()
    assert kept.get() is not first and len(reads) == 2


def test_tasks_and_preferences_that_are_rolled_back_were_never_there(sql: Sqlite) -> None:
    tasks, preferences = TaskList(sql, ManualClock()), Preferences(sql)
    tasks.add(NewTask(title="Buy milk"))
    preferences.set("name", "Ada")
    before = tasks.all(), preferences.all()

    def change() -> None:
        tasks.add(NewTask(title="Never"))
        preferences.set("name", "Nobody")
        assert [task.title for task in tasks.all()] == ["Buy milk", "Never"]
        assert preferences.all() == {"name": "Nobody"}
        raise LookupError

    with pytest.raises(LookupError):
        sql.transaction(change)

    assert (tasks.all(), preferences.all()) == before


def test_what_was_read_before_a_change_stays_as_it_was(sql: Sqlite) -> None:
    tasks, preferences = TaskList(sql, ManualClock()), Preferences(sql)
    tasks.add(NewTask(title="Buy milk"))
    before, none = tasks.all(), preferences.all()
    tasks.complete(1)
    preferences.set("name", "Ada")
    assert ([task.status for task in before], none) == (["pending"], {})
    assert [task.status for task in tasks.all()] == ["completed"]
    assert preferences.all() == {"name": "Ada"}


def test_turns_are_numbered_by_the_rows(sql: Sqlite) -> None:
    transcript = Transcript(sql, ManualClock())

    def opened(name: str) -> int | None:
        turn = transcript.open(user_message(name, "hello", 0), "req", {})
        return None if turn is None else turn.number

    def taken_back() -> None:
        assert opened("lost") == 3
        raise LookupError

    assert [opened("a"), opened("b"), opened("a")] == [1, 2, None]
    with pytest.raises(LookupError):
        sql.transaction(taken_back)
    assert [opened("c"), opened("lost")] == [3, 4]
    transcript.restart(2, "again", user_message("b", "hello", 0), {})
    assert opened("d") == 3
    transcript.clear()
    assert [opened("a"), Transcript(sql, ManualClock()).last().number] == [1, 1]
    assert Transcript(sql, ManualClock()).open(user_message("e", "hello", 0), "req", {}).number == 2
