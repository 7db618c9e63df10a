"""A document that fits a JSON schema and looks real: values by the names, formats and bounds.

Deterministic: the same schema, words and arguments give the same document. Patterns are met where a
usual text meets them; conditions, ``not`` and ``contains`` are left to whoever checks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Final
from zlib import crc32

from littoral.functions.objects.sample_texts import Texts, words_of
from littoral.functions.objects.sample_values import LISTS, NUMBERS, TRUE_WORDS

MAX_DEPTH: Final = 12
DEEP: Final = 5
MAX_ITEMS: Final = 50
USUAL_ITEMS: Final = 3


def plausible(schema: Any, *, seed: str, given: Any = None) -> Any:
    """The document. ``given``: an object whose values are used for properties of the same name.

    Raises ``ValueError`` for a schema that nests without an end.
    """
    known = given if isinstance(given, Mapping) else {}
    return _Filler(schema, seed, {_plain(key): each for key, each in known.items()}).value(
        schema, "", "", 0
    )


class _Filler:
    def __init__(self, root: Any, seed: str, given: Mapping[str, Any]) -> None:
        self._root = root
        self._seed = seed
        self._given = given

    def value(self, schema: Any, name: str, path: str, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise ValueError("the schema nests without an end")
        schema = self._resolved(schema, 0)
        for key in ("const", "default"):
            if key in schema:
                return schema[key]
        kind = _kind(schema)
        given = self._given.get(_plain(name))
        if name and given is not None and _is_a(given, kind):
            return given
        for key in ("enum", "examples"):
            if schema.get(key):
                return schema[key][self._pick(path, len(schema[key]))]
        if kind == "object":
            return self._object(schema, path, depth)
        if kind == "array":
            return self._list(schema, name, path, depth)
        if kind == "string":
            return self._texts(path).fitting(schema, name)
        if kind in ("integer", "number"):
            return self._number(schema, name, path, whole=kind == "integer")
        if kind == "boolean":
            return bool(TRUE_WORDS & set(words_of(name))) or self._pick(path, 2) == 1
        return None

    def _object(self, schema: Mapping[str, Any], path: str, depth: int) -> dict[str, Any]:
        properties = schema.get("properties", {})
        needed = schema.get("required", ())
        names = list(properties) if depth < DEEP else [n for n in properties if n in needed]
        names += [each for each in needed if each not in properties]
        made = {}
        for name in names:
            inner = properties.get(name, schema.get("additionalProperties", {}))
            if inner is False or (inner is True and name in properties):
                inner = {}
            made[name] = self.value(inner, name, f"{path}.{name}", depth + 1)
        return made

    def _list(self, schema: Mapping[str, Any], name: str, path: str, depth: int) -> list[Any]:
        least = int(schema.get("minItems", 0))
        first = list(schema.get("prefixItems", ()))
        most = int(schema.get("maxItems", max(least, USUAL_ITEMS, len(first))))
        rest = schema.get("items", {} if not first else False)
        count = len(first) if rest is False else max(least, min(most, USUAL_ITEMS))
        samples = LISTS.get(name.lower(), ())
        made: list[Any] = []
        for at in range(min(count, MAX_ITEMS)):
            inner = first[at] if at < len(first) else rest
            if samples and _kind(self._resolved(inner, 0)) in ("string", "null"):
                made.append(samples[at % len(samples)])
            else:
                one = name[:-1] if name.endswith("s") else name
                made.append(self.value(inner, one, f"{path}.{at}", depth + 1))
        return made

    def _number(
        self, schema: Mapping[str, Any], name: str, path: str, *, whole: bool
    ) -> int | float:
        words = words_of(name)
        known = next((NUMBERS[word] for word in reversed(words) if word in NUMBERS), (1, 7, 12, 42))
        value = float(known[self._pick(path, len(known))])
        least, most = _bounds(schema, whole=whole)
        if not least <= value <= most:
            middle = (least + most) / 2
            value = middle if math.isfinite(middle) else (least if math.isfinite(least) else most)
        step = schema.get("multipleOf") or (1 if whole else None)
        if step:
            value = math.floor(value / step) * step
            value = value + step if value < least else value
        return int(value) if whole or float(value).is_integer() else round(value, 6)

    def _texts(self, path: str) -> Texts:
        """Texts of one object agree with each other: they share the parent's place."""
        parent, _, _ = path.rpartition(".")
        return Texts(one=self._number_of(path), shared=self._number_of(parent))

    def _resolved(self, schema: Any, depth: int) -> Mapping[str, Any]:
        """References followed; ``allOf`` and one choice of ``anyOf`` and ``oneOf`` put together."""
        if not isinstance(schema, Mapping):
            return {}
        if depth > MAX_DEPTH:
            raise ValueError("the schema refers to itself without an end")
        result = {key: value for key, value in schema.items() if key not in _COMBINING}
        parts = list(schema.get("allOf", ()))
        parts += [_best(schema[key]) for key in ("anyOf", "oneOf") if schema.get(key)]
        if "$ref" in schema:
            parts.append(_target(str(schema["$ref"]), self._root))
        for part in parts:
            for key, value in self._resolved(part, depth + 1).items():
                if key == "properties":
                    result[key] = {**value, **result.get(key, {})}
                elif key == "required":
                    result[key] = list(dict.fromkeys([*result.get(key, []), *value]))
                else:
                    result.setdefault(key, value)
        return result

    def _pick(self, path: str, count: int) -> int:
        return self._number_of(path) % count

    def _number_of(self, path: str) -> int:
        return crc32(f"{self._seed}\0{path}".encode())


_COMBINING: Final = ("allOf", "anyOf", "oneOf", "$ref")


def _best(choices: list[Any]) -> Any:
    """Something rather than nothing."""
    return next((each for each in choices if each != {"type": "null"}), choices[0])


def _target(reference: str, root: Any) -> Any:
    value = root
    for part in reference.removeprefix("#").strip("/").split("/"):
        if part:
            name = part.replace("~1", "/").replace("~0", "~")
            value = value.get(name, {}) if isinstance(value, Mapping) else {}
    return value


def _kind(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return next((str(each) for each in kind if each != "null"), "null")
    if kind is not None:
        return str(kind)
    if "properties" in schema or "required" in schema:
        return "object"
    if "items" in schema or "prefixItems" in schema:
        return "array"
    known = {"format", "pattern", "minLength", "maxLength"} & schema.keys()
    return "string" if known or not schema else "number" if _NUMERIC & schema.keys() else "string"


_NUMERIC: Final = frozenset({"minimum", "maximum", "multipleOf"})


def _is_a(value: Any, kind: str) -> bool:
    kinds: dict[str, Any] = {
        "string": str,
        "object": dict,
        "array": list,
        "boolean": bool,
        "integer": int,
        "number": (int, float),
    }
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(value, kinds.get(kind, ()))


def _bounds(schema: Mapping[str, Any], *, whole: bool) -> tuple[float, float]:
    """The least and the most that are allowed; bounds that are left out are infinite."""
    margin = 1 if whole else 1e-6
    least = float(schema.get("minimum", -math.inf))
    most = float(schema.get("maximum", math.inf))
    least = max(least, float(schema.get("exclusiveMinimum", -math.inf)) + margin)
    most = min(most, float(schema.get("exclusiveMaximum", math.inf)) - margin)
    return least, most


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
