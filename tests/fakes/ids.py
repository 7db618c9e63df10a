"""Ids that look like real ones and come in order."""

from __future__ import annotations


class LongIds:
    """``ses_0000000000000000000001``, ``…2``: 22 characters, as random ids have."""

    def __init__(self) -> None:
        self._last = 0

    def new(self, prefix: str) -> str:
        self._last += 1
        return f"{prefix}_{self._last:022d}"
