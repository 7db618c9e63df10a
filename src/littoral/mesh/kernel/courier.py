"""Carries messages from the outbox to other agents until each is taken or given up.

A message is sent under one id, to one receiver, however often: an answer that is lost makes it come
twice, and the receiver takes it once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Final

from littoral.api.envelope import error_of
from littoral.errors import (
    PROBLEM_KEYS,
    DeadlineExceeded,
    DependencyUnavailable,
    LittoralError,
    problem,
)
from littoral.jsontext import dumps
from littoral.mesh.kernel.behaviour import Undelivered
from littoral.mesh.kernel.engine import Engine
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.incoming import id_of
from littoral.mesh.kernel.ports import Place, Receipt
from littoral.mesh.kernel.retry import MAX_DELIVERIES, delay_ms

BATCH: Final = 20
"""Messages in one delivery; bodies in it have at most ``BATCH_CHARACTERS``."""
BATCH_CHARACTERS: Final = 800_000
LOOK: Final = 200


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A row of the outbox."""

    number: int
    to: str
    capability: str
    text: str
    attempts: int

    @cached_property
    def envelope(self) -> Envelope:
        value = json.loads(self.text)
        return Envelope(
            id=value["id"],
            sender=value["from"],
            to=self.to,
            kind=value["kind"],
            correlation_id=value["correlationId"],
            causation_id=value["causationId"],
            deadline=value["deadline"],
            body=value["body"],
            trace=value["trace"],
        )


class Courier:
    """The outbox of one agent. ``run`` is called by one at a time (``pump``)."""

    def __init__(self, place: Place, engine: Engine) -> None:
        self._place = place
        self._sql = place.sql
        self._engine = engine

    def next_due_ms(self) -> int | None:
        due = self._sql.value("SELECT min(due_at_ms) FROM outbox")
        return None if due is None else int(due)

    async def run(self) -> int:
        """Delivers what is due, one batch to each receiver at the same time; gives how many."""
        parcels = self._due()
        if not parcels:
            return 0
        routed = [await self._routed(each) for each in parcels]
        ready = [each for each in routed if each is not None and not self._expired(each)]
        ready.sort(key=lambda each: (each.to, each.number))
        batches = [_bounded(list(group)) for _, group in groupby(ready, key=lambda each: each.to)]
        if len(batches) == 1:
            await self._deliver(batches[0])
        else:
            await asyncio.gather(*(self._deliver(each) for each in batches))
        return len(parcels)

    def _due(self) -> list[Parcel]:
        rows = self._sql.rows(
            'SELECT number, "to", capability, envelope, attempts FROM outbox '
            "WHERE due_at_ms <= ? ORDER BY number LIMIT ?",
            self._place.clock.now_ms(),
            LOOK,
        )
        return [
            Parcel(
                number=int(number or 0),
                to=str(to),
                capability=str(capability),
                text=str(text),
                attempts=int(attempts or 0),
            )
            for number, to, capability, text, attempts in rows
        ]

    # --- whom to ---------------------------------------------------------------------------------

    async def _routed(self, parcel: Parcel) -> Parcel | None:
        """The parcel with a receiver. The choice is kept before anything is sent."""
        if parcel.to:
            return parcel
        try:
            found = await self._place.home.match(parcel.capability)
            if found is None:
                raise DependencyUnavailable(f"No agent can {parcel.capability} now.")
        except LittoralError as error:
            self._again(parcel, error)
            return None
        self._engine.atomically(lambda: self._chosen(parcel, found))
        return replace(parcel, to=found)

    def _chosen(self, parcel: Parcel, to: str) -> None:
        told = {"id": parcel.envelope.id, "to": to, "capability": parcel.capability}
        self._engine.handling.record("message.routed", told, parcel.envelope)
        self._sql.run('UPDATE outbox SET "to" = ? WHERE number = ?', to, parcel.number)

    def _expired(self, parcel: Parcel) -> bool:
        deadline = parcel.envelope.deadline
        if deadline is None or deadline > self._place.clock.now_ms():
            return False
        late = DeadlineExceeded("The message could not be sent before its deadline.")
        self._give_up(parcel, problem(late))
        return True

    # --- sending ---------------------------------------------------------------------------------

    async def _deliver(self, parcels: Sequence[Parcel]) -> None:
        try:
            receipts = await self._place.transport.deliver(
                parcels[0].to, [each.envelope for each in parcels]
            )
        except LittoralError as error:
            for parcel in parcels:
                self._again(parcel, error)
            return
        known = {each.id: each for each in receipts}
        self._taken([each for each in parcels if _is_done(known.get(each.envelope.id))])
        for parcel in parcels:
            receipt = known.get(parcel.envelope.id)
            if receipt is None:
                self._again(parcel, DependencyUnavailable("The receiver said nothing of it."))
            elif receipt.status in ("refused", "expired"):
                self._give_up(parcel, receipt.problem or {})
            elif receipt.status == "later":
                self._again(parcel, error_of(receipt.problem or {}))

    def _taken(self, parcels: Sequence[Parcel]) -> None:
        if not parcels:
            return
        numbers = dumps([each.number for each in parcels])
        self._sql.run(
            "DELETE FROM outbox WHERE number IN (SELECT value FROM json_each(?))", numbers
        )

    def _again(self, parcel: Parcel, error: LittoralError) -> None:
        """Another try later, or the end when there were enough."""
        attempts = parcel.attempts + 1
        if attempts >= MAX_DELIVERIES:
            self._give_up(replace(parcel, attempts=attempts), problem(error))
            return
        self._sql.run(
            "UPDATE outbox SET attempts = ?, due_at_ms = ? WHERE number = ?",
            attempts,
            self._place.clock.now_ms() + delay_ms(attempts, self._place.jitter, error),
            parcel.number,
        )

    def _give_up(self, parcel: Parcel, why: dict[str, object] | object) -> None:
        """A dead letter, and word to the behaviour, in one transaction."""
        error = dict(why) if isinstance(why, dict) else {}
        error.setdefault("code", "internal_error")
        error.setdefault("detail", "")
        envelope = parcel.envelope

        def first() -> bool:
            if not self._sql.run("DELETE FROM outbox WHERE number = ?", parcel.number):
                return False
            self._engine.letters.keep("out", envelope, error, parcel.attempts, parcel.capability)
            return True

        undelivered = Undelivered(
            id=id_of("und", envelope.id),
            message=envelope.id,
            to=envelope.to,
            kind=envelope.kind,
            body=envelope.body,
            error={key: error.get(key) for key in PROBLEM_KEYS},
            correlation_id=envelope.correlation_id,
            causation_id=envelope.causation_id,
            trace=envelope.trace,
        )
        self._engine.happen(undelivered, first)


def _is_done(receipt: Receipt | None) -> bool:
    return receipt is not None and receipt.is_done


def _bounded(parcels: list[Parcel]) -> list[Parcel]:
    """As many as one delivery may carry; the others wait for the next round."""
    kept: list[Parcel] = []
    size = 0
    for parcel in parcels[:BATCH]:
        size += len(parcel.text)
        if kept and size > BATCH_CHARACTERS:
            break
        kept.append(parcel)
    return kept
