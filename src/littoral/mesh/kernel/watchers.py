"""Who waits for a change while an object is awake. Memory only: one that is cut off asks again."""

from __future__ import annotations

import asyncio


class Watchers:
    """Wakes those who wait."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def all(self) -> None:
        """Something changed."""
        for event in self._waiting:
            event.set()

    async def wait(self, seconds: float) -> bool:
        """Returns after ``all`` or after so many seconds; whether it was told.

        Look at the rows and then call this without an await in between, so that nothing is missed.
        """
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(event)
        return True
