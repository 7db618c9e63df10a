"""The analysis agent: has changes explained and hands the words on to be told.

Owns what is decided on each message; the model is asked by ``explaining``. While the model's
breaker is open the offline words are taken at once: a change is told late never because a model is
down.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from littoral.errors import InvalidInput, QueueFull
from littoral.mesh.kernel.behaviour import (
    NOTHING,
    Decision,
    Effect,
    Incoming,
    Outcome,
    Outgoing,
)
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.upgrades import NO_UPGRADES
from littoral.mesh.watch import breaker, limits, messages
from littoral.mesh.watch.difference import Difference
from littoral.mesh.watch.draft import Draft
from littoral.mesh.watch.explaining import charge_ref
from littoral.mesh.watch.explanation import plain_explanation

MODEL: Final = "model"
"""The breaker's name: the deployment's model, whichever that is."""


class Explaining(Protocol):
    """Does the analysis agent's effects (``explaining``)."""

    async def perform(self, effect: Effect) -> Mapping[str, Any]: ...


def fold(state: dict[str, Any], event_type: str, body: Mapping[str, Any], at_ms: int) -> None:
    """One event, in place. Total. ``open`` are analyses under way, by id."""
    if event_type in breaker.TYPES:
        breaker.apply(state["breakers"], event_type, body)
    elif event_type == "analysis.begun":
        state["open"][str(body.get("id"))] = {"watchId": body.get("watchId"), "at": at_ms}
    elif event_type in ("analysis.done", "analysis.failed"):
        state["open"].pop(str(body.get("id")), None)
        state["done"] += event_type == "analysis.done"
        state["degraded"] += bool(body.get("degraded"))


class AnalysisAgent:
    """``Behaviour`` of a mesh's analysis agent."""

    kind = "analysis"
    version = 1
    capabilities = ("explain",)
    accepts = messages.TO_ANALYSIS
    upgrades = NO_UPGRADES
    effects_at_once = limits.ANALYSES_AT_ONCE

    def __init__(self, explaining: Explaining, *, pause_ms: int = breaker.PAUSE_MS) -> None:
        self._explaining = explaining
        self._pause_ms = pause_ms

    def initial(self) -> dict[str, Any]:
        return {"open": {}, "done": 0, "degraded": 0, "breakers": {}}

    def apply(self, state: Any, event: MeshEvent) -> Any:
        fold(state, event.type, event.body, event.at_ms)
        return state

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        return await self._explaining.perform(effect)

    def status(self, state: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            "analyses": state["done"],
            "degraded": state["degraded"],
            "breakers": breaker.views(state["breakers"], self.kind),
        }

    def decide(self, state: Any, incoming: Incoming, now: int) -> Decision:
        draft = Draft(state, fold, now)
        draft.pause_ms = self._pause_ms
        if isinstance(incoming, Envelope):
            _begin(draft, incoming)
        elif isinstance(incoming, Outcome) and incoming.kind == "change.explain":
            _end(draft, incoming)
        made = draft.done()
        return NOTHING if made == NOTHING else made


def _begin(draft: Draft, envelope: Envelope) -> None:
    try:
        Difference.read(envelope.body["difference"])
    except (KeyError, TypeError, ValueError):
        raise InvalidInput("The difference is none.") from None
    if len(draft.state["open"]) >= limits.ANALYSES_OPEN:
        raise QueueFull("Too many changes wait for their explanation.", retry_after_seconds=10)
    closed_until = draft.waits_until(MODEL)
    free = "The model failed again and again and is left alone for a while." if closed_until else ""
    if not closed_until:
        draft.begins(MODEL)
    draft.happened("analysis.begun", id=envelope.id, watchId=envelope.body["watchId"])
    draft.effect(
        Effect(
            key=f"explain:{envelope.id}",
            kind="change.explain",
            body={"id": envelope.id, "change": dict(envelope.body), "freeBecause": free},
            deadline=None,
            attempts=limits.ANALYSIS_ATTEMPTS,
            timeout_seconds=limits.ANALYSIS_SECONDS,
        )
    )


def _end(draft: Draft, outcome: Outcome) -> None:
    """Whatever became of the model, the change is told; its state goes to the breaker."""
    change = outcome.body["change"]
    if outcome.result is not None:
        found = outcome.result
        if found["asked"]:
            (draft.went_wrong if found["degraded"] else draft.went_well)(MODEL)
        said = {key: found[key] for key in ("headline", "summary", "importance", "model")}
        told = {**said, "degraded": found["degraded"], "reason": found["reason"]}
        draft.happened("analysis.done", id=outcome.body["id"], watchId=change["watchId"], **told)
    else:
        draft.went_wrong(MODEL)
        said = {**plain_explanation(change), "model": ""}
        told = {"degraded": True, "error": dict(outcome.error or {})}
        draft.happened("analysis.failed", id=outcome.body["id"], watchId=change["watchId"], **told)
        ref = charge_ref(outcome.key, outcome.attempts)
        draft.effect(
            Effect(
                key=f"release:{ref}",
                kind="charge.release",
                body={"ref": ref, "payer": change["payer"]},
                deadline=None,
            )
        )
    draft.send(_tell(change, said, degraded=bool(told["degraded"])))


def _tell(change: Mapping[str, Any], said: Mapping[str, Any], *, degraded: bool) -> Outgoing:
    origin = {key: change[key] for key in ("watchId", "watchName", "url", "webhookId")}
    return Outgoing(
        kind="notification.tell",
        to="notification",
        body={
            **origin,
            "kind": "change",
            "title": said["headline"],
            "text": said["summary"],
            "importance": said["importance"],
            "model": said["model"],
            "degraded": degraded,
            "difference": change["difference"],
        },
        deadline=None,
    )
