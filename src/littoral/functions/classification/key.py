"""Under what a description is remembered: its plain words, and the shape of what is sent along.

"Sort the numbers." and "sort the numbers" are the same; other numbers change nothing, other kinds
of arguments do.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

DEPTH = 3
MOST_KEYS = 50


def words_key(description: str) -> str:
    """Same words, same key (64 hex digits); case, spaces and marks at the end do not count."""
    return _digest(_plain(description))


def request_key(description: str, args: Any, schema: Any, *, version: str) -> str:
    """As ``words_key``, with the shape of ``args``, whether there is a ``schema``, and a version of
    whatever gave the answer."""
    return _digest([_plain(description), _shape(args, DEPTH), schema is not None, version])


def _plain(description: str) -> str:
    text = unicodedata.normalize("NFKC", description).casefold()
    return " ".join(text.split()).rstrip(" .!?")


def _shape(value: Any, depth: int) -> Any:
    """Kinds of values, not the values; lists by their first element."""
    if isinstance(value, Mapping):
        if depth == 0:
            return {}
        names = sorted(map(str, value))[:MOST_KEYS]
        return {name: _shape(value.get(name), depth - 1) for name in names}
    if isinstance(value, list | tuple):
        return [_shape(value[0], depth - 1)] if value and depth else []
    if isinstance(value, bool) or value is None:
        return str(value is not None)
    return "number" if isinstance(value, int | float) else "text"


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
