"""The smallest value that a JSON schema allows, as far as that can be built without searching.

The offline model answers with it when a document is asked. Patterns, ``not`` and conditions are
left to the validator: a schema that needs them may get an instance that does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MAX_DEPTH = 32
_FORMATS = {
    "date": "1970-01-01",
    "date-time": "1970-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "email": "nobody@example.com",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-0000-0000-000000000000",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "example.com",
}


def smallest_instance(schema: Mapping[str, Any]) -> Any:
    """Same schema, same value. Raises ``ValueError`` when it nests without an end."""
    return _build(schema, schema, 0)


def _build(schema: Any, root: Mapping[str, Any], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise ValueError("the schema requires a value inside itself without an end")
    if not isinstance(schema, Mapping):
        return None
    schema = _resolved(schema, root, depth)
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    for key in ("enum", "examples"):
        if schema.get(key):
            return schema[key][0]
    return _of_kind(_kind(schema), schema, root, depth)


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> Mapping[str, Any]:
    """References followed; all of ``allOf`` and the easiest of the choices put together."""
    result = {key: value for key, value in schema.items() if key not in _COMBINING}
    parts = list(schema.get("allOf", ()))
    parts += [_easiest(schema[key]) for key in ("anyOf", "oneOf") if schema.get(key)]
    if "$ref" in schema:
        parts.append(_target(str(schema["$ref"]), root))
    for part in parts:
        if depth > MAX_DEPTH:
            raise ValueError("the schema refers to itself without an end")
        if isinstance(part, Mapping):
            _merge(result, _resolved(part, root, depth + 1))
    return result


_COMBINING = ("allOf", "anyOf", "oneOf", "$ref")


def _easiest(choices: list[Any]) -> Any:
    return next((each for each in choices if each == {"type": "null"}), choices[0])


def _merge(result: dict[str, Any], other: Mapping[str, Any]) -> None:
    for key, value in other.items():
        if key == "properties":
            result[key] = {**value, **result.get(key, {})}
        elif key == "required":
            result[key] = list(dict.fromkeys([*result.get(key, []), *value]))
        else:
            result.setdefault(key, value)


def _target(reference: str, root: Mapping[str, Any]) -> Any:
    """What a local reference such as ``#/$defs/Name`` points at."""
    value: Any = root
    for part in reference.removeprefix("#").strip("/").split("/"):
        if part:
            name = part.replace("~1", "/").replace("~0", "~")
            value = value.get(name, {}) if isinstance(value, Mapping) else {}
    return value


def _kind(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return "null" if "null" in kind else str(kind[0])
    if kind is None:
        return "object" if "properties" in schema or "required" in schema else "null"
    return str(kind)


def _of_kind(kind: str, schema: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> Any:
    if kind == "object":
        properties = schema.get("properties", {})
        names = schema.get("required", ())
        return {name: _build(properties.get(name, {}), root, depth + 1) for name in names}
    if kind == "array":
        return _list(schema, root, depth)
    if kind == "string":
        text = _FORMATS.get(str(schema.get("format", "")), "")
        return text.ljust(int(schema.get("minLength", 0)), "-")
    if kind in ("integer", "number"):
        return _number(schema)
    return False if kind == "boolean" else None


def _list(schema: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> list[Any]:
    first = list(schema.get("prefixItems", ()))
    count = int(schema.get("minItems", 0))
    rest = schema.get("items", {})
    wanted = (first + [rest] * max(0, count - len(first)))[:count]
    return [_build(each, root, depth + 1) for each in wanted]


def _number(schema: Mapping[str, Any]) -> int | float:
    """Zero, or the number nearest to it that the bounds and the divisor allow."""
    least = schema.get("minimum", schema.get("exclusiveMinimum"))
    most = schema.get("maximum", schema.get("exclusiveMaximum"))
    step = schema.get("multipleOf", 1)
    value: int | float = 0
    if least is not None and (least > 0 or (least == 0 and "exclusiveMinimum" in schema)):
        value = -(-least // step) * step
        value += step if "exclusiveMinimum" in schema and value == least else 0
    elif most is not None and (most < 0 or (most == 0 and "exclusiveMaximum" in schema)):
        value = most // step * step
        value -= step if "exclusiveMaximum" in schema and value == most else 0
    whole = schema.get("type") == "integer" or float(value).is_integer()
    return int(value) if whole else value
