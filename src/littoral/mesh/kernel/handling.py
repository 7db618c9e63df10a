"""One transaction: what a decision says becomes events, messages, timers and effects.

Owns the writing. Who may come in and what happens when it fails is ``engine``'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from littoral.clock import Clock, Ids
from littoral.jsontext import dumps
from littoral.mesh.kernel.behaviour import (
    INHERIT,
    Behaviour,
    CancelEffect,
    CancelTimer,
    Decision,
    Effect,
    Incoming,
    Outgoing,
    SetTimer,
)
from littoral.mesh.kernel.envelope import Envelope, require_agent, require_body, require_kind
from littoral.mesh.kernel.event import KERNEL_TYPES, MeshEvent
from littoral.mesh.kernel.memory import Memory
from littoral.store.sql import Sql

MAX_KEY = 200
_KERNEL_NOUNS = {each.partition(".")[0] for each in KERNEL_TYPES}


class Handling:
    """Writes for one agent. Every method belongs into a transaction of the caller's."""

    def __init__(
        self, sql: Sql, memory: Memory, behaviour: Behaviour, agent: str, clock: Clock, ids: Ids
    ) -> None:
        self._sql = sql
        self._memory = memory
        self._behaviour = behaviour
        self._agent = agent
        self._clock = clock
        self._ids = ids
        self.granted: set[str] = set()
        """Effects whose next try was granted since this object woke."""

    def record(self, event_type: str, body: Mapping[str, Any], incoming: Incoming | None) -> int:
        """Appends one event that follows from ``incoming``; gives its number."""
        number = self._memory.number + 1
        self._memory.grow(
            MeshEvent(
                agent=self._agent,
                number=number,
                type=event_type,
                at_ms=self._clock.now_ms(),
                version=self._behaviour.upgrades.version_of(event_type),
                body=body,
                correlation_id=incoming.correlation_id if incoming else "",
                causation_id=incoming.id if incoming else "",
            )
        )
        return number

    def decided(self, decision: Decision, incoming: Incoming) -> None:
        """Everything that a decision says. Raises ``ValueError`` for what no behaviour may say."""
        for event_type, body, *other in decision.events:
            require_kind(event_type)
            if event_type.partition(".")[0] in _KERNEL_NOUNS:
                raise ValueError(f"{event_type} is the engine's: choose another noun")
            chain = of_chain(incoming, other[0] if other else "")
            self.record(event_type, body, chain)
        for outgoing in decision.send:
            self._send(outgoing, incoming)
        for timer in decision.timers:
            self._set(timer, incoming)
        for effect in decision.effects:
            self._begin(effect, incoming)
        self._memory.keep()

    def _send(self, outgoing: Outgoing, incoming: Incoming) -> None:
        if bool(outgoing.to) == bool(outgoing.capability):
            raise ValueError(f"{outgoing.kind} needs either a receiver or a capability")
        envelope = Envelope(
            id=self._ids.new("env"),
            sender=self._agent,
            to=require_agent(outgoing.to) if outgoing.to else "",
            kind=require_kind(outgoing.kind),
            correlation_id=outgoing.correlation_id or incoming.correlation_id,
            causation_id=incoming.id,
            deadline=_inherited(outgoing.deadline, incoming),
            body=require_body(outgoing.body),
            trace=incoming.trace,
        )
        told = {"id": envelope.id, "to": envelope.to, "kind": envelope.kind}
        if outgoing.capability:
            told["capability"] = outgoing.capability
        number = self.record("message.sent", told, of_chain(incoming, outgoing.correlation_id))
        self._sql.run(
            "INSERT INTO outbox VALUES (?, ?, ?, ?, 0, ?)",
            number,
            envelope.to,
            outgoing.capability,
            dumps(envelope.to_json()),
            self._clock.now_ms(),
        )

    def _set(self, timer: SetTimer | CancelTimer, incoming: Incoming) -> None:
        if isinstance(timer, CancelTimer):
            self._sql.run("DELETE FROM timers WHERE key = ?", timer.key)
            return
        self._sql.run(
            "INSERT OR REPLACE INTO timers VALUES (?, ?, ?, ?)",
            _key(timer.key),
            timer.at,
            dumps(dict(timer.body)),
            dumps(_context(of_chain(incoming, timer.correlation_id), None)),
        )

    def _begin(self, effect: Effect | CancelEffect, incoming: Incoming) -> None:
        if isinstance(effect, CancelEffect):
            self._sql.run("DELETE FROM effects WHERE key = ?", effect.key)
            self.granted.discard(effect.key)
            return
        deadline = _inherited(effect.deadline, incoming)
        written = self._sql.run(
            "INSERT OR IGNORE INTO effects VALUES (?, ?, ?, 1, ?)",
            _key(effect.key),
            dumps(asdict(replace(effect, deadline=deadline))),
            dumps(_context(of_chain(incoming, effect.correlation_id), deadline)),
            self._clock.now_ms(),
        )
        if written:
            self.granted.add(effect.key)


def of_chain(incoming: Incoming, correlation_id: str) -> Incoming:
    """The incoming as if it belonged to that chain of messages; to its own when empty."""
    if correlation_id in ("", incoming.correlation_id):
        return incoming
    return replace(incoming, correlation_id=correlation_id)


def _inherited(deadline: int | None, incoming: Incoming) -> int | None:
    return incoming.deadline if deadline == INHERIT else deadline


def _context(incoming: Incoming, deadline: int | None) -> dict[str, Any]:
    """What a timer or an effect passes on to what comes of it."""
    return {
        "correlation_id": incoming.correlation_id,
        "causation_id": incoming.id,
        "deadline": deadline,
        "trace": incoming.trace,
    }


def _key(key: str) -> str:
    if not 0 < len(key) <= MAX_KEY:
        raise ValueError(f"a key must have 1 to {MAX_KEY} characters, not {len(key)}")
    return key
