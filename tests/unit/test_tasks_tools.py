"""The task tools as a model calls them: JSON text in, JSON values or a failure text out."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from littoral.models.tool import InvalidArguments, ToolFailed, ToolSet
from littoral.store.migrations import migrate
from littoral.tasks.preferences import PREFERENCES_SCHEMA, Preferences
from littoral.tasks.task import MAX_TITLE_CHARACTERS, Task
from littoral.tasks.task_list import TASKS_SCHEMA, TaskList
from littoral.tasks.tools import MAX_LISTED, TaskTools
from tests.fakes.sqlite import Sqlite

BERLIN = ZoneInfo("Europe/Berlin")


class Saturday:
    """Saturday 21 November 2026, ten in the morning in Berlin."""

    def now_ms(self) -> int:
        return int(datetime(2026, 11, 21, 10, tzinfo=BERLIN).timestamp() * 1000)


class Desk:
    """A session's list, preferences and tools."""

    def __init__(self) -> None:
        self.sql = Sqlite()
        migrate(self.sql, [TASKS_SCHEMA, PREFERENCES_SCHEMA])
        self.tasks = TaskList(self.sql, Saturday())
        self.preferences = Preferences(self.sql)
        self.preferences.set("timeZone", "Europe/Berlin")
        self.tools = ToolSet.of(TaskTools(self.tasks, self.preferences, Saturday()))

    def call(self, name: str, **arguments: Any) -> Any:
        tool = self.tools.get(name)
        assert tool is not None
        parsed = tool.parse(json.dumps(arguments))
        return self.sql.transaction(lambda: tool.run(parsed))

    def asks(self, name: str, **arguments: Any) -> bool:
        tool = self.tools.get(name)
        assert tool is not None
        return tool.needs_approval(tool.parse(json.dumps(arguments)))

    def local_due(self, task: Task) -> str:
        assert task.due_at_ms is not None
        return datetime.fromtimestamp(task.due_at_ms / 1000, BERLIN).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.call("add_tasks", tasks=[{"title": "Buy milk"}, {"title": "Call Bob"}, {"title": "Pay"}])
    return desk


def test_every_tool_is_local_and_describes_its_arguments() -> None:
    for tool in Desk().tools:
        assert not tool.is_async
        properties = tool.spec.parameters["properties"]
        assert all(each.get("description") for each in properties.values()), tool.name


def test_tasks_are_added_with_dates_in_the_users_zone() -> None:
    desk = Desk()
    added = desk.call(
        "add_tasks",
        tasks=[
            {"title": "Buy milk", "due": "tomorrow at 5", "priority": "high"},
            {"title": "Pills", "due": "every day at 8"},
        ],
    )
    assert added == {
        "tasks": [
            {"id": 1, "title": "Buy milk", "due": "tomorrow at 17:00", "priority": "high"},
            {"id": 2, "title": "Pills", "due": "tomorrow at 08:00", "repeats": "every day"},
        ]
    }
    assert desk.local_due(desk.tasks.get(1)) == "2026-11-22T17:00"


def test_a_bare_title_and_a_due_of_none_are_taken_as_models_write_them() -> None:
    desk = Desk()
    desk.call("add_tasks", tasks=["Buy milk", {"title": "Call Bob", "due": "none"}])
    assert [(task.title, task.due_at_ms) for task in desk.tasks.all()] == [
        ("Buy milk", None),
        ("Call Bob", None),
    ]


def test_one_bad_task_adds_none_and_says_why() -> None:
    desk = Desk()
    with pytest.raises(ToolFailed, match="'soonish' is not understood"):
        desk.call("add_tasks", tasks=[{"title": "a"}, {"title": "b", "due": "soonish"}])
    with pytest.raises(ToolFailed, match="at most 500"):
        desk.call("add_tasks", tasks=[{"title": "x" * (MAX_TITLE_CHARACTERS + 1)}])
    assert desk.tasks.all() == ()


@pytest.mark.parametrize(
    "reference",
    ["1", "#1", "task 1", "first", "milk", "Buy milk", "the milk task", '"buy milk"', "BUY MILK!"],
)
def test_a_task_is_meant_by_number_place_or_words(desk: Desk, reference: str) -> None:
    assert desk.call("complete_tasks", tasks=[reference]) == {
        "tasks": [{"id": 1, "title": "Buy milk"}]
    }


