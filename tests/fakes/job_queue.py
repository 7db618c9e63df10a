"""Queues of jobs in memory: at least once, with delays, and a limit of tries."""

from __future__ import annotations

from typing import Any

from littoral.errors import DependencyUnavailable
from littoral.functions.queueing import DEAD_QUEUE, QUEUE, JobMessage
from tests.fakes.clock import ManualClock
from tests.fakes.workflow_engine import Fuse

MAX_TRIES = 21


class FakeQueue:
    """Both queues; ``broken`` makes sending fail, ``sent`` counts what was sent."""

    def __init__(self, clock: ManualClock, fuse: Fuse) -> None:
        self._clock = clock
        self._fuse = fuse
        self._waiting: dict[str, list[FakeDelivery]] = {QUEUE: [], DEAD_QUEUE: []}
        self.broken = False
        self.sent = 0

    async def send(self, owner: str, job_id: str, *, trace: str = "") -> None:
        await self._fuse.point()
        if self.broken:
            raise DependencyUnavailable("The queue did not take the job.")
        self.put(QUEUE, JobMessage(owner=owner, job_id=job_id, trace=trace))
        await self._fuse.point()

    def put(self, queue: str, message: JobMessage) -> None:
        self.sent += 1
        self._waiting[queue].append(FakeDelivery(self, queue, message.text(), self._clock.now_ms()))

    def due(self, queue: str) -> list[FakeDelivery]:
        """Messages to hand out now; each is handed out until it is acknowledged."""
        now = self._clock.now_ms()
        found = [each for each in self._waiting[queue] if each.due_at_ms <= now]
        for each in found:
            each.attempts += 1
        return found

    def lose_everything(self) -> None:
        for waiting in self._waiting.values():
            waiting.clear()

    def drop(self, delivery: FakeDelivery) -> None:
        if delivery in self._waiting[delivery.queue]:
            self._waiting[delivery.queue].remove(delivery)

    def later(self, delivery: FakeDelivery, seconds: int) -> None:
        delivery.due_at_ms = self._clock.now_ms() + seconds * 1000
        if delivery.attempts >= MAX_TRIES:
            self.drop(delivery)
            message = JobMessage.read(delivery.body)
            if delivery.queue == QUEUE and message is not None:
                self.put(DEAD_QUEUE, message)


class FakeDelivery:
    """One message."""

    def __init__(self, home: FakeQueue, queue: str, body: str, due_at_ms: int) -> None:
        self._home = home
        self.queue = queue
        self.body: Any = body
        self.attempts = 0
        self.due_at_ms = due_at_ms

    def ack(self) -> None:
        self._home.drop(self)

    def retry(self, delay_seconds: int) -> None:
        self._home.later(self, delay_seconds)
