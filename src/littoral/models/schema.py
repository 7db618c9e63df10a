"""From a function's annotations to the JSON schema of its arguments, and back to typed values.

Pydantic does both. What is added here: the meanings from the docstring, and a form that small
models read well: no references, no titles, no "or null" where leaving the argument out means the
same. How wrong arguments are repaired is left to ``littoral.models.arguments``.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, make_dataclass
from typing import Annotated, Any, get_type_hints

from pydantic import ConfigDict, Field, TypeAdapter

from littoral.models.docstring import Docstring

Schema = dict[str, Any]

# Keys whose value maps names to schemas: their keys are names, not keywords.
_NAMED = ("properties", "$defs", "patternProperties")


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What a function takes. ``schema`` is of type object; ``summary`` is from the docstring."""

    schema: Schema
    summary: str
    adapter: TypeAdapter[Any]

    def validate(self, value: Any) -> dict[str, Any]:
        """JSON values → typed values by parameter name, defaults filled in.

        Raises ``pydantic.ValidationError``. Strings that hold a number are taken where a number is
        asked, as Pydantic does by default.
        """
        checked = self.adapter.validate_python(value)
        return {each.name: getattr(checked, each.name) for each in fields(checked)}


@functools.cache
def parameters_of(function: Callable[..., Any]) -> Parameters:
    """Reads a plain function (a method as its class holds it: ``self`` is left out).

    Computed once per function. Raises ``TypeError`` that names the function and the parameter when
    an annotation is missing or has no JSON form.
    """
    documentation = Docstring.of(function)
    adapter: TypeAdapter[Any] = TypeAdapter(_arguments_class(function, documentation))
    return Parameters(
        schema=plain(adapter.json_schema()), summary=documentation.summary, adapter=adapter
    )


def _arguments_class(function: Callable[..., Any], documentation: Docstring) -> type:
    hints = get_type_hints(function, include_extras=True)
    columns: list[tuple[str, Any, Any]] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "self":
            continue
        hint = _hint(function, parameter, hints)
        meaning = documentation.arguments.get(parameter.name)
        described = Annotated[hint, Field(description=meaning)] if meaning else hint
        columns.append((parameter.name, described, _default(parameter)))
    config = {"__pydantic_config__": ConfigDict(extra="forbid")}
    return make_dataclass("Arguments", columns, kw_only=True, namespace=config)


def _hint(
    function: Callable[..., Any], parameter: inspect.Parameter, hints: Mapping[str, Any]
) -> Any:
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        raise TypeError(f"{function.__qualname__}: a tool cannot take *{parameter.name}")
    if parameter.name not in hints:
        raise TypeError(f"{function.__qualname__}: {parameter.name} needs an annotation")
    return hints[parameter.name]


def _default(parameter: inspect.Parameter) -> Any:
    if parameter.default is parameter.empty:
        return field()
    if isinstance(parameter.default, (list, dict, set)):
        return field(default_factory=functools.partial(type(parameter.default), parameter.default))
    return field(default=parameter.default)


def plain(schema: Mapping[str, Any]) -> Schema:
    """The same schema with its definitions written out and what models do not need left away.

    Raises ``TypeError`` for a type that contains itself: it cannot be written out.
    """
    written_out: Schema = _plain_schema(schema, schema.get("$defs", {}), ())
    return written_out


def _plain_schema(schema: Any, definitions: Mapping[str, Any], above: tuple[str, ...]) -> Any:
    if not isinstance(schema, Mapping):
        return schema
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        if name in above:
            raise TypeError(f"{name} contains itself: a tool's arguments cannot be recursive")
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return _plain_schema({**definitions[name], **beside}, definitions, (*above, name))
    result = {
        key: _plain_value(key, value, definitions, above)
        for key, value in schema.items()
        if key not in ("title", "$defs")
    }
    return _without_null(result)


def _plain_value(
    key: str, value: Any, definitions: Mapping[str, Any], above: tuple[str, ...]
) -> Any:
    if key in _NAMED:
        return {name: _plain_schema(each, definitions, above) for name, each in value.items()}
    if isinstance(value, list) and key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        return [_plain_schema(each, definitions, above) for each in value]
    if isinstance(value, Mapping) and key in ("items", "additionalProperties", "not"):
        return _plain_schema(value, definitions, above)
    return value


def _without_null(schema: Schema) -> Schema:
    """An argument that is null when left out needs no null of its own in the schema."""
    if "default" not in schema or schema["default"] is not None or "anyOf" not in schema:
        return schema
    others = [each for each in schema["anyOf"] if each != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    return {**others[0], **rest} if len(others) == 1 else {**rest, "anyOf": others}