def test_numbers_and_a_single_value_are_taken_too(desk: Desk) -> None:
    assert len(desk.call("complete_tasks", tasks=[1, 2])["tasks"]) == 2
    assert desk.call("complete_tasks", tasks=3)["tasks"] == [{"id": 3, "title": "Pay"}]


def test_a_title_with_and_is_tried_as_a_whole_before_it_is_divided(desk: Desk) -> None:
    desk.call("add_tasks", tasks=[{"title": "Buy bread and butter"}])
    done = desk.call("complete_tasks", tasks=["bread and butter"])
    assert [task["id"] for task in done["tasks"]] == [4]
    done = desk.call("complete_tasks", tasks=["milk and bob"])
    assert [task["id"] for task in done["tasks"]] == [1, 2]


def test_an_ambiguous_title_is_answered_with_the_candidates(desk: Desk) -> None:
    desk.call("add_tasks", tasks=[{"title": "Buy oat milk"}])
    with pytest.raises(ToolFailed, match="Several tasks match 'milk': 1 “Buy milk”, 4 “Buy oat"):
        desk.call("complete_tasks", tasks=["milk"])
    assert desk.tasks.counts().completed == 0


def test_a_completed_namesake_does_not_make_a_title_ambiguous(desk: Desk) -> None:
    desk.call("complete_tasks", tasks=["milk"])
    desk.call("add_tasks", tasks=[{"title": "Buy oat milk"}])
    assert desk.call("complete_tasks", tasks=["milk"])["tasks"][0]["id"] == 4
    assert desk.call("reopen_tasks", tasks=["last"])["tasks"][0]["id"] == 4


def test_an_unknown_task_is_answered_with_what_there_is(desk: Desk) -> None:
    with pytest.raises(ToolFailed, match=r"No task matches 'bread'\. The tasks are 1 “Buy milk”"):
        desk.call("complete_tasks", tasks=["bread"])
    with pytest.raises(ToolFailed, match="There is no task 9"):
        desk.call("delete_tasks", tasks=["9"])
    with pytest.raises(ToolFailed, match="There are no tasks in this session yet"):
        Desk().call("complete_tasks", tasks=["1"])


def test_completing_twice_says_that_it_was_so_already(desk: Desk) -> None:
    desk.call("complete_tasks", tasks=["1"])
    again = desk.call("complete_tasks", tasks=["1", "2"])
    assert [task["id"] for task in again["tasks"]] == [2]
    assert [task["id"] for task in again["already"]] == [1]


def test_completing_a_repeating_task_tells_the_next_date() -> None:
    desk = Desk()
    desk.call("add_tasks", tasks=[{"title": "Pills", "due": "every day at 12"}])
    done = desk.call("complete_tasks", tasks=["pills"])
    assert done["next"] == [
        {"id": 2, "title": "Pills", "due": "tomorrow at 12:00", "repeats": "every day"}
    ]


def test_renaming_tells_the_old_title(desk: Desk) -> None:
    renamed = desk.call("rename_task", task="milk", title=" Buy  oat milk ")
    assert renamed == {"tasks": [{"id": 1, "title": "Buy oat milk"}], "oldTitle": "Buy milk"}


@pytest.mark.parametrize(
    ("tasks", "asks"),
    [
        (["1"], False), (["#1"], False), ([1], False), (["milk"], False), (["last"], False),
        (["1", "2"], True), (["all"], True), (["completed"], True), (["everything"], True),
        (["all tasks"], True), (["milk and bob"], True), (["milk, bob"], True), ([], True),
    ],
)  # fmt: skip
def test_deleting_more_than_one_asks_first(tasks: list[Any], asks: bool) -> None:
    assert Desk().asks("delete_tasks", tasks=tasks) is asks


def test_no_reference_that_goes_unasked_deletes_more_than_one(desk: Desk) -> None:
    for reference in ("tasks 1-3", "1 2 3", "first last", "1 to 3", "each", "my list"):
        if desk.asks("delete_tasks", tasks=[reference]):
            continue
        try:
            deleted = desk.call("delete_tasks", tasks=[reference])
        except ToolFailed:
            continue
        assert len(deleted["tasks"]) == 1, reference


def test_clearing_completed_tasks_always_asks_and_keeps_the_others(desk: Desk) -> None:
    desk.call("complete_tasks", tasks=["1", "3"])
    assert desk.asks("clear_completed")
    assert [task["id"] for task in desk.call("clear_completed")["tasks"]] == [1, 3]
    assert [task.id for task in desk.tasks.all()] == [2]
    assert desk.call("clear_completed") == {"tasks": []}


