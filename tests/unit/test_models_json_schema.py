"""The checker of JSON schemas agrees with another implementation and explains itself."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.errors import InvalidInput, TooLarge
from littoral.models.instance import smallest_instance
from littoral.models.json_schema import JsonSchema

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([0.5, 1.0, -2.0, 1e20])
    | st.sampled_from(["", "a", "ab", "🌍", "b"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "ab"]), inner, max_size=3)
    ),
    max_leaves=6,
)
names = st.sampled_from(["a", "b", "ab"])
counts = st.integers(0, 3)
numbers = st.integers(-3, 3) | st.sampled_from([0.5, 2.0])
kinds = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])
patterns = st.sampled_from(["^a", "b$", "^.?$"])

leaves = st.fixed_dictionaries(
    {},
    optional={
        "type": kinds | st.lists(kinds, min_size=1, max_size=3, unique=True),
        "enum": st.lists(values, min_size=1, max_size=3),
        "const": values,
        "minimum": numbers,
        "exclusiveMaximum": numbers,
        "multipleOf": st.sampled_from([1, 2, 0.5]),
        "minLength": counts,
        "maxLength": counts,
        "pattern": patterns,
        "minItems": counts,
        "maxItems": counts,
        "uniqueItems": st.booleans(),
        "minProperties": counts,
        "required": st.lists(names, max_size=2, unique=True),
        "dependentRequired": st.dictionaries(names, st.lists(names, max_size=2, unique=True)),
        "$ref": st.sampled_from(["#/$defs/one", "#/$defs/a~1b", "#here"]),
    },
)


def branches(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    many = st.lists(inner, min_size=1, max_size=2)
    named = st.dictionaries(names, inner, max_size=2)
    return st.fixed_dictionaries(
        {},
        optional={
            "items": inner,
            "prefixItems": many,
            "contains": inner,
            "minContains": counts,
            "maxContains": counts,
            "properties": named,
            "patternProperties": st.dictionaries(patterns, inner, max_size=2),
            "additionalProperties": inner,
            "propertyNames": inner,
            "dependentSchemas": named,
            "allOf": many,
            "anyOf": many,
            "oneOf": many,
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
            "type": kinds,
        },
    )


schemas = st.recursive(leaves | st.booleans(), branches, max_leaves=6)
definitions = {
    "one": {"type": ["integer", "array"]},
    "a/b": {"maximum": 1},
    "anchored": {"$anchor": "here", "minLength": 1},
}


@settings(max_examples=400, deadline=None)
@given(schemas, values)
def test_it_agrees_with_another_implementation(schema: Any, value: Any) -> None:
    whole = {"allOf": [schema], "$defs": definitions}
    other = jsonschema_rs.Draft202012Validator(whole)
    assert (JsonSchema(whole).problems(value) == []) == other.is_valid(value)


@settings(deadline=None)
@given(schemas)
def test_a_smallest_instance_is_found_or_the_schema_is_refused_but_nothing_breaks(
    schema: Any,
) -> None:
    whole = {"allOf": [schema], "$defs": definitions}
    JsonSchema(whole).problems(smallest_instance(whole))


@pytest.mark.parametrize(
    ("schema", "value", "problem"),
    [
        ({"type": "string"}, 5, "document: must be string"),
        ({"type": ["string", "null"]}, 5, "document: must be string or null"),
        ({"type": "integer"}, True, "document: must be integer"),
        ({"enum": ["a", 1]}, "b", "document: must be one of 'a', 1"),
        ({"const": "a"}, "b", "document: must be 'a'"),
        ({"minimum": 3}, 2, "document: must be at least 3"),
        ({"multipleOf": 0.1}, 0.25, "document: must be a multiple of 0.1"),
        ({"minLength": 2}, "a", "document: must have at least 2 characters, not 1"),
        ({"properties": {"a": {"items": {"type": "null"}}}}, {"a": [None, 1]}, "a.1: must be null"),
        ({"required": ["a", "b"]}, {}, "document: lacks a, b"),
        ({"additionalProperties": False}, {"x": 1}, "x: is not allowed here"),
        (
            {"anyOf": [{"type": "null"}, {"properties": {"a": {"type": "null"}}}]},
            {"a": 1},
            "document: fits none of 2 choices; nearest: document: must be null",
        ),
        ({"oneOf": [True, True]}, 1, "document: fits 2 of the choices; it must fit exactly one"),
    ],
)
def test_a_problem_names_its_place_and_the_rule(schema: Any, value: Any, problem: str) -> None:
    assert JsonSchema(schema).problems(value) == [problem]


def test_decimal_steps_are_exact() -> None:
    assert JsonSchema({"multipleOf": 0.01}).problems(19.99) == []
    assert JsonSchema({"multipleOf": 2}).problems(float("inf")) != []


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ([], "must be an object or a boolean"),
        ({"type": "text"}, "type must be"),
        ({"type": []}, "type must be"),
        ({"minimum": "5"}, "minimum must be a number"),
        ({"minLength": -1}, "minLength must be"),
        ({"multipleOf": 0}, "above 0"),
        ({"pattern": "("}, "pattern must be"),
        ({"pattern": "a" * 1000}, "pattern must be"),
        ({"patternProperties": {"(": True}}, "bad pattern"),
        ({"required": "a"}, "list of names"),
        ({"anyOf": []}, "list of schemas"),
        ({"properties": []}, "object of schemas"),
        ({"items": [{}]}, "#/items must be an object"),
        ({"$ref": "https://example.com/schema"}, "within the schema"),
        ({"unevaluatedProperties": False}, "not supported"),
        ({"properties": {"a": {"$id": "x"}}}, "not supported"),
    ],
)
def test_a_schema_that_cannot_be_used_is_refused_by_name(schema: Any, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        JsonSchema(schema)


@pytest.mark.parametrize("reference", ["#/$defs/none", "#nowhere", "#/type/x", "#/$defs"])
def test_a_reference_to_nothing_is_refused(reference: str) -> None:
    schema = {"$ref": reference, "type": "string"}
    with pytest.raises(InvalidInput, match="refers to"):
        JsonSchema(schema).problems("x")


def test_endless_schemas_are_refused() -> None:
    with pytest.raises(TooLarge):
        JsonSchema({"$ref": "#"}).problems(1)
    doubling: dict[str, Any] = {"$defs": {"d0": {"type": "null"}}}
    for n in range(1, 30):
        doubling["$defs"][f"d{n}"] = {"allOf": [{"$ref": f"#/$defs/d{n - 1}"}] * 2}
    with pytest.raises(TooLarge):
        JsonSchema({**doubling, "$ref": "#/$defs/d29"}).problems(None)
    with pytest.raises(TooLarge):
        JsonSchema({"allOf": [{}] * 6000})


def test_the_list_of_problems_is_cut() -> None:
    assert len(JsonSchema({"items": {"type": "null"}}).problems([1] * 100)) == 10
