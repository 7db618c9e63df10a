"""The work of a mesh on the platform: behaviours with their real models, functions and stores, and
the queue that offers travel by.

Locally queues live in memory: offers that a kill took are made again by the coordinator's leases.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

import js
from pyodide.ffi import JsException, to_js

from littoral.errors import DependencyUnavailable
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.ports import Receipt, Transport
from littoral.mesh.work.coordinator import Coordinator
from littoral.mesh.work.coordinator_effects import CoordinatorEffects
from littoral.mesh.work.fetch_work import FetchWork
from littoral.mesh.work.function_work import FunctionWork
from littoral.mesh.work.model_work import ModelWork
from littoral.mesh.work.planner import Planner, PlanningSkill
from littoral.mesh.work.queueing import DEAD_QUEUE, KINDS, QUEUE, OfferConsumer, OfferMessage
from littoral.mesh.work.receipts import DatabaseReceipts
from littoral.mesh.work.worker import Worker
from littoral.mesh.work.working import Working
from littoral.platform.database import D1Database, open_ledger
from littoral.platform.gateway import DurableGateway
from littoral.platform.mesh_object import DurableAgents, DurableTransport, HostPlace
from littoral.platform.mesh_watch import open_fetcher
from littoral.platform.models import build_model
from littoral.platform.queues import QueueDelivery, send_text

MESH_QUEUES: Final = frozenset({QUEUE, DEAD_QUEUE})
MOST_AT_ONCE: Final = 100
"""Messages that the platform takes in one call."""

_log = logging.getLogger(__name__)


def make_coordinator(place: HostPlace) -> Coordinator:
    """The coordinator of an owner's mesh."""
    settings, database = place.settings, D1Database(place.env.DB)
    planner = Planner(
        build_model(place.env, settings, place.clock, (PlanningSkill(),)),
        max_output_tokens=settings.max_output_tokens,
        timeout_seconds=settings.model_timeout_seconds,
    )
    effects = CoordinatorEffects(
        planner,
        open_ledger(place.env, settings, place.clock),
        DatabaseReceipts(database, place.clock, place.owner),
        place.clock,
    )
    return Coordinator(effects, pool_size=settings.mesh_workers)


def make_worker(place: HostPlace) -> Worker:
    """One worker of the pool."""
    settings = place.settings
    model = ModelWork(
        build_model(place.env, settings, place.clock, ()),
        max_output_tokens=settings.max_output_tokens,
        timeout_seconds=settings.model_timeout_seconds,
    )
    functions = FunctionWork(OwnFunctions(place))
    receipts = DatabaseReceipts(D1Database(place.env.DB), place.clock, place.owner)
    fetching = FetchWork(open_fetcher(settings))
    kinds = {
        "model": model.do,
        "analyse": model.do,
        "function": functions.do,
        "fetch": fetching.do,
    }
    return Worker(Working(place.name, receipts, place.clock, kinds))


class OwnFunctions:
    """``littoral.mesh.work.function_work.FunctionService`` of the mesh's owner."""

    def __init__(self, place: HostPlace) -> None:
        self._place = place
        self._gateway = DurableGateway(place.env, place.clock)

    async def call(self, method: str, args: Mapping[str, Any], *, payer: str) -> Any:
        return await self._gateway.functions(self._place.owner, payer=payer).call(method, args)


class QueuedTransport:
    """``Transport`` that puts offers into the queue; all else goes straight to its receiver."""

    def __init__(self, place: HostPlace, direct: Transport) -> None:
        self._queue = place.env.MESH_QUEUE
        self._owner = place.owner
        self._direct = direct

    async def deliver(self, to: str, envelopes: Sequence[Envelope]) -> list[Receipt]:
        queued = [each for each in envelopes if each.kind in KINDS]
        others = [each for each in envelopes if each.kind not in KINDS]
        receipts: list[Receipt] = []
        for at in range(0, len(queued), MOST_AT_ONCE):
            piece = queued[at : at + MOST_AT_ONCE]
            texts = [OfferMessage(owner=self._owner, envelope=each).text() for each in piece]
            await _send_all(self._queue, texts)
            receipts += [Receipt(id=each.id, status="taken") for each in piece]
        if others:
            receipts += await self._direct.deliver(to, others)
        return receipts


async def consume_offers(env: Any, batch: Any) -> None:
    """Takes a batch of ``mesh-dispatch`` or of its dead letters."""

    async def deliver(owner: str, name: str, envelopes: list[Envelope]) -> list[Receipt]:
        return await DurableTransport(DurableAgents(env, owner)).deliver(name, envelopes)

    async def bury(text: str) -> None:
        _log.warning("an offer of the mesh is given up")
        await send_text(env.MESH_DEAD_QUEUE, text)

    consumer = OfferConsumer(deliver, bury)
    await consumer.take(str(batch.queue), [QueueDelivery(each) for each in batch.messages])


async def _send_all(binding: Any, texts: Sequence[str]) -> None:
    messages = [{"body": each, "contentType": "text"} for each in texts]
    try:
        async with asyncio.timeout(10.0):
            await binding.sendBatch(to_js(messages, dict_converter=js.Object.fromEntries))
    except (JsException, TimeoutError) as error:
        raise DependencyUnavailable(f"The queue did not take the offers: {error}.") from None
