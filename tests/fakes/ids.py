"""``Ids`` that count: what tests recognise."""

from __future__ import annotations


class CountingIds:
    """``call_1``, ``call_2``, …; each prefix shares the one count."""

    def __init__(self) -> None:
        self._count = 0

    def new(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}_{self._count}"
