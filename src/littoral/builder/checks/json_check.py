"""Owns the check of JSON files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from littoral.builder.checks.surroundings import too_deep
from littoral.builder.issue import Issue, found


class _Twice(ValueError):
    """A name stands twice in one object."""


def check_json(path: str, text: str) -> Iterator[Issue]:
    """What keeps a file from being one JSON value, by RFC 8259, with each name once."""
    deep = too_deep(text)
    if deep:
        yield found(path, "Nested too deeply to be read.", source="parse", line=deep)
        return
    try:
        json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        message = f"This is no JSON: {error.msg}."
        yield found(path, message, source="parse", line=error.lineno)
    except (ValueError, RecursionError) as error:
        yield found(path, f"This is no JSON: {error}.", source="parse")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        twice = next(
            name for name, count in Counter(each for each, _ in pairs).items() if count > 1
        )
        raise _Twice(f"the name “{twice[:60]}” stands twice in one object")
    return result


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no value in JSON")
