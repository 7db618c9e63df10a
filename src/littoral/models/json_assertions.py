"""The assertions of JSON Schema that look at one value without descending into others.

Keywords and meanings are those of draft 2020-12 (Validation, section 6). Each assertion gives
what is wrong, in words that a model or a person can act on, or ``None``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

Assertion = Callable[[Any, Any], str | None]


def is_number(value: Any) -> bool:
    """JSON numbers; Python's booleans are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_whole(value: Any) -> bool:
    """JSON Schema's integers: 1.0 is one."""
    return is_number(value) and (isinstance(value, int) or value.is_integer())


TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": is_whole,
    "number": is_number,
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def identity(value: Any) -> Any:
    """Equal for values that JSON Schema calls equal: 1 and 1.0 are, 1 and true are not."""
    if isinstance(value, dict):
        return ("object", frozenset((key, identity(each)) for key, each in value.items()))
    if isinstance(value, list):
        return ("array", tuple(identity(each) for each in value))
    return (isinstance(value, bool), value)


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """Raises ``re.error``. Patterns are Python's, which read most of ECMA-262's the same."""
    return re.compile(pattern)


def _type(kinds: Any, value: Any) -> str | None:
    wanted = [kinds] if isinstance(kinds, str) else kinds
    return None if any(TYPES[each](value) for each in wanted) else f"must be {' or '.join(wanted)}"


def _enum(allowed: Any, value: Any) -> str | None:
    fits = identity(value) in [identity(each) for each in allowed]
    return None if fits else f"must be one of {', '.join(_shown(each) for each in allowed)}"


def _const(wanted: Any, value: Any) -> str | None:
    return None if identity(value) == identity(wanted) else f"must be {_shown(wanted)}"


def _shown(value: Any) -> str:
    return repr(value)[:60] if isinstance(value, str) else str(value)[:60]


def _multiple_of(step: Any, value: Any) -> str | None:
    if not is_number(value):
        return None
    exact = math.isfinite(value) and Fraction(str(value)) % Fraction(str(step)) == 0
    return None if exact else f"must be a multiple of {step}"


def _unique_items(wanted: Any, value: Any) -> str | None:
    if not wanted or not isinstance(value, list):
        return None
    return None if len({identity(each) for each in value}) == len(value) else "has an item twice"


def _pattern(pattern: Any, value: Any) -> str | None:
    fits = not isinstance(value, str) or compiled(pattern).search(value)
    return None if fits else f"must match {pattern}"


def _required(names: Any, value: Any) -> str | None:
    missing = [each for each in names if each not in value] if isinstance(value, dict) else []
    return f"lacks {', '.join(missing)}" if missing else None


def _dependent_required(names: Any, value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    wanted = [each for name, needs in names.items() if name in value for each in needs]
    return _required(wanted, value)


def _bound(fits: Callable[[Any, Any], bool], words: str) -> Assertion:
    def check(limit: Any, value: Any) -> str | None:
        return f"must be {words} {limit}" if is_number(value) and not fits(value, limit) else None

    return check


def _size(kind: type, unit: str, *, least: bool) -> Assertion:
    def check(limit: Any, value: Any) -> str | None:
        if not isinstance(value, kind):
            return None
        count = len(value)  # type: ignore[arg-type]
        if count < limit if least else count > limit:
            return f"must have at {'least' if least else 'most'} {limit} {unit}, not {count}"
        return None

    return check


ASSERTIONS: dict[str, Assertion] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "multipleOf": _multiple_of,
    "minimum": _bound(lambda value, limit: value >= limit, "at least"),
    "maximum": _bound(lambda value, limit: value <= limit, "at most"),
    "exclusiveMinimum": _bound(lambda value, limit: value > limit, "more than"),
    "exclusiveMaximum": _bound(lambda value, limit: value < limit, "less than"),
    "minLength": _size(str, "characters", least=True),
    "maxLength": _size(str, "characters", least=False),
    "pattern": _pattern,
    "minItems": _size(list, "items", least=True),
    "maxItems": _size(list, "items", least=False),
    "uniqueItems": _unique_items,
    "minProperties": _size(dict, "properties", least=True),
    "maxProperties": _size(dict, "properties", least=False),
    "required": _required,
    "dependentRequired": _dependent_required,
}