def test_the_due_date_is_set_moved_and_removed(desk: Desk) -> None:
    desk.call("set_due", tasks=["1", "2"], due="friday at 9")
    assert desk.local_due(desk.tasks.get(2)) == "2026-11-27T09:00"
    desk.call("set_due", tasks=["1"], due="none")
    assert desk.tasks.get(1).due_at_ms is None
    with pytest.raises(ToolFailed, match="is in the past"):
        desk.call("set_due", tasks=["1"], due="yesterday")


def test_repeating_goes_on_from_the_date_that_is_set(desk: Desk) -> None:
    desk.call("set_due", tasks=["1"], due="friday at 9")
    desk.call("set_due", tasks=["1"], repeat="weekly")
    task = desk.tasks.get(1)
    assert (desk.local_due(task), task.recurrence) == ("2026-11-27T09:00", "weekly")
    desk.call("set_due", tasks=["1"], repeat="never")
    task = desk.tasks.get(1)
    assert (desk.local_due(task), task.recurrence) == ("2026-11-27T09:00", None)


def test_repeating_without_a_date_begins_with_the_rule_s_first(desk: Desk) -> None:
    desk.call("set_due", tasks=["1"], repeat="every monday")
    task = desk.tasks.get(1)
    assert (desk.local_due(task), task.recurrence) == ("2026-11-23T00:00", "every monday")
    with pytest.raises(ToolFailed, match="is no repetition"):
        desk.call("set_due", tasks=["1"], repeat="tomorrow")


def test_the_priority_is_closed(desk: Desk) -> None:
    assert desk.call("set_priority", tasks=["1"], priority="HIGH")["priority"] == "high"
    with pytest.raises(InvalidArguments, match="priority"):
        desk.call("set_priority", tasks=["1"], priority="soon")


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"status": "pending"}, [1, 2, 3, 4, 6]),
        ({"status": "completed"}, [5]),
        ({"due": "today"}, [1, 2]),
        ({"due": "tomorrow"}, [3]),
        ({"due": "week"}, [1, 2, 3]),
        ({"due": "overdue"}, [1]),
        ({"priority": "high"}, [6]),
    ],
)
def test_the_list_can_be_narrowed(arguments: dict[str, str], ids: list[int]) -> None:
    desk = Desk()
    desk.call(
        "add_tasks",
        tasks=[
            {"title": "late"},
            {"title": "now", "due": "today"},
            {"title": "soon", "due": "tomorrow"},
            {"title": "later", "due": "next friday"},
            {"title": "done"},
            {"title": "urgent", "priority": "high"},
        ],
    )
    desk.tasks.set_due(1, due_at_ms=Saturday().now_ms() - 1, due_has_time=True)
    desk.tasks.complete(5)
    shown = desk.call("list_tasks", **arguments)
    assert [task["id"] for task in shown["tasks"]] == ids
    assert (shown["pending"], shown["completed"]) == (5, 1)


def test_a_long_list_is_cut_and_counted() -> None:
    desk = Desk()
    desk.call("add_tasks", tasks=[{"title": f"t{n}"} for n in range(MAX_LISTED + 7)])
    shown = desk.call("list_tasks")
    assert (len(shown["tasks"]), shown["more"]) == (MAX_LISTED, 7)


def test_a_new_time_zone_keeps_the_day_of_tasks_without_a_time(desk: Desk) -> None:
    desk.call("set_due", tasks=["1"], due="friday")
    kept = desk.call("set_preference", key="timeZone", value="new york")
    assert kept == {"key": "timeZone", "value": "America/New_York"}
    assert desk.call("list_tasks", due="any")["tasks"][0]["due"] == "on Friday 27 November"
    assert "due" not in desk.call("undo_last_change")["tasks"][0]


def test_an_unknown_time_zone_is_refused_with_an_example(desk: Desk) -> None:
    with pytest.raises(ToolFailed, match="Europe/Berlin"):
        desk.call("set_preference", key="timeZone", value="Atlantis")


def test_undo_tells_what_is_back_and_what_is_gone(desk: Desk) -> None:
    desk.call("delete_tasks", tasks=["1"])
    assert desk.call("undo_last_change")["tasks"][0]["title"] == "Buy milk"
    gone = desk.call("undo_last_change")
    assert [task["title"] for task in gone["removed"]] == ["Buy milk", "Call Bob", "Pay"]
    with pytest.raises(ToolFailed, match="no change of tasks left"):
        desk.call("undo_last_change")
