"""What a JSON schema itself must look like before values are checked against it.

The libraries that check values by draft 2020-12 need compiled parts that do not exist for Pyodide
(seen 2026-11), so ``littoral.models.json_schema`` does it; what it cannot do is refused here by
name rather than passed over in silence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from littoral.errors import InvalidInput, TooLarge
from littoral.models.json_assertions import TYPES, compiled, is_number, is_whole

MAX_SCHEMAS = 5_000
MAX_PATTERN_CHARACTERS = 500

ONE_SCHEMA = (
    "items", "contains", "additionalProperties", "propertyNames", "not", "if", "then", "else",
)  # fmt: skip
MANY_SCHEMAS = ("allOf", "anyOf", "oneOf", "prefixItems")
NAMED_SCHEMAS = ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions")
_NOT_SUPPORTED = (
    "unevaluatedItems", "unevaluatedProperties", "$dynamicRef", "$recursiveRef", "dependencies",
    "additionalItems",
)  # fmt: skip


_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_COUNTS = (
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
    "minContains", "maxContains",
)  # fmt: skip


def _is_finite(value: Any) -> bool:
    return is_number(value) and math.isfinite(value)


def _is_count(value: Any) -> bool:
    return _is_finite(value) and is_whole(value) and value >= 0


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _are_types(value: Any) -> bool:
    kinds = [value] if isinstance(value, str) else value
    return _are_names(kinds) and bool(kinds) and all(each in TYPES for each in kinds)


def _is_pattern(value: Any) -> bool:
    if not isinstance(value, str) or len(value) > MAX_PATTERN_CHARACTERS:
        return False
    try:
        compiled(value)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _depend(value: Any) -> bool:
    return isinstance(value, dict) and all(_are_names(each) for each in value.values())


_ARGUMENTS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "type": (_are_types, "the name of a type, or a list of them"),
    "enum": (lambda value: isinstance(value, list), "a list"),
    "multipleOf": (lambda value: _is_finite(value) and value > 0, "a number above 0"),
    "pattern": (_is_pattern, f"a pattern of at most {MAX_PATTERN_CHARACTERS} characters"),
    "required": (_are_names, "a list of names"),
    "dependentRequired": (_depend, "an object of lists of names"),
    "uniqueItems": (lambda value: isinstance(value, bool), "true or false"),
    "$ref": (
        lambda value: isinstance(value, str) and value.startswith("#"),
        "a reference within the schema, such as #/$defs/name",
    ),
    **dict.fromkeys(_BOUNDS, (_is_finite, "a number")),
    **dict.fromkeys(_COUNTS, (_is_count, "a whole number from 0 on")),
}


def require_schema(schema: Any) -> None:
    """Raises ``InvalidInput`` that names the place and the rule, or ``TooLarge``."""
    waiting: list[tuple[str, Any]] = [("#", schema)]
    count = 0
    while waiting:
        path, each = waiting.pop()
        count += 1
        if count > MAX_SCHEMAS:
            raise TooLarge(f"The schema has more than {MAX_SCHEMAS} parts.")
        if isinstance(each, bool):
            continue
        if not isinstance(each, Mapping):
            raise InvalidInput(f"The schema at {path} must be an object or a boolean.")
        _require_keywords(each, path)
        waiting.extend(_inner(each, path))


def _require_keywords(schema: Mapping[str, Any], path: str) -> None:
    for name in _NOT_SUPPORTED:
        if name in schema:
            raise InvalidInput(f"The schema at {path} uses {name}, which is not supported.")
    if path != "#" and "$id" in schema:
        raise InvalidInput(f"The schema at {path} has an $id of its own: not supported.")
    for name, (fits, wanted) in _ARGUMENTS.items():
        if name in schema and not fits(schema[name]):
            raise InvalidInput(f"The schema at {path}: {name} must be {wanted}.")


def _inner(schema: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for name in ONE_SCHEMA:
        if name in schema:
            yield f"{path}/{name}", schema[name]
    for name in MANY_SCHEMAS:
        if name in schema:
            many = schema[name]
            if not isinstance(many, list) or (not many and name != "prefixItems"):
                raise InvalidInput(f"The schema at {path}: {name} must be a list of schemas.")
            yield from ((f"{path}/{name}/{at}", each) for at, each in enumerate(many))
    for name in NAMED_SCHEMAS:
        if name in schema:
            named = schema[name]
            if not isinstance(named, Mapping):
                raise InvalidInput(f"The schema at {path}: {name} must be an object of schemas.")
            if name == "patternProperties" and not all(_is_pattern(each) for each in named):
                raise InvalidInput(f"The schema at {path}: {name} has a bad pattern.")
            yield from ((f"{path}/{name}/{key}", each) for key, each in named.items())
