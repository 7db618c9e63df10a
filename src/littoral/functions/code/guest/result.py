"""What a function returned, as JSON: what is unambiguous is converted, the rest is an error.

| Python | JSON |
|---|---|
| tuple, range, deque, iterator of a dict | array |
| set, frozenset | array, sorted where its items can be |
| date, datetime, time | text in ISO 8601 |
| Decimal, Fraction, UUID, timedelta (seconds) | text, text, text, number |
| whole number beyond 2^53 - 1 | text of its digits: readers of JSON would round it |
| Enum | its value; dataclass: its fields |
| NaN, infinity, bytes, functions, generators, other objects | an error that says where |
"""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import fractions
import json
import math
import uuid
from collections import deque
from collections.abc import Mapping
from typing import Any

LARGEST_WHOLE = 2**53 - 1
MOST_DEPTH = 100


class NotJson(Exception):
    """The value has no JSON; the text says where and why."""


def json_text(value: Any) -> str:
    """The value as JSON; raises ``NotJson``."""
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def plain(value: Any, path: str = "result", around: tuple[int, ...] = ()) -> Any:
    """The same in lists, dicts, text, numbers, booleans and ``None``."""
    if value is None or isinstance(value, (bool, str)):
        return value if value is None or isinstance(value, bool) else _text(value, path)
    if isinstance(value, enum.Enum):
        return plain(value.value, path, around)
    if isinstance(value, (int, float)):
        return _number(value, path)
    scalar = _scalar(value)
    if scalar is not None:
        return scalar
    if len(around) >= MOST_DEPTH:
        raise NotJson(f"{path}: is nested deeper than {MOST_DEPTH}")
    if id(value) in around:
        raise NotJson(f"{path}: holds itself")
    return _container(value, path, (*around, id(value)))


def _container(value: Any, path: str, around: tuple[int, ...]) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return _object(value, path, around)
    if isinstance(value, (set, frozenset)):
        value = _in_order(value)
    if isinstance(
        value, (list, tuple, range, deque, type({}.keys()), type({}.values()), type({}.items()))
    ):
        return [plain(each, f"{path}[{at}]", around) for at, each in enumerate(value)]
    raise NotJson(f"{path}: {_kind(value)} has no JSON; return lists, dicts, text, numbers")


def _object(value: Mapping[Any, Any], path: str, around: tuple[int, ...]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, item in value.items():
        name = _key(key, path)
        if name in made:
            raise NotJson(f"{path}: two keys become the same text {name!r}")
        made[name] = plain(item, f"{path}.{name}"[:200], around)
    return made


def _key(key: Any, path: str) -> str:
    if isinstance(key, str):
        return str(_text(key, path))
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    if isinstance(key, (int, float)):
        return str(key)
    scalar = _scalar(key)
    if isinstance(scalar, str):
        return scalar
    raise NotJson(f"{path}: {_kind(key)} cannot be a key; use text")


def _text(value: str, path: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise NotJson(f"{path}: is text with half a surrogate pair") from None
    return str(value)


def _number(value: float, path: str) -> Any:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotJson(f"{path}: {value} has no JSON; return null or text instead")
        return value
    if abs(value) <= LARGEST_WHOLE:
        return int(value)
    try:
        return str(int(value))
    except ValueError:
        raise NotJson(f"{path}: is a whole number of too many digits") from None


def _scalar(value: Any) -> Any:
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, (decimal.Decimal, fractions.Fraction, uuid.UUID)):
        return str(value)
    return None


def _in_order(values: Any) -> list[Any]:
    try:
        return sorted(values)
    except TypeError:
        return sorted(values, key=repr)


def _kind(value: Any) -> str:
    return f"a {type(value).__name__}"
