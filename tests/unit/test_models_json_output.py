"""Documents from a model: checked, asked again, and refused when cut off."""

from __future__ import annotations

import json
from typing import Any

import pytest

from littoral.errors import InvalidInput, ModelRefused, ModelUnavailable
from littoral.models.json_output import ask_json, read_document
from littoral.models.model import Finished, ModelMessage, ModelRequest, TextDelta, Usage
from littoral.models.offline import OfflineModel
from tests.fakes.scripted_provider import ScriptedProvider, answer

SCHEMA = {
    "type": "object",
    "required": ["count"],
    "properties": {"count": {"type": "integer", "minimum": 3}},
}
REQUEST = ModelRequest(messages=(ModelMessage(role="user", text="How many?"),), model="m")
USED = Usage(input_tokens=10, output_tokens=5, cost_usd=0.5)


def saying(*texts: str) -> ScriptedProvider:
    return ScriptedProvider(*(answer(each, usage=USED) for each in texts))


async def test_a_document_that_fits_is_taken_at_once() -> None:
    model = saying('{"count": 3}')
    got = await ask_json(model, REQUEST, SCHEMA)
    assert got.value == {"count": 3}
    assert (got.asks, got.usage, got.chosen.model) == (1, USED, "m")
    assert model.requests[0].response_schema == SCHEMA
    assert model.requests[0].tools == ()


async def test_one_that_does_not_fit_is_asked_again_with_the_exact_problem() -> None:
    model = saying('{"count": 2}', "three", '{"count": 4}')
    got = await ask_json(model, REQUEST, SCHEMA)
    assert got.value == {"count": 4}
    assert got.asks == 3
    assert got.usage == USED + USED + USED
    second = model.requests[1].messages
    assert [each.role for each in second] == ["user", "assistant", "user"]
    assert second[1].text == '{"count": 2}'
    assert "- count: must be at least 3" in second[2].text
    assert "is not JSON" in model.requests[2].messages[-1].text


async def test_it_is_asked_three_times_and_no_more() -> None:
    model = saying("{}")
    with pytest.raises(ModelUnavailable, match="lacks count"):
        await ask_json(model, REQUEST, SCHEMA)
    assert len(model.requests) == 3


async def test_a_document_that_was_cut_off_fails_at_once() -> None:
    model = ScriptedProvider([TextDelta(text='{"count": 3'), Finished(reason="length")])
    with pytest.raises(ModelRefused, match="cut off"):
        await ask_json(model, REQUEST, SCHEMA)
    assert len(model.requests) == 1
    assert model.closed == 1


async def test_a_stream_that_stops_is_a_failure() -> None:
    with pytest.raises(ModelUnavailable):
        await ask_json(ScriptedProvider([TextDelta(text="{}")]), REQUEST, SCHEMA)


async def test_a_bad_schema_is_the_callers_mistake() -> None:
    model = saying("{}")
    with pytest.raises(InvalidInput):
        await ask_json(model, REQUEST, {"type": "nonsense"})
    assert model.requests == []


async def test_the_offline_model_gives_a_document_that_fits() -> None:
    got = await ask_json(OfflineModel(), REQUEST, SCHEMA)
    assert got.value == {"count": 3}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        (" [1] ", [1]),
        ("5", 5),
        ('```json\n{"a": 1}\n```', {"a": 1}),
        ('Here it is:\n```\n{"a": 1}\n```\nEnjoy!', {"a": 1}),
        ('Sure: {"a": [1, {"b": "}"}]} is it.', {"a": [1, {"b": "}"}]}),
        ("The list is [1, 2].", [1, 2]),
    ],
)
def test_a_document_is_found_in_what_a_model_says(text: str, value: Any) -> None:
    assert read_document(text) == value


@pytest.mark.parametrize("text", ["", "no", "{", "{]", "NaN", "[" * 5000, json.dumps("x")[:-1]])
def test_what_holds_no_document_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        read_document(text)
