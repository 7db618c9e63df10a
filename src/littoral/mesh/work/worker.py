"""A worker: takes parts, does them, and reports. It remembers only what it works on.

    offered ─► work.taken ─► effect ─► work.finished ─► part.report to the coordinator
                   └─ after a few seconds: work.renewed, part.lease

A part that comes again while it is worked on, or was finished a moment ago, changes nothing: its
report is on its way. One that was finished and forgotten, or done by another worker, has a receipt
(``working``) and is reported as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from littoral.errors import QueueFull
from littoral.mesh.kernel.behaviour import (
    NOTHING,
    CancelEffect,
    Decision,
    Effect,
    Fired,
    Incoming,
    Outcome,
)
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.upgrades import NO_UPGRADES
from littoral.mesh.work import limits, messages
from littoral.mesh.work.deciding import Deciding

COORDINATOR = "coordinator"
RENEW = "renew"
KILLS_FORGIVEN = 8
"""Tries of one effect: failures are reported at the first, so only kills count."""

State = dict[str, Any]
Body = Mapping[str, Any]


class Working(Protocol):
    """Does parts (``working``)."""

    async def perform(self, effect: Effect) -> Mapping[str, Any]: ...


class Worker:
    """``Behaviour`` of every worker of the pool."""

    kind = "worker"
    version = 1
    capabilities = ("text", "model", "function", "fetch", "analyse")
    accepts = messages.TO_WORKERS
    upgrades = NO_UPGRADES
    effects_at_once = 8

    def __init__(self, working: Working) -> None:
        self._working = working

    def initial(self) -> State:
        """``parts``: what is worked on; ``renewAt``: when the lease is renewed; ``done``: tries
        that ended last."""
        return {"parts": {}, "renewAt": None, "done": []}

    def apply(self, state: Any, event: MeshEvent) -> State:
        return fold(state, event.type, event.body, event.at_ms)

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        return await self._working.perform(effect)

    def status(self, state: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"parts": len(state["parts"])}

    def decide(self, state: Any, incoming: Incoming, now: int) -> Decision:
        deciding = Deciding(state, fold, now)
        if isinstance(incoming, Envelope):
            if incoming.kind == "part.offer":
                _take(deciding, incoming)
            else:
                _drop(deciding, incoming.body)
        elif isinstance(incoming, Outcome):
            _finish(deciding, incoming)
        elif isinstance(incoming, Fired):
            _renew(deciding)
        renew_at = deciding.state["renewAt"]
        if renew_at is not None and renew_at != state["renewAt"]:
            deciding.timer(RENEW, renew_at)
        made = deciding.done()
        return NOTHING if made == NOTHING else made


def fold(state: State, kind: str, body: Body, at_ms: int) -> State:
    """The state after one event; an unknown kind changes nothing."""
    change = _CHANGES.get(kind)
    return state if change is None else change(state, body, at_ms)


def _taken(state: State, body: Body, at_ms: int) -> State:
    held = {"task": body["taskId"], "attempt": body["attempt"], "work": body["work"]}
    renew_at = state["renewAt"] or at_ms + limits.FIRST_WORD_MS
    return {**state, "parts": {**state["parts"], body["partId"]: held}, "renewAt": renew_at}


def _gone(state: State, body: Body, _at_ms: int) -> State:
    parts = {key: each for key, each in state["parts"].items() if key != body["partId"]}
    return {**state, "parts": parts}


def _finished(state: State, body: Body, at_ms: int) -> State:
    ended = effect_key(body["partId"], body["attempt"])
    return {**_gone(state, body, at_ms), "done": [*state["done"], ended][-limits.DONE_KEPT :]}


def _renewed(state: State, _body: Body, at_ms: int) -> State:
    return {**state, "renewAt": at_ms + limits.RENEW_MS if state["parts"] else None}


_CHANGES: Mapping[str, Callable[[State, Body, int], State]] = {
    "work.taken": _taken,
    "work.finished": _finished,
    "work.dropped": _gone,
    "work.renewed": _renewed,
}


def _take(deciding: Deciding, offer: Envelope) -> None:
    body, parts = offer.body, deciding.state["parts"]
    part_id = body["partId"]
    held = parts.get(part_id)
    key = effect_key(part_id, body["attempt"])
    if key in deciding.state["done"] or (held and held["attempt"] >= body["attempt"]):
        return  # Its report is on the way, or will be.
    if len(parts) >= limits.WORKER_MOST:
        raise QueueFull(f"The worker has {len(parts)} parts already.", retry_after_seconds=5)
    told = {"taskId": body["taskId"], "partId": part_id, "attempt": body["attempt"]}
    deciding.happened("work.taken", **told, work=body["work"])
    deciding.effect(
        Effect(
            key=key,
            kind="work",
            body=body,
            attempts=KILLS_FORGIVEN,
            timeout_seconds=limits.WORK_SECONDS + limits.WORK_MARGIN_SECONDS,
        )
    )


def _drop(deciding: Deciding, body: Body) -> None:
    """Nobody waits for the part any more."""
    held = deciding.state["parts"].get(body["partId"])
    if held is not None:
        told = {"taskId": body["taskId"], "partId": body["partId"]}
        deciding.happened("work.dropped", **told)
        deciding.effect(CancelEffect(key=effect_key(body["partId"], held["attempt"])))


def _finish(deciding: Deciding, outcome: Outcome) -> None:
    body = outcome.body
    held = deciding.state["parts"].get(body["partId"])
    if held is None or held["attempt"] != body["attempt"]:
        return
    found = outcome.result or {"result": None, "error": outcome.error}
    told = {"taskId": body["taskId"], "partId": body["partId"], "attempt": body["attempt"]}
    took_ms = int(found.get("tookMs") or 0)
    error = found["error"]
    code = None if error is None else error["code"]
    deciding.happened("work.finished", **told, ok=error is None, code=code, tookMs=took_ms)
    report = {**told, "result": found["result"], "error": _plain(error), "tookMs": took_ms}
    report["usage"] = dict(found.get("usage") or {})
    deciding.send("part.report", report, to=COORDINATOR, deadline=None)


def _renew(deciding: Deciding) -> None:
    parts = deciding.state["parts"]
    deciding.happened("work.renewed", parts=list(parts))
    for part_id, held in parts.items():
        told = {"taskId": held["task"], "partId": part_id, "attempt": held["attempt"]}
        deciding.send(
            "part.lease", told, to=COORDINATOR, deadline=None, correlation_id=held["task"]
        )


def _plain(error: Body | None) -> dict[str, Any] | None:
    if error is None:
        return None
    return {
        "code": str(error.get("code") or "internal_error"),
        "detail": str(error.get("detail") or "")[:500],
        "retryable": bool(error.get("retryable")),
        "nextStep": str(error.get("nextStep") or "")[:500],
    }


def effect_key(part_id: str, attempt: int) -> str:
    """Names one try of a part, also to the outside world."""
    return f"{part_id}.{attempt}"
