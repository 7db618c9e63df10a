"""``Alarm`` on a Durable Object's alarm."""

from __future__ import annotations

from typing import Any


class DurableAlarm:
    """``storage`` is the raw ``DurableObjectStorage``."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def set(self, at_ms: int) -> None:
        # Not awaited: the write is confirmed before anything that is sent afterwards leaves.
        self._storage.setAlarm(at_ms)

    async def get(self) -> int | None:
        found = await self._storage.getAlarm()
        return int(found) if isinstance(found, (int, float)) else None
