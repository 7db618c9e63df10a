"""Messages of the queue of offers: what stands in one, and what becomes of it.

    mesh-dispatch ──► the worker takes it: done
         ▲   │  ├──► it says "later", or does not answer: comes back after a while
         └───┘  └──► it refuses, or too many tries: mesh-dispatch-dead ──► the coordinator is told

A message carries one envelope of an owner's mesh. It comes at least once, or never after a crash of
a local run: the coordinator's leases notice both.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from littoral.errors import LittoralError
from littoral.jsontext import dumps
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.ports import Receipt

QUEUE: Final = "mesh-dispatch"
DEAD_QUEUE: Final = "mesh-dispatch-dead"
SENDER: Final = "queue"
KINDS: Final = frozenset({"part.offer"})
"""Kinds of messages that travel by the queue."""

AGAIN_SECONDS: Final = (1, 2, 5, 15, 60)
MOST_TRIES: Final = 12


@dataclass(frozen=True, kw_only=True)
class OfferMessage:
    """One envelope on its way to a worker of an owner."""

    owner: str
    envelope: Envelope

    def text(self) -> str:
        """The message as it travels."""
        return dumps({"owner": self.owner, "envelope": self.envelope.to_json()})

    @classmethod
    def read(cls, text: Any) -> OfferMessage | None:
        """What ``text`` wrote; ``None`` for anything else."""
        try:
            raw = json.loads(text)
            return cls(owner=str(raw["owner"]), envelope=Envelope.read(raw["envelope"]))
        except (ValueError, KeyError, TypeError, LittoralError):
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


Deliver = Callable[[str, str, list[Envelope]], Awaitable[list[Receipt]]]
"""Hands envelopes to an agent: owner, name. Raises ``LittoralError`` when there is no answer."""


class OfferConsumer:
    """Takes messages of both queues. ``bury`` sends texts to the dead letters."""

    def __init__(self, deliver: Deliver, bury: Callable[[str], Awaitable[None]]) -> None:
        self._deliver = deliver
        self._bury = bury

    async def take(self, queue: str, deliveries: list[Delivery]) -> None:
        """A batch for any workers. Never raises; who does not answer is asked again later."""
        by_agent: dict[tuple[str, str], list[tuple[Delivery, OfferMessage]]] = {}
        for each in deliveries:
            message = OfferMessage.read(each.body)
            if message is None:
                each.ack()
            elif queue == DEAD_QUEUE:
                await self._tell(each, message)
            else:
                name = (message.owner, message.envelope.to)
                by_agent.setdefault(name, []).append((each, message))
        await asyncio.gather(
            *(self._offer(owner, agent, pairs) for (owner, agent), pairs in by_agent.items())
        )

    async def _offer(
        self, owner: str, agent: str, pairs: list[tuple[Delivery, OfferMessage]]
    ) -> None:
        envelopes = [message.envelope for _, message in pairs]
        try:
            receipts = await self._deliver(owner, agent, envelopes)
        except LittoralError:
            receipts = [Receipt(id=each.id, status="later") for each in envelopes]
        for (delivery, message), receipt in zip(pairs, receipts, strict=True):
            if receipt.is_done or receipt.status == "expired":
                delivery.ack()
            elif receipt.status == "later" and delivery.attempts < MOST_TRIES:
                _again(delivery)
            else:
                await self._give_up(delivery, message)

    async def _give_up(self, delivery: Delivery, message: OfferMessage) -> None:
        try:
            await self._bury(message.text())
        except LittoralError:
            _again(delivery)
        else:
            delivery.ack()

    async def _tell(self, delivery: Delivery, message: OfferMessage) -> None:
        """The coordinator hears of an offer that no worker took."""
        told = undelivered(message.envelope)
        try:
            receipts = await self._deliver(message.owner, told.to, [told])
        except LittoralError:
            _again(delivery)
            return
        if receipts[0].status == "later":
            _again(delivery)
        else:
            delivery.ack()


def undelivered(offer: Envelope) -> Envelope:
    """What the coordinator is told of an offer; the same offer gives the same message."""
    body = offer.body
    error = {
        "code": "undelivered",
        "detail": f"{offer.to} did not take the offer.",
        "retryable": True,
        "nextStep": "Nothing: the part is offered again.",
    }
    return Envelope(
        id=f"{offer.id}.undelivered",
        sender=SENDER,
        to=offer.sender,
        kind="part.undelivered",
        correlation_id=offer.correlation_id,
        causation_id=offer.id,
        body={
            "taskId": body["taskId"],
            "partId": body["partId"],
            "attempt": body["attempt"],
            "error": error,
        },
        trace=offer.trace,
    )


def _again(delivery: Delivery) -> None:
    at = min(delivery.attempts, len(AGAIN_SECONDS)) - 1
    delivery.retry(AGAIN_SECONDS[at])
