"""Checks JSON values against a JSON schema of draft 2020-12.

All of the draft but remote references, dynamic references, nested ``$id`` and ``unevaluated…``,
which are refused by name (``littoral.models.json_schema_rules``). ``format`` is an annotation, as
the draft has it. Work is bounded: schemas and values come from strangers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from littoral.errors import InvalidInput, TooLarge
from littoral.models.json_assertions import ASSERTIONS, compiled
from littoral.models.json_schema_rules import require_schema

MAX_STEPS = 200_000
MAX_DEPTH = 300


class JsonSchema:
    """One schema, itself checked when this is made. Safe to share and to keep."""

    def __init__(self, schema: Mapping[str, Any] | bool) -> None:
        """Raises ``InvalidInput`` or ``TooLarge`` for a schema that cannot be used."""
        require_schema(schema)
        self.schema = schema

    def problems(self, value: Any, *, most: int = 10) -> list[str]:
        """What is wrong with the value, as ``place: what``; an empty list when it fits.

        Raises ``TooLarge`` when schema and value together take too long to check.
        """
        return list(islice(_Check(self.schema).problems(self.schema, value, "", 0), most))


class _Check:
    """One check of one value."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._steps = 0

    def problems(self, schema: Any, value: Any, path: str, depth: int) -> Iterator[str]:
        self._steps += 1
        if self._steps > MAX_STEPS or depth > MAX_DEPTH:
            raise TooLarge("The schema nests too deeply, or refers to itself without an end.")
        if isinstance(schema, bool):
            if not schema:
                yield _at(path, "is not allowed here")
            return
        for keyword, argument in schema.items():
            assertion = ASSERTIONS.get(keyword)
            wrong = assertion(argument, value) if assertion else None
            if wrong:
                yield _at(path, wrong)
        if "$ref" in schema:
            yield from self.problems(self._target(schema["$ref"]), value, path, depth + 1)
        yield from self._combined(schema, value, path, depth + 1)
        if isinstance(value, dict):
            yield from self._in_object(schema, value, path, depth + 1)
        elif isinstance(value, list):
            yield from self._in_list(schema, value, path, depth + 1)

    def _fits(self, schema: Any, value: Any, depth: int) -> bool:
        return next(self.problems(schema, value, "", depth), None) is None

    def _combined(
        self, schema: Mapping[str, Any], value: Any, path: str, depth: int
    ) -> Iterator[str]:
        for each in schema.get("allOf", ()):
            yield from self.problems(each, value, path, depth)
        if "anyOf" in schema and not any(self._fits(s, value, depth) for s in schema["anyOf"]):
            yield self._no_choice(schema["anyOf"], value, path, depth)
        if "oneOf" in schema:
            count = sum(self._fits(each, value, depth) for each in schema["oneOf"])
            if count == 0:
                yield self._no_choice(schema["oneOf"], value, path, depth)
            elif count > 1:
                yield _at(path, f"fits {count} of the choices; it must fit exactly one")
        if "not" in schema and self._fits(schema["not"], value, depth):
            yield _at(path, "is what the schema excludes")
        if "if" in schema:
            branch = "then" if self._fits(schema["if"], value, depth) else "else"
            yield from self.problems(schema.get(branch, True), value, path, depth)

    def _no_choice(self, choices: list[Any], value: Any, path: str, depth: int) -> str:
        """Says what keeps the value from the choice that it nearly is."""
        tried = [list(islice(self.problems(each, value, path, depth), 10)) for each in choices]
        nearest = min(tried, key=len)
        return _at(path, f"fits none of {len(choices)} choices; nearest: {nearest[0]}")

    def _in_object(
        self, schema: Mapping[str, Any], value: dict[str, Any], path: str, depth: int
    ) -> Iterator[str]:
        named = schema.get("properties", {})
        patterns = schema.get("patternProperties", {})
        for name, each in value.items():
            inner = f"{path}.{name}" if path else name
            matching = [patterns[pattern] for pattern in patterns if compiled(pattern).search(name)]
            if name in named:
                matching.append(named[name])
            if not matching and "additionalProperties" in schema:
                matching.append(schema["additionalProperties"])
            for one in matching:
                yield from self.problems(one, each, inner, depth)
            if "propertyNames" in schema:
                yield from self.problems(schema["propertyNames"], name, inner, depth)
        for name, needed in schema.get("dependentSchemas", {}).items():
            if name in value:
                yield from self.problems(needed, value, path, depth)

    def _in_list(
        self, schema: Mapping[str, Any], value: list[Any], path: str, depth: int
    ) -> Iterator[str]:
        first = schema.get("prefixItems", ())
        for at, each in enumerate(value):
            inner = first[at] if at < len(first) else schema.get("items", True)
            yield from self.problems(inner, each, f"{path}.{at}" if path else str(at), depth)
        if "contains" in schema:
            count = sum(self._fits(schema["contains"], each, depth) for each in value)
            least, most = schema.get("minContains", 1), schema.get("maxContains", count)
            if not least <= count <= most:
                yield _at(path, f"has {count} items of the wanted kind; {least} or more are wanted")

    def _target(self, reference: str) -> Any:
        """What a reference within the schema points at: a JSON pointer or an anchor."""
        pointer = reference[1:]
        if pointer and not pointer.startswith("/"):
            return _anchored(self._root, pointer)
        found = self._root
        for part in pointer.split("/")[1:]:
            key = _unescaped(part)
            try:
                found = found[int(key)] if isinstance(found, list) else found[key]
            except (LookupError, TypeError, ValueError):
                raise InvalidInput(
                    f"The schema refers to {reference}, which is not in it."
                ) from None
        if not isinstance(found, (dict, bool)):
            raise InvalidInput(f"The schema refers to {reference}, which is no schema.")
        return found


def _at(path: str, problem: str) -> str:
    return f"{path or 'document'}: {problem}"


def _unescaped(part: str) -> str:
    decoded = part.replace("%25", "%").replace("%22", '"').replace("%20", " ")
    return decoded.replace("~1", "/").replace("~0", "~")


def _anchored(root: Any, name: str) -> Any:
    waiting = [root]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if each.get("$anchor") == name:
                return each
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    raise InvalidInput(f"The schema refers to #{name}, which is not in it.")
