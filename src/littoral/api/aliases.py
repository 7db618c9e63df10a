"""Other beginnings of addresses: one table for the whole gateway.

A request under an alias is the request under what it stands for, with the same authentication and
limits, and is answered in its place: nothing is redirected. A beginning stands here when there is
something behind it.
"""

from __future__ import annotations

from typing import Final

ALIASES: Final = (("/agent/", "/agents/"),)
"""Beginning of an address, and what stands for it."""


def canonical_path(path: str) -> str:
    """The path that an address means. Paths without an alias stay as they are."""
    for alias, meant in ALIASES:
        if path.startswith(alias):
            return meant + path[len(alias) :]
    return path
