"""Messages of the queue: what stands in one, and what becomes of it.

    function-execution ──► job.work ──► done: acknowledged
            ▲                 ├───────► again: comes back after a while
            └─────────────────┘     └─► dead ──► function-execution-dead ──► job.dead

A message comes at least once; the rows of the job decide whether anything is done.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from littoral.errors import LittoralError, NotFound
from littoral.functions.job import Job
from littoral.functions.job_limits import MAX_ATTEMPTS
from littoral.jsontext import dumps
from littoral.ops.here import observer

QUEUE: Final = "function-execution"
DEAD_QUEUE: Final = "function-execution-dead"
UNREACHABLE_SECONDS: Final = (2, 5, 15, 60, 300)

Verdict = Literal["done", "again", "dead"]


@dataclass(frozen=True, kw_only=True)
class JobMessage:
    """A job that somebody has to work on. ``trace`` is the ``traceparent`` of who asked for it."""

    owner: str
    job_id: str
    trace: str = ""

    def text(self) -> str:
        """The message as it travels."""
        return dumps({"owner": self.owner, "jobId": self.job_id, "trace": self.trace})

    @classmethod
    def read(cls, text: Any) -> JobMessage | None:
        """What ``text`` wrote; ``None`` for anything else."""
        try:
            raw = json.loads(text)
            return cls(
                owner=str(raw["owner"]),
                job_id=str(raw["jobId"]),
                trace=str(raw.get("trace", "")),
            )
        except (ValueError, KeyError, TypeError):
            return None


class Delivery(Protocol):
    """One message as the queue hands it out."""

    @property
    def body(self) -> Any: ...

    @property
    def attempts(self) -> int:
        """How often it was handed out, this time included."""
        ...

    def ack(self) -> None:
        """It is done with."""
        ...

    def retry(self, delay_seconds: int) -> None:
        """It comes again; too often, and the queue moves it to the dead letters by itself."""
        ...


def verdict_on(job: Job | None, now_ms: int) -> dict[str, Any]:
    """What becomes of a job's message after it was worked on."""
    if job is None or not job.to_do:
        return {"verdict": "done", "delaySeconds": 0}
    if job.attempts >= MAX_ATTEMPTS:
        return {"verdict": "dead", "delaySeconds": 0}
    wait_ms = max(0, (job.next_try_at_ms or now_ms) - now_ms)
    return {"verdict": "again", "delaySeconds": -(-wait_ms // 1000)}


Ask = Callable[[str, str, dict[str, Any]], Awaitable[Any]]
"""Calls a method of an owner's functions: owner, method, arguments."""


class Consumer:
    """Takes messages of both queues. ``bury`` sends one to the dead letters."""

    def __init__(self, ask: Ask, bury: Callable[[str], Awaitable[None]]) -> None:
        self._ask = ask
        self._bury = bury

    async def take(self, queue: str, delivery: Delivery) -> None:
        """One message. Never raises; an object that does not answer is asked again later."""
        message = JobMessage.read(delivery.body)
        if message is None:
            delivery.ack()
            return
        begun, outcome = observer().begin(message.trace), "cut_off"
        try:
            outcome = await self._handle(queue, message, delivery)
        finally:
            observer().leave(begun)
            observer().message(begun, queue=queue, outcome=outcome, id=message.job_id)

    async def _handle(self, queue: str, message: JobMessage, delivery: Delivery) -> str:
        """Handles a message; gives what became of it."""
        try:
            if queue == DEAD_QUEUE:
                await self._ask(message.owner, "job.dead", {"jobId": message.job_id})
                delivery.ack()
                return "dead"
            return await self._work(message, delivery)
        except NotFound:
            delivery.ack()
            return "gone"
        except LittoralError:
            at = min(delivery.attempts, len(UNREACHABLE_SECONDS)) - 1
            delivery.retry(UNREACHABLE_SECONDS[at])
            return "failed"

    async def _work(self, message: JobMessage, delivery: Delivery) -> Verdict:
        found = await self._ask(message.owner, "job.work", {"jobId": message.job_id})
        verdict: Verdict = found["verdict"]
        if verdict == "again":
            delivery.retry(int(found["delaySeconds"]))
            return verdict
        if verdict == "dead":
            await self._bury(message.text())
        delivery.ack()
        return verdict
