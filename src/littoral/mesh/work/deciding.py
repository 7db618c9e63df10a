"""One decision in the making: events are folded as they are decided, so that the next step sees
what the one before it changed. The state that was given stays as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from littoral.mesh.kernel.behaviour import (
    INHERIT,
    CancelEffect,
    CancelTimer,
    Decision,
    Effect,
    Fact,
    Outgoing,
    SetTimer,
)

Fold = Callable[[dict[str, Any], str, Mapping[str, Any], int], dict[str, Any]]


class Deciding:
    """Collects what follows from one incoming. ``state`` is what it will be afterwards."""

    def __init__(self, state: Mapping[str, Any], fold: Fold, now_ms: int) -> None:
        self.state: dict[str, Any] = dict(state)
        self.now_ms = now_ms
        self._fold = fold
        self._events: list[Fact] = []
        self._send: list[Outgoing] = []
        self._effects: list[Effect | CancelEffect] = []
        self._timers: list[SetTimer | CancelTimer] = []

    def happened(self, kind: str, **body: Any) -> None:
        """An event. One that is about a task belongs to the task's chain of messages."""
        fact = (kind, body, body["taskId"]) if "taskId" in body else (kind, body)
        self._events.append(fact)
        self.state = self._fold(self.state, kind, body, self.now_ms)

    def send(
        self,
        kind: str,
        body: Mapping[str, Any],
        *,
        to: str = "",
        capability: str = "",
        deadline: int | None = INHERIT,
        correlation_id: str = "",
    ) -> None:
        """A message to an agent, by name or by what it can do."""
        self._send.append(
            Outgoing(
                kind=kind,
                body=body,
                to=to,
                capability=capability,
                deadline=deadline,
                correlation_id=correlation_id,
            )
        )

    def effect(self, effect: Effect | CancelEffect) -> None:
        """Something to do in the world, or not to do any more."""
        self._effects.append(effect)

    def timer(self, key: str, at_ms: int) -> None:
        """A time to be woken at; the same key moves."""
        self._timers.append(SetTimer(key=key, at=at_ms))

    def done(self, reply: Mapping[str, Any] | None = None) -> Decision:
        """Everything together."""
        return Decision(
            events=tuple(self._events),
            send=tuple(self._send),
            timers=tuple(self._timers),
            effects=tuple(self._effects),
            reply=reply,
        )
