"""One decision in the making, whose events are folded at once into a copy of the state."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from littoral.mesh.kernel.behaviour import (
    CancelEffect,
    CancelTimer,
    Decision,
    Effect,
    Fact,
    Outgoing,
    SetTimer,
)
from littoral.mesh.watch import breaker

Fold = Callable[[dict[str, Any], str, Mapping[str, Any], int], None]
"""Folds one event (state, type, body, milliseconds) into the state, in place."""


class Draft:
    """Collects what follows from one incoming. ``chain`` is the correlation of what is added.

    ``pause_ms`` is the first pause of a breaker. The state has these in ``breakers``.
    """

    def __init__(self, state: Mapping[str, Any], fold: Fold, now: int, chain: str = "") -> None:
        self.state: dict[str, Any] = copy.deepcopy(dict(state))
        self.now = now
        self.chain = chain
        self.pause_ms = breaker.PAUSE_MS
        self._fold = fold
        self._events: list[Fact] = []
        self._send: list[Outgoing] = []
        self._timers: list[SetTimer | CancelTimer] = []
        self._effects: list[Effect | CancelEffect] = []

    def happened(self, event_type: str, **body: Any) -> None:
        """An event; what comes after sees what it changed."""
        self._events.append((event_type, body, self.chain) if self.chain else (event_type, body))
        self._fold(self.state, event_type, body, self.now)

    def begins(self, name: str) -> None:
        """A call of a dependency begins that its breaker let through."""
        self._broke(breaker.begun(self.state["breakers"], name, self.now))

    def went_wrong(self, name: str) -> None:
        """A call failed in a way that speaks against the dependency."""
        known = self.state["breakers"]
        self._broke(breaker.failed(known, name, self.now, pause_ms=self.pause_ms))

    def went_well(self, name: str) -> None:
        """The dependency answered."""
        self._broke(breaker.succeeded(self.state["breakers"], name))

    def waits(self, name: str) -> bool:
        """Whether the breaker is open or half open."""
        known = self.state["breakers"].get(name)
        return known is not None and known["state"] != "closed"

    def waits_until(self, name: str) -> int:
        """When this dependency may be asked again; 0 for at once."""
        return breaker.waits_until(self.state["breakers"], name, self.now)

    def _broke(self, events: breaker.Events) -> None:
        for event_type, body in events:
            self.happened(event_type, **body)

    def send(self, outgoing: Outgoing) -> None:
        self._send.append(outgoing)

    def timer(self, key: str, at: int, **body: Any) -> None:
        self._timers.append(SetTimer(key=key, at=at, body=body, correlation_id=self.chain))

    def cancel_timer(self, key: str) -> None:
        self._timers.append(CancelTimer(key=key))

    def effect(self, effect: Effect | CancelEffect) -> None:
        self._effects.append(effect)

    def done(self, reply: Mapping[str, Any] | None = None) -> Decision:
        """Everything together."""
        return Decision(
            events=tuple(self._events),
            send=tuple(self._send),
            timers=tuple(self._timers),
            effects=tuple(self._effects),
            reply=reply,
        )


def made_id(prefix: str, source: str) -> str:
    """An id that the same message always makes: ``<prefix>_`` and 22 letters and digits."""
    return f"{prefix}_{sha256(source.encode()).hexdigest()[:22]}"


def spread(name: str, most: int) -> int:
    """A number from 0 to ``most`` that is ``name``'s own: what was due together comes apart."""
    return int(sha256(name.encode()).hexdigest()[:8], 16) % (most + 1)
