"""Tools from typed functions: their schema, their arguments, their manners."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from littoral.models.tool import InvalidArguments, ToolFailed, ToolSet, prepare, tool


class Priority(Enum):
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True)
class NewTask:
    title: Annotated[str, Field(min_length=1, max_length=500)]
    due: str | None = None
    priority: Priority = Priority.LOW


class Place(BaseModel):
    city: str
    country: str = "DE"


class Recursive(BaseModel):
    inner: Recursive | None = None


class Desk:
    def __init__(self) -> None:
        self.titles: list[str] = []

    @tool(title="Add tasks")
    def add_tasks(self, tasks: list[NewTask]) -> dict[str, Any]:
        """Adds tasks to the
        user's list.

        Not for the model: may be repeated.

        Args:
            tasks: what to add,
                in order.
        """
        self.titles += [each.title for each in tasks]
        return {"added": tasks}

    @tool(approval=lambda arguments: len(arguments["task_ids"]) > 1)
    def delete_tasks(self, task_ids: list[int]) -> int:
        """Deletes tasks.

        Args:
            task_ids (list[int]): their numbers.
        """
        return len(task_ids)

    @tool(approval=True)
    def set_due(self, task_id: int, due: str | None, loud: bool = False) -> list[Any]:
        """Sets or clears when a task is due."""
        return [task_id, due, loud]

    @tool(parallel=True)
    async def look_up(self, place: Place, unit: Literal["metric", "imperial"] = "metric") -> str:
        """Looks a place up."""
        return f"{place.city} {place.country} {unit}"

    @tool()
    def list_tasks(self, priority: Priority | None = None, count: int = 10) -> str:
        """Lists tasks."""
        return f"{priority} {count}"

    @tool()
    def clear(self) -> None:
        """Clears everything."""

    def not_a_tool(self) -> None:
        """Ordinary."""


@tool()
def divide(a: float, b: float) -> float:
    """Divides.

    Args:
        a: above
        b: below
    """
    if b == 0:
        raise ToolFailed("b is 0: nothing can be divided by it")
    return a / b


def run(name: str, arguments: Any) -> Any:
    found = ToolSet.of(Desk(), divide).get(name)
    assert found is not None
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return found.run(found.parse(text))


def refusal(name: str, arguments: Any) -> str:
    with pytest.raises(InvalidArguments) as caught:
        run(name, arguments)
    return caught.value.text


def test_the_tools_of_an_object_come_in_the_order_of_their_definition() -> None:
    names = [each.name for each in ToolSet.of(Desk(), divide)]
    assert names == [
        "add_tasks", "delete_tasks", "set_due", "look_up", "list_tasks", "clear", "divide",
    ]  # fmt: skip


def test_a_schema_is_written_out_with_meanings_and_without_titles_or_references() -> None:
    spec = ToolSet.of(Desk()).specs()[0]
    assert spec.description == "Adds tasks to the user's list."
    assert spec.parameters == {
        "type": "object",
        "additionalProperties": False,
        "required": ["tasks"],
        "properties": {
            "tasks": {
                "type": "array",
                "description": "what to add, in order.",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["title"],
                    "properties": {
                        "title": {"type": "string", "minLength": 1, "maxLength": 500},
                        "due": {"type": "string"},
                        "priority": {"type": "string", "enum": ["low", "high"], "default": "low"},
                    },
                },
            }
        },
    }


def test_null_stays_in_the_schema_where_leaving_out_would_not_mean_the_same() -> None:
    spec = ToolSet.of(Desk()).specs()[2]
    assert spec.parameters["properties"]["due"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}


def test_a_schema_is_computed_once_for_all_objects_of_a_class() -> None:
    assert ToolSet.of(Desk()).specs()[0] is ToolSet.of(Desk()).specs()[0]


def test_schemas_may_be_computed_ahead() -> None:
    prepare(Desk)
    ahead = ToolSet.of(Desk()).specs()
    prepare(Desk)
    assert ToolSet.of(Desk()).specs()[0] is ahead[0]


def test_a_tool_belongs_to_its_object() -> None:
    one, other = Desk(), Desk()
    found = ToolSet.of(one).get("add_tasks")
    assert found is not None
    output = found.run(found.parse('{"tasks": [{"title": "Buy milk"}]}'))
    assert one.titles == ["Buy milk"]
    assert other.titles == []
    assert output == {"added": [{"title": "Buy milk", "due": None, "priority": "low"}]}


def test_a_single_bound_method_can_be_a_tool() -> None:
    desk = Desk()
    found = ToolSet.of(desk.add_tasks).get("add_tasks")
    assert found is not None
    found.run(found.parse('{"tasks": [{"title": "Buy milk"}]}'))
    assert desk.titles == ["Buy milk"]


async def test_an_async_tool_is_awaited_and_refuses_to_be_run_as_a_plain_one() -> None:
    found = ToolSet.of(Desk()).get("look_up")
    assert found is not None
    assert found.is_async
    assert found.parallel
    arguments = found.parse('{"place": {"city": "Kiel"}}')
    assert await found.run_async(arguments) == "Kiel DE metric"
    with pytest.raises(TypeError, match="run_async"):
        found.run(arguments)


def test_approval_may_depend_on_the_arguments() -> None:
    tools = ToolSet.of(Desk())
    delete, due, add = (tools.get(name) for name in ("delete_tasks", "set_due", "clear"))
    assert delete and due and add
    assert not delete.needs_approval(delete.parse('{"task_ids": [1]}'))
    assert delete.needs_approval(delete.parse('{"task_ids": [1, 2]}'))
    assert due.needs_approval(due.parse('{"task_id": 1, "due": null}'))
    assert not add.needs_approval(add.parse(""))


def test_an_expected_failure_reaches_the_model_as_text() -> None:
    with pytest.raises(ToolFailed, match="b is 0"):
        run("divide", {"a": 1, "b": 0})


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("delete_tasks", {"task_ids": 2}, 1),
        ("delete_tasks", {"task_ids": "2"}, 1),
        ("delete_tasks", {"task_ids": "[1, 2]"}, 2),
        ("delete_tasks", {"task_ids": ["1", "2"]}, 2),
        ("delete_tasks", {"taskIds": [1]}, 1),
        ("delete_tasks", [1, 2], 2),
        ("delete_tasks", '"{\\"task_ids\\": [1]}"', 1),
        ("delete_tasks", '```json\n{"task_ids": [1]}\n```', 1),
        ("set_due", {"task_id": "7", "due": "null", "loud": "true"}, [7, None, True]),
        ("set_due", {"task_id": [7], "due": 5, "loud": None}, [7, "5", False]),
        ("list_tasks", {"priority": "High", "count": "3"}, "Priority.HIGH 3"),
        ("list_tasks", {"priority": None, "count": "null"}, "None 10"),
        ("list_tasks", {"priority": "low", "reason": ""}, "Priority.LOW 10"),
        ("list_tasks", "", "None 10"),
        ("list_tasks", "null", "None 10"),
        ("clear", {"": ""}, None),
        ("divide", {"a": "1", "b": "4"}, 0.25),
    ],
)
def test_a_slip_with_one_possible_meaning_is_repaired(name: str, written: Any, meant: Any) -> None:
    assert run(name, written) == meant


@pytest.mark.parametrize(
    "written",
    [
        {"tasks": {"title": "Buy milk"}},
        {"tasks": "Buy milk"},
        {"tasks": ["Buy milk"]},
        {"tasks": '[{"title": "Buy milk"}]'},
        {"tasks": ['{"title": "Buy milk"}']},
        {"title": "Buy milk"},
        [{"title": "Buy milk", "due": None, "priority": "LOW"}],
        {"tasks": [{"Title": "Buy milk", "due": "None"}]},
    ],
)
def test_one_task_in_any_wrapping_is_one_task(written: Any) -> None:
    added = run("add_tasks", written)["added"]
    assert added == [{"title": "Buy milk", "due": None, "priority": "low"}]


def test_problems_are_listed_one_a_line_with_their_place() -> None:
    text = refusal("add_tasks", {"tasks": [{"title": ""}, {"title": "x", "color": "red"}]})
    assert text.splitlines() == [
        "The arguments do not fit. Correct them and call the tool again.",
        "- tasks.0.title: String should have at least 1 character",
        "- tasks.1.color: Unexpected keyword argument",
    ]


def test_a_long_list_of_problems_is_cut() -> None:
    text = refusal("delete_tasks", {"task_ids": ["x"] * 50})
    assert len(text.splitlines()) == 12
    assert "40 more" in text


@pytest.mark.parametrize(
    ("name", "written", "says"),
    [
        ("delete_tasks", "{", "not JSON"),
        ("delete_tasks", "delete the first", "not JSON"),
        ("delete_tasks", "[" * 5000, "not JSON"),
        ("delete_tasks", '{"task_ids": [NaN]}', "not JSON"),
        ("delete_tasks", '{"task_ids": ["\\ud800"]}', "not JSON"),
        ("delete_tasks", '{"task_ids": null}', "task_ids"),
        ("delete_tasks", '{"task_ids": [9007199254740993]}', "within"),
        ("delete_tasks", '{"task_ids": [true, "one"]}', "task_ids.1"),
        ("divide", '{"a": 1e999, "b": 1}', "too large"),
        ("divide", "[1, 2]", "one JSON object"),
        ("divide", "7", "one JSON object"),
        ("divide", '{"a": 1}', "b: Field required"),
        ("set_due", '{"task_id": 1}', "due: Field required"),
        ("list_tasks", '{"colour": "red"}', "colour"),
        ("delete_tasks", "x" * 200_000, "100000"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_the_reason(
    name: str, written: str, says: str
) -> None:
    assert says in refusal(name, written)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.text() | json_values.map(json.dumps))
def test_no_text_of_a_model_breaks_the_parsing(text: str) -> None:
    for each in ToolSet.of(Desk(), divide):
        try:
            arguments = each.parse(text)
        except InvalidArguments as refused:
            assert refused.text
        else:
            json.dumps(arguments.input, allow_nan=False).encode()


@settings(deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"title": st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)},
            optional={"due": st.none() | st.just("tomorrow"), "priority": st.just("high")},
        )
    )
)
def test_arguments_that_fit_are_never_changed(tasks: list[Mapping[str, Any]]) -> None:
    found = ToolSet.of(Desk()).get("add_tasks")
    assert found is not None
    arguments = found.parse(json.dumps({"tasks": tasks}))
    assert [each.title for each in arguments.values["tasks"]] == [each["title"] for each in tasks]
    assert found.parse(json.dumps(arguments.input)) == arguments


def test_a_function_that_cannot_be_a_tool_is_refused_with_its_name() -> None:
    @tool()
    def untyped(a) -> None:  # type: ignore[no-untyped-def]
        """Does."""

    @tool()
    def silent(a: int) -> None: ...

    @tool()
    def endless(a: Recursive) -> None:
        """Does."""

    @tool()
    def any_number(*many: int) -> None:
        """Does."""

    def unmarked() -> None:
        """Does."""

    for function in (untyped, silent, endless, any_number, unmarked):
        with pytest.raises(TypeError):
            ToolSet.of(function)
    with pytest.raises(TypeError, match="parallel"):
        tool(parallel=True)(unmarked)


def test_two_tools_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="divide"):
        ToolSet.of(divide, divide)


def test_an_unknown_name_gives_no_tool() -> None:
    assert ToolSet.of(Desk()).get("rm -rf") is None
