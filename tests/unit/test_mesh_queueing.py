"""Messages of the queue of offers: what becomes of each."""

from __future__ import annotations

from typing import Any

import pytest

from littoral.errors import DependencyUnavailable
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.ports import Receipt, ReceiptStatus
from littoral.mesh.work.queueing import (
    DEAD_QUEUE,
    MOST_TRIES,
    QUEUE,
    OfferConsumer,
    OfferMessage,
)

OWNER = "usr_1"


def offer(number: int = 1, worker: str = "worker-1") -> Envelope:
    body = {"taskId": "mtk_1", "partId": f"mtk_1-{number}", "attempt": 1}
    return Envelope(
        id=f"env_{number}",
        sender="coordinator",
        to=worker,
        kind="part.offer",
        correlation_id="mtk_1",
        body=body,
    )


class Message:
    """One message as the queue hands it out; ``fate`` says what was done with it."""

    def __init__(self, body: Any, attempts: int = 1) -> None:
        self.body = body
        self.attempts = attempts
        self.fate: str | int = ""

    def ack(self) -> None:
        self.fate = "acknowledged"

    def retry(self, delay_seconds: int) -> None:
        self.fate = delay_seconds


class Post:
    """Agents that answer with one status, or with nothing at all."""

    def __init__(self, status: ReceiptStatus | None) -> None:
        self.status = status
        self.delivered: list[tuple[str, list[str]]] = []
        self.told: list[Envelope] = []
        self.buried: list[str] = []

    async def deliver(self, owner: str, name: str, envelopes: list[Envelope]) -> list[Receipt]:
        assert owner == OWNER
        if self.status is None:
            raise DependencyUnavailable("Away.")
        self.delivered.append((name, [each.id for each in envelopes]))
        self.told += envelopes
        return [Receipt(id=each.id, status=self.status) for each in envelopes]

    async def bury(self, text: str) -> None:
        self.buried.append(text)

    async def take(self, queue: str, *messages: Message) -> None:
        await OfferConsumer(self.deliver, self.bury).take(queue, list(messages))


def message(envelope: Envelope, attempts: int = 1) -> Message:
    return Message(OfferMessage(owner=OWNER, envelope=envelope).text(), attempts)


async def test_offers_for_one_worker_go_in_one_delivery():
    post = Post("taken")
    batch = [message(offer(1)), message(offer(2, "worker-2")), message(offer(3))]

    await post.take(QUEUE, *batch)

    assert sorted(post.delivered) == [("worker-1", ["env_1", "env_3"]), ("worker-2", ["env_2"])]
    assert [each.fate for each in batch] == ["acknowledged"] * 3


@pytest.mark.parametrize("status", ["duplicate", "waiting", "expired"])
async def test_what_needs_no_further_delivery_is_acknowledged(status: ReceiptStatus):
    post, one = Post(status), message(offer())
    await post.take(QUEUE, one)
    assert (one.fate, post.buried) == ("acknowledged", [])


@pytest.mark.parametrize("status", ["later", None])
async def test_who_does_not_take_it_now_is_asked_again_ever_later(status: ReceiptStatus | None):
    fates = []
    for attempts in (1, 2, 3, 9):
        one = message(offer(), attempts)
        await Post(status).take(QUEUE, one)
        fates.append(one.fate)
    assert fates == [1, 2, 5, 60]


async def test_an_offer_that_is_refused_or_tried_too_often_becomes_a_dead_letter():
    refused, tired = message(offer()), message(offer(), MOST_TRIES)
    first, second = Post("refused"), Post("later")
    await first.take(QUEUE, refused)
    await second.take(QUEUE, tired)
    assert (refused.fate, tired.fate) == ("acknowledged", "acknowledged")
    assert first.buried == [refused.body] and second.buried == [tired.body]


async def test_the_coordinator_hears_of_a_dead_letter_under_one_id():
    post = Post("taken")
    one, again = message(offer()), message(offer())
    await post.take(DEAD_QUEUE, one)
    await post.take(DEAD_QUEUE, again)

    assert {each.id for each in post.told} == {"env_1.undelivered"}
    [told, _] = post.told
    assert (told.to, told.kind, told.sender) == ("coordinator", "part.undelivered", "queue")
    assert told.body["partId"] == "mtk_1-1" and one.fate == "acknowledged"


@pytest.mark.parametrize("body", ["", "{}", "[1]", None, '{"owner": "x", "envelope": {}}'])
async def test_what_is_no_offer_is_thrown_away(body: Any):
    one = Message(body)
    await Post("taken").take(QUEUE, one)
    assert one.fate == "acknowledged"
