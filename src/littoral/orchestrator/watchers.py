"""Who waits for news of a run while the object is awake: long polls, streams, open sockets.

Memory only: a watcher that is cut off asks again by the number of the last event that it saw.
"""

from __future__ import annotations

import asyncio


class Watchers:
    """Wakes those who wait."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}

    def tell(self, run_id: str) -> None:
        """Something happened in a run."""
        for event in self._waiting.get(run_id, ()):
            event.set()

    async def wait(self, run_id: str, seconds: float) -> bool:
        """Returns after ``tell`` or after so many seconds; whether it was told.

        Look at the rows and then call this without an await in between, so that nothing is missed.
        """
        event = asyncio.Event()
        waiting = self._waiting.setdefault(run_id, set())
        waiting.add(event)
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return False
        finally:
            waiting.discard(event)
            if not waiting:
                self._waiting.pop(run_id, None)
        return True

    def all(self) -> None:
        """Wakes everybody, as when the object is about to end."""
        for run_id in list(self._waiting):
            self.tell(run_id)
