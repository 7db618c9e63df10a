"""JavaScript's own functions that every request calls, looked up once.

Each dot of ``js.JSON.parse`` crosses the border and makes a proxy, some 3 µs. They are looked up at
the first use: what is found at import would lie in a deploy's snapshot.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import js


class Builtins(NamedTuple):
    """They keep nothing, so requests may share them."""

    parse: Any
    stringify: Any
    from_entries: Any
    new_response: Any


@cache
def builtins() -> Builtins:
    """Of this isolate."""
    return Builtins(
        parse=js.JSON.parse,
        stringify=js.JSON.stringify,
        from_entries=js.Object.fromEntries,
        new_response=js.Response.new,
    )
