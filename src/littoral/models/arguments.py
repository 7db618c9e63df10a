"""The arguments of a tool call as a model wrote them: read, repaired where unambiguous, or refused.

Models wrap JSON in strings, give one object where a list is asked, spell names in camelCase. Such a
slip is repaired when only one reading fits the schema; everything else is refused with the exact
problems as text, because a model that is told what is wrong mostly gets it right the next time.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from littoral.models.schema import Parameters, Schema

MAX_ARGUMENT_CHARACTERS = 100_000
MAX_PROBLEMS = 10
_LARGEST_INTEGER = 2**53 - 1
_FENCE = re.compile(r"^```[a-zA-Z]*\s*(.*?)\s*```$", re.DOTALL)
_NULL_WORDS = ("null", "None", "undefined")


class ToolFailed(Exception):
    """A tool could not do what was asked, for a reason that the model should read.

    ``text`` goes to the model and is shown to people: no secrets, no internals.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class InvalidArguments(ToolFailed):
    """The arguments do not fit; ``text`` lists the problems, one a line."""


@dataclass(frozen=True, kw_only=True)
class Arguments:
    """Checked arguments: ``values`` typed, by parameter name; ``input`` as JSON to record."""

    values: Mapping[str, Any]
    input: Mapping[str, Any]


def parse(text: str, parameters: Parameters) -> Arguments:
    """From the model's text to checked arguments; raises ``InvalidArguments``.

    Empty text is an empty object. Numbers must be finite and integers within ±(2^53 - 1).
    """
    read = _read(text)
    repaired = repair(_as_object(read, parameters.schema), parameters.schema)
    _refuse_numbers_json_cannot_carry(repaired, "")
    try:
        return Arguments(values=parameters.validate(repaired), input=repaired)
    except ValidationError as error:
        raise InvalidArguments(_problems(error)) from None


def _read(text: str) -> Any:
    """JSON from the text, also inside a code fence or (twice at most) inside a JSON string."""
    if len(text) > MAX_ARGUMENT_CHARACTERS:
        raise InvalidArguments(
            f"The arguments have {len(text)} characters; the limit is {MAX_ARGUMENT_CHARACTERS}."
        )
    stripped = text.strip()
    fenced = _FENCE.match(stripped)
    value: Any = fenced[1] if fenced else stripped
    for _ in range(3):
        if not isinstance(value, str):
            break
        value = _json(value) if value.strip() else {}
    return {} if value is None else value


def _json(text: str) -> Any:
    try:
        return from_json(text, allow_inf_nan=False)
    except (ValueError, TypeError) as error:
        raise InvalidArguments(f"The arguments are not JSON: {error}") from None


def _as_object(value: Any, schema: Schema) -> dict[str, Any]:
    """The arguments object; a bare value belongs to the only parameter there is."""
    properties: dict[str, Any] = schema.get("properties", {})
    if not properties:
        return {}
    only = next(iter(properties)) if len(properties) == 1 else None
    if isinstance(value, dict):
        lost = only and value and not any(_property(key, properties) for key in value)
        return {only: value} if only and lost and _admits(properties[only], value) else value
    if only is None:
        raise InvalidArguments("The arguments must be one JSON object.")
    return {only: value}


def _admits(schema: Schema, value: dict[str, Any]) -> bool:
    """Whether the value can be an object of this schema, or the only item of a list of them."""
    inner = schema.get("items", {}) if schema.get("type") == "array" else schema
    return any(_property(key, inner.get("properties", {})) for key in value)


def repair(value: Any, schema: Schema) -> Any:
    """The value as the schema wants it, where one reading only is possible; else unchanged."""
    choices = schema.get("anyOf")
    if choices:
        return _repair_choice(value, choices)
    kind = schema.get("type")
    if isinstance(value, str) and kind in ("array", "object"):
        value = _unwrapped(value, list if kind == "array" else dict)
    if kind == "array":
        return _repair_list(value, schema.get("items", {}))
    if kind == "object":
        return _repair_object(value, schema)
    return _repair_scalar(value, schema)


