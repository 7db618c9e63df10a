"""The offline model behaves like a model and says what it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from littoral.errors import ModelRefused
from littoral.models.instance import smallest_instance
from littoral.models.model import (
    Finished,
    ModelEvent,
    ModelMessage,
    ModelRequest,
    TextDelta,
    ToolCall,
    ToolCallReady,
    ToolSpec,
)
from littoral.models.offline import DocumentSkill, OfflineModel, Plan, Skill, document_title
from tests.fakes.clock import CountingIds


class Echo:
    """Understands "echo …": calls the tool ``echo`` and reads its answer out."""

    def plan(self, text: str, request: ModelRequest) -> Plan | None:
        verb, _, words = text.partition(" ")
        if verb != "echo":
            return None
        return Plan(calls=(("echo", {"words": words}), ("shout", {"words": words})))

    def conclude(self, request: ModelRequest) -> str | None:
        return f"Heard: {request.messages[-1].text}"


class Greeter:
    def plan(self, text: str, request: ModelRequest) -> Plan | None:
        return Plan(reply="Good morning to you.") if text == "hello" else None

    def conclude(self, request: ModelRequest) -> str | None:
        return None


ECHO = ToolSpec(name="echo", description="Echoes.", parameters={"type": "object"})


def asking(text: str, **fields: Any) -> ModelRequest:
    return ModelRequest(messages=[ModelMessage(role="user", text=text)], **fields)


async def events_of(request: ModelRequest, *skills: Any) -> list[ModelEvent]:
    model = OfflineModel(skills or (Greeter(), Echo()), ids=CountingIds())
    return [event async for event in model.stream(request)]


async def text_of(request: ModelRequest, *skills: Any) -> str:
    events = await events_of(request, *skills)
    return "".join(each.text for each in events if isinstance(each, TextDelta))


async def test_words_that_are_ready_together_leave_together() -> None:
    events = await events_of(asking("hello"))
    assert events[:-1] == [TextDelta(text="Good morning to you.")]
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "stop"
    assert events[-1].usage.input_tokens == 2
    assert events[-1].usage.output_tokens == 5
    assert events[-1].usage.cost_usd == 0.0


async def test_a_skill_calls_only_tools_that_are_offered() -> None:
    events = await events_of(asking("echo a b", tools=[ECHO]))
    call = ToolCall(id="call_1", name="echo", arguments='{"words":"a b"}')
    assert events[0] == ToolCallReady(call=call)
    assert isinstance(events[1], Finished)
    assert events[1].reason == "tool-calls"
    assert len(events) == 2


async def test_it_words_the_answer_from_the_results_of_its_tools() -> None:
    call = ToolCall(id="call_1", name="echo", arguments="{}")
    messages = [
        ModelMessage(role="user", text="echo a"),
        ModelMessage(role="assistant", tool_calls=(call,)),
        ModelMessage(role="tool", text="a", tool_call_id="call_1", tool_name="echo"),
    ]
    assert await text_of(ModelRequest(messages=messages, tools=[ECHO])) == "Heard: a"


async def test_results_of_an_earlier_question_do_not_answer_a_new_one() -> None:
    messages = [
        ModelMessage(role="user", text="echo a"),
        ModelMessage(role="tool", text="a", tool_call_id="call_1", tool_name="echo"),
        ModelMessage(role="user", text="hello"),
    ]
    assert await text_of(ModelRequest(messages=messages)) == "Good morning to you."


async def test_without_a_skill_for_it_the_model_says_that_it_is_offline_and_what_it_can_do() -> (
    None
):
    text = await text_of(asking("What is love?", tools=[ECHO]))
    assert "offline" in text
    assert "echo" in text


@pytest.mark.parametrize("messages", [[], [ModelMessage(role="system", text="Be kind.")]])
async def test_a_request_without_a_question_is_answered_too(messages: list[ModelMessage]) -> None:
    assert "offline" in await text_of(ModelRequest(messages=messages))


async def test_a_results_text_is_read_out_when_no_skill_words_it() -> None:
    messages = [
        ModelMessage(role="user", text="x"),
        ModelMessage(role="tool", text="raw", tool_call_id="1", tool_name="t"),
    ]
    assert await text_of(ModelRequest(messages=messages), Greeter()) == "raw"


async def test_an_answer_that_is_too_long_ends_with_length() -> None:
    events = await events_of(asking("hello", max_output_tokens=2))
    assert "".join(each.text for each in events if isinstance(each, TextDelta)) == "Good mor"
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "length"


async def test_line_breaks_and_spaces_of_an_answer_survive_the_words() -> None:
    class Poet(Greeter):
        def plan(self, text: str, request: ModelRequest) -> Plan | None:
            return Plan(reply="  one\n\n- two  three\n")

    assert await text_of(asking("x"), Poet()) == "  one\n\n- two  three\n"


async def test_a_document_is_asked_and_the_smallest_one_given() -> None:
    schema = {
        "type": "object",
        "required": ["kind", "count"],
        "properties": {"kind": {"enum": ["a", "b"]}, "count": {"type": "integer", "minimum": 3}},
    }
    text = await text_of(asking("hello", response_schema=schema, tools=[ECHO]))
    assert json.loads(text) == {"kind": "a", "count": 3}


CAPITAL = {"title": "capital", "type": "object", "required": ["city"]}


class Geographer:
    """Knows documents titled "capital"."""

    def __init__(self, answer: Any = None) -> None:
        self._answer = answer or {"city": "Lisbon"}

    def document(self, request: ModelRequest) -> Any | None:
        return self._answer if document_title(request) == "capital" else None


class GreetingGeographer(Greeter, Geographer):
    """Two kinds of skill in one."""


async def test_a_document_that_a_skill_knows_by_its_title_is_the_skills() -> None:
    request = asking("Where?", response_schema=CAPITAL)
    assert json.loads(await text_of(request, Greeter(), Geographer())) == {"city": "Lisbon"}
    assert OfflineModel((Greeter(), Geographer())).understands(request)


@pytest.mark.parametrize("title", ["river", "", None, 7])
async def test_a_document_of_another_title_is_the_smallest_one(title: Any) -> None:
    request = asking("Where?", response_schema={**CAPITAL, "title": title})
    assert json.loads(await text_of(request, Geographer())) == {"city": None}
    assert not OfflineModel((Geographer(),)).understands(request)


async def test_a_skills_document_that_does_not_fit_the_schema_is_not_given_out() -> None:
    request = asking("Where?", response_schema=CAPITAL)
    assert json.loads(await text_of(request, Geographer({"town": "Lisbon"}))) == {"city": None}
    fitting = await text_of(request, Geographer({"town": "Lisbon"}), Geographer())
    assert json.loads(fitting) == {"city": "Lisbon"}


async def test_a_document_that_is_too_long_ends_with_length() -> None:
    request = asking("Where?", response_schema=CAPITAL, max_output_tokens=1)
    events = await events_of(request, Geographer())
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "length"


async def test_one_skill_may_know_words_and_documents() -> None:
    both = GreetingGeographer()
    assert isinstance(both, Skill)
    assert isinstance(both, DocumentSkill)
    assert await text_of(asking("hello"), both) == "Good morning to you."
    assert "Lisbon" in await text_of(asking("hello", response_schema=CAPITAL), both)


async def test_a_schema_without_a_finite_document_is_refused() -> None:
    schema = {"type": "object", "required": ["me"], "properties": {"me": {"$ref": "#"}}}
    with pytest.raises(ModelRefused, match="schema"):
        await events_of(asking("x", response_schema=schema))


@pytest.mark.parametrize(
    ("schema", "smallest"),
    [
        ({}, None),
        ({"type": "string", "minLength": 3}, "---"),
        ({"type": "string", "format": "date"}, "1970-01-01"),
        ({"type": ["integer", "null"]}, None),
        ({"type": ["integer", "string"]}, 0),
        ({"type": "integer", "exclusiveMinimum": 0}, 1),
        ({"type": "integer", "minimum": 4, "multipleOf": 3}, 6),
        ({"type": "number", "maximum": -2.5, "multipleOf": 0.5}, -2.5),
        ({"type": "number", "exclusiveMaximum": 0}, -1),
        ({"type": "array", "minItems": 2, "items": {"type": "boolean"}}, [False, False]),
        ({"prefixItems": [{"const": 1}], "type": "array", "minItems": 1}, [1]),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, None),
        ({"allOf": [{"required": ["a"]}, {"properties": {"a": {"const": 5}}}]}, {"a": 5}),
        ({"$ref": "#/$defs/x~1y", "$defs": {"x/y": {"type": "integer"}}}, 0),
        ({"oneOf": [{"type": "object", "required": ["a"], "properties": {}}]}, {"a": None}),
        ({"default": [1]}, [1]),
        ({"type": "object"}, {}),
        (True, None),
    ],
)
def test_the_smallest_instance_of_a_schema(schema: Any, smallest: Any) -> None:
    assert smallest_instance({"x": 1} if schema is True else schema) == smallest


def test_references_in_a_circle_are_refused() -> None:
    with pytest.raises(ValueError, match="without an end"):
        smallest_instance({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}})
