"""A coordinator and its workers, as small as can be: what the kernel is tested with.

``task.start`` {parts} makes parts; each is sent to a worker, whose effect squares the number; the
result comes back and is added up. A timer ends a task whose parts do not come.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from littoral.errors import InvalidInput, QueueFull
from littoral.mesh.kernel.behaviour import (
    NOTHING,
    CancelTimer,
    Decision,
    Effect,
    Fired,
    Incoming,
    Outcome,
    Outgoing,
    SetTimer,
    State,
    Undelivered,
)
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.upgrades import NO_UPGRADES, EventUpgrades

TASK_SECONDS = 600


class Adder:
    """Coordinator: hands out numbers and adds up what comes back."""

    kind = "coordinator"
    version = 1
    capabilities: tuple[str, ...] = ("add",)
    accepts: Final[Mapping[str, Mapping[str, Any]]] = {
        "task.start": {
            "type": "object",
            "properties": {"parts": {"type": "integer", "minimum": 0, "maximum": 200}},
            "required": ["parts"],
        },
        "part.done": {"type": "object", "required": ["part", "square"]},
    }
    upgrades: EventUpgrades = NO_UPGRADES
    effects_at_once = 1

    def __init__(self, *, to: str = "", capability: str = "") -> None:
        self._to = to
        self._capability = capability

    def initial(self) -> State:
        return {"tasks": {}, "sum": 0, "lost": 0, "late": 0}

    def apply(self, state: State, event: MeshEvent) -> State:
        body = event.body
        if event.type == "task.begun":
            state["tasks"][body["task"]] = dict.fromkeys(body["parts"], None)
        elif event.type == "part.finished":
            state["tasks"][body["task"]][body["part"]] = body["square"]
            state["sum"] += body["square"]
        elif event.type == "part.lost":
            state["lost"] += 1
        elif event.type == "task.late":
            state["late"] += 1
        return state

    def decide(self, state: State, incoming: Incoming, now: int) -> Decision:
        if isinstance(incoming, Envelope) and incoming.kind == "task.start":
            return self._begun(incoming, now)
        if isinstance(incoming, Envelope):
            return self._finished(state, incoming)
        if isinstance(incoming, Undelivered):
            return Decision(events=(("part.lost", {"part": incoming.body["part"]}),))
        if isinstance(incoming, Fired):
            return Decision(events=(("task.late", {"task": incoming.body["task"]}),))
        return NOTHING

    def _begun(self, incoming: Envelope, now: int) -> Decision:
        count = incoming.body["parts"]
        parts = [f"{incoming.id}-{index}" for index in range(count)]
        return Decision(
            events=(("task.begun", {"task": incoming.id, "parts": parts}),),
            send=tuple(
                Outgoing(
                    to=self._to,
                    capability=self._capability,
                    kind="part.assign",
                    body={"task": incoming.id, "part": part, "number": index + 1},
                )
                for index, part in enumerate(parts)
            ),
            timers=(
                SetTimer(key=incoming.id, at=now + TASK_SECONDS * 1000, body={"task": incoming.id}),
            ),
            reply={"parts": count},
        )

    def _finished(self, state: State, incoming: Envelope) -> Decision:
        task, part = incoming.body["task"], incoming.body["part"]
        left = [each for each, found in state["tasks"][task].items() if found is None]
        return Decision(
            events=(("part.finished", dict(incoming.body)),),
            timers=(CancelTimer(key=task),) if left == [part] else (),
        )

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        return {}

    def status(self, state: State) -> Mapping[str, Any]:
        return {"sum": state["sum"]}


class Squarer:
    """Worker: squares a number in the world outside, which counts by idempotency key."""

    kind = "worker"
    version = 1
    capabilities: tuple[str, ...] = ("square",)
    accepts: Final[Mapping[str, Mapping[str, Any]]] = {
        "part.assign": {"type": "object", "required": ["part", "number"]}
    }
    upgrades: EventUpgrades = NO_UPGRADES
    effects_at_once = 3

    def __init__(self) -> None:
        self.squared: dict[str, int] = {}
        self.failures: list[Exception] = []
        self.refuse = False
        self.full = False
        self.broken = 0

    def initial(self) -> State:
        return {"taken": 0, "done": []}

    def apply(self, state: State, event: MeshEvent) -> State:
        if event.type == "part.taken":
            state["taken"] += 1
        elif event.type == "part.squared":
            state["done"].append(event.body["part"])
        return state

    def decide(self, state: State, incoming: Incoming, now: int) -> Decision:
        if isinstance(incoming, Envelope):
            if self.refuse:
                raise InvalidInput("I do not square.")
            if self.full:
                raise QueueFull("Not now.")
            if self.broken:
                self.broken -= 1
                raise ZeroDivisionError("a bug")
            return Decision(
                events=(("part.taken", {"part": incoming.body["part"]}),),
                effects=(
                    Effect(
                        key=incoming.body["part"],
                        kind="square",
                        body={**incoming.body, "sender": incoming.sender},
                    ),
                ),
            )
        assert isinstance(incoming, Outcome)
        part = {key: incoming.body[key] for key in ("task", "part")}
        if incoming.error is not None:
            return Decision(events=(("part.failed", {**part, "error": dict(incoming.error)}),))
        assert incoming.result is not None
        done = {**part, "square": incoming.result["square"]}
        return Decision(
            events=(("part.squared", done),),
            send=(Outgoing(to=incoming.body["sender"], kind="part.done", body=done),),
        )

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        if self.failures:
            raise self.failures.pop(0)
        self.squared[effect.key] = self.squared.get(effect.key, 0) + 1
        return {"square": effect.body["number"] ** 2}

    def status(self, state: State) -> Mapping[str, Any]:
        return {"done": len(state["done"])}