def _repair_choice(value: Any, choices: list[Schema]) -> Any:
    others = [each for each in choices if each.get("type") != "null"]
    if len(others) == len(choices) or len(others) != 1:
        return value
    if value is None or value in _NULL_WORDS:
        return None
    return repair(value, others[0])


def _unwrapped(text: str, wanted: type) -> Any:
    """A list or object that was written as a JSON string."""
    if not text.lstrip().startswith(("[", "{")):
        return text
    try:
        value = from_json(text, allow_inf_nan=False)
    except (ValueError, TypeError):
        return text
    return value if isinstance(value, wanted) or wanted is list else text


def _repair_list(value: Any, items: Schema) -> Any:
    if value in (None, ""):
        return value
    return [repair(each, items) for each in (value if isinstance(value, list) else [value])]


def _repair_object(value: Any, schema: Schema) -> Any:
    properties: dict[str, Any] = schema.get("properties", {})
    if isinstance(value, str):
        only = _only_text(schema)
        return {only: value} if only else value
    if not isinstance(value, dict) or not properties:
        return value
    result: dict[str, Any] = {}
    for key, each in value.items():
        name = key if key in properties else _property(key, properties)
        if name is None or (name != key and name in value):
            if each not in (None, "", [], {}):
                result[key] = each
        elif not _means_default(each, properties[name], name in schema.get("required", ())):
            result[name] = repair(each, properties[name])
    return result


def _means_default(value: Any, schema: Schema, required: bool) -> bool:
    """Null, or its name as text, where leaving out is allowed and null is no value."""
    if required or (value is not None and value not in _NULL_WORDS):
        return False
    kinds = [each.get("type") for each in schema.get("anyOf", ())]
    return schema.get("type") != "null" and "null" not in kinds


def _property(key: str, properties: Mapping[str, Any]) -> str | None:
    """The one property that this key spells, in whatever case or with dashes."""
    wanted = _letters(key)
    found = [name for name in properties if _letters(name) == wanted]
    return found[0] if len(found) == 1 else None


def _letters(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _only_text(schema: Schema) -> str | None:
    """The only required property of an object, when it is text."""
    required = schema.get("required", [])
    if len(required) != 1 or schema["properties"].get(required[0], {}).get("type") != "string":
        return None
    return str(required[0])


def _repair_scalar(value: Any, schema: Schema) -> Any:
    allowed = schema.get("enum")
    if isinstance(value, str) and allowed and value not in allowed:
        same = [
            each
            for each in allowed
            if isinstance(each, str) and each.lower() == value.strip().lower()
        ]
        return same[0] if len(same) == 1 else value
    if schema.get("type") == "string" and isinstance(value, (int, float)):
        return value if isinstance(value, bool) else str(value)
    if isinstance(value, list) and len(value) == 1 and schema.get("type") in _SCALARS:
        return repair(value[0], schema)
    return value


_SCALARS = ("string", "integer", "number", "boolean")


def _refuse_numbers_json_cannot_carry(value: Any, path: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidArguments(f"{path}: the number is too large")
    if isinstance(value, int) and abs(value) > _LARGEST_INTEGER:
        raise InvalidArguments(f"{path}: whole numbers must be within ±{_LARGEST_INTEGER}")
    for key, each in _inside(value):
        _refuse_numbers_json_cannot_carry(each, f"{path}.{key}" if path else str(key))


def _inside(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _problems(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    lines = [
        f"- {'.'.join(str(part) for part in each['loc']) or 'arguments'}: {each['msg']}"
        for each in found[:MAX_PROBLEMS]
    ]
    if len(found) > MAX_PROBLEMS:
        lines.append(f"- and {len(found) - MAX_PROBLEMS} more problems")
    return "\n".join(["The arguments do not fit. Correct them and call the tool again.", *lines])
