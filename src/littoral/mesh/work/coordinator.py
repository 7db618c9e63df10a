"""The coordinator: takes tasks, gives their parts to workers, and says how each task ended.

Owns what is decided on each message; the state is ``coordinator_state``'s, who gets a part is
``dispatching``'s, what costs time or touches the world is ``coordinator_effects``'.
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
    Undelivered,
)
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.upgrades import NO_UPGRADES
from littoral.mesh.work import coordinator_state, limits, messages
from littoral.mesh.work.coordinator_state import State
from littoral.mesh.work.deciding import Deciding
from littoral.mesh.work.dispatching import dispatch
from littoral.mesh.work.lease import silent
from littoral.mesh.work.request import TaskRequest, read_request
from littoral.mesh.work.retry import retry_delay_ms
from littoral.mesh.work.task import Task, all_done, counts_of, is_active, outcome_of

LOOK = "look"
Body = Mapping[str, Any]


class Performing(Protocol):
    """Does the coordinator's effects (``coordinator_effects``)."""

    async def perform(self, effect: Effect) -> Mapping[str, Any]: ...


class Coordinator:
    """``Behaviour`` of the one coordinator of a mesh. ``pool_size`` workers do the work."""

    kind = "coordinator"
    version = 1
    capabilities = ("coordinate",)
    accepts = messages.TO_COORDINATOR
    upgrades = NO_UPGRADES
    effects_at_once = 16

    def __init__(self, performing: Performing, *, pool_size: int) -> None:
        self._performing = performing
        self._pool_size = pool_size
        self._messages: Mapping[str, Callable[[Deciding, Body], Body | None]] = {
            "task.start": self._start,
            "task.fund": self._fund,
            "task.refuse": self._refuse,
            "task.cancel": self._cancel,
            "part.lease": self._lease,
            "part.report": self._report,
            "part.undelivered": self._undelivered,
        }

    def initial(self) -> State:
        return coordinator_state.initial()

    def apply(self, state: Any, event: MeshEvent) -> State:
        return coordinator_state.fold(state, event.type, event.body, event.at_ms)

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        return await self._performing.perform(effect)

    def status(self, state: Mapping[str, Any]) -> Mapping[str, Any]:
        active = sum(is_active(each) for each in state["tasks"].values())
        return {"tasks": active, "partsOut": len(state["out"]), "workers": self._pool_size}

    def decide(self, state: Any, incoming: Incoming, now: int) -> Decision:
        deciding = Deciding(state, coordinator_state.fold, now)
        reply: Body | None = None
        if isinstance(incoming, Envelope):
            reply = self._messages[incoming.kind](deciding, incoming.body)
        elif isinstance(incoming, Fired):
            self._fired(deciding, incoming)
        elif isinstance(incoming, Outcome):
            self._outcome(deciding, incoming)
        elif isinstance(incoming, Undelivered) and incoming.kind == "part.offer":
            self._undelivered(deciding, {**incoming.body, "error": incoming.error})
        dispatch(deciding, self._pool_size)
        armed = deciding.state["armed"]
        rang = isinstance(incoming, Fired) and incoming.key == LOOK
        if armed is not None and (rang or armed != state["armed"]):
            deciding.timer(LOOK, armed)
        made = deciding.done(reply)
        return NOTHING if made == NOTHING else made

    # --- a task begins ---------------------------------------------------------------------------

    def _start(self, deciding: Deciding, body: Body) -> Body:
        task = deciding.state["tasks"].get(body["taskId"])
        if task is None:
            asked = read_request(body["asked"])
            _require_room(deciding.state, asked)
            _accept(deciding, body, asked)
            task = deciding.state["tasks"][body["taskId"]]
        return {
            "taskId": task["id"],
            "status": task["status"],
            "digest": task["digest"],
            "funded": task["funded"],
            "createdAt": task["createdAt"],
        }

    def _fund(self, deciding: Deciding, body: Body) -> Body:
        task = _active(deciding, body)
        if task is None:
            return {"known": body["taskId"] in deciding.state["tasks"]}
        if not task["funded"]:
            deciding.happened("task.funded", taskId=task["id"])
            if not task["parts"]:
                deciding.effect(_planning(task))
        return {"known": True}

    def _refuse(self, deciding: Deciding, body: Body) -> Body:
        task = _active(deciding, body)
        if task is not None and not task["funded"]:
            deciding.happened("task.refused", taskId=task["id"], error=body["error"])
        return {}

    def _cancel(self, deciding: Deciding, body: Body) -> Body:
        task = _active(deciding, body)
        if task is not None:
            reason = body["reason"] or "Cancelled by the user."
            _end(
                deciding,
                task,
                "cancelled",
                _problem("cancelled", reason, "Start it again when you want it after all."),
            )
        known = deciding.state["tasks"].get(body["taskId"])
        return {"status": known["status"] if known else None, "cancelled": task is not None}

    # --- workers speak ---------------------------------------------------------------------------

    def _lease(self, deciding: Deciding, body: Body) -> None:
        held = deciding.state["out"].get(body["partId"])
        if held is not None and held["attempt"] == body["attempt"]:
            told = {"taskId": body["taskId"], "partId": body["partId"], "worker": held["worker"]}
            deciding.happened("part.leased", **told, until=deciding.now_ms + limits.LEASE_MS)

    def _report(self, deciding: Deciding, body: Body) -> None:
        task = _active(deciding, body)
        part = task["parts"].get(body["partId"]) if task else None
        if task is None or part is None or part["status"] not in ("waiting", "running"):
            return
        told = {
            "taskId": task["id"],
            "partId": body["partId"],
            "worker": part["worker"],
            "attempt": body["attempt"],
            "usage": body.get("usage"),
            "tookMs": body.get("tookMs"),
        }
        if body["error"] is None:
            deciding.happened("part.completed", **told, result=body["result"])
        elif body["attempt"] != part["attempt"] or body["partId"] not in deciding.state["out"]:
            return
        else:
            try_at = _try_at(task, body["partId"], part["attempt"], body["error"], deciding.now_ms)
            deciding.happened("part.failed", **told, error=body["error"], tryAt=try_at)
        _end_if_done(deciding, task["id"])

    def _undelivered(self, deciding: Deciding, body: Body) -> None:
        """No worker took an offer: as if the worker had fallen silent."""
        held = deciding.state["out"].get(body["partId"])
        if held is not None and held["attempt"] == body["attempt"]:
            _lose(deciding, body["partId"])

    # --- time passes, effects end ----------------------------------------------------------------

    def _fired(self, deciding: Deciding, fired: Fired) -> None:
        kind, _, task_id = fired.key.partition(":")
        if kind == "settle":
            task = deciding.state["tasks"].get(task_id)
            if task is not None:
                deciding.effect(_settling(task))
            return
        now = deciding.now_ms
        for task in list(deciding.state["tasks"].values()):
            if not is_active(task):
                continue
            if task["deadline"] <= now:
                detail = "The task's deadline passed before all parts were done."
                way = "Give it more time with deadlineSeconds, or fewer items."
                _end(deciding, task, "expired", _problem("deadline_exceeded", detail, way))
            elif not task["funded"] and task["draftUntil"] <= now:
                deciding.happened("task.abandoned", taskId=task["id"])
                deciding.effect(_settling(task))
        for part_id in silent(deciding.state, now):
            _lose(deciding, part_id)
        deciding.happened("coordinator.looked", now=now)

    def _outcome(self, deciding: Deciding, outcome: Outcome) -> None:
        task = deciding.state["tasks"].get(outcome.body["taskId"])
        if task is None:
            return
        if outcome.kind == "settle":
            self._settled(deciding, task, outcome)
        elif is_active(task) and outcome.result is not None:
            found = outcome.result
            told = {"by": found["by"], "parts": found["parts"], "usage": found["usage"]}
            deciding.happened("task.planned", taskId=task["id"], **told)
        elif is_active(task):
            _end(deciding, task, "failed", outcome.error or {})

    def _settled(self, deciding: Deciding, task: Task, outcome: Outcome) -> None:
        if outcome.result is None:
            deciding.timer(f"settle:{task['id']}", deciding.now_ms + limits.SETTLE_AGAIN_MS)
        elif not is_active(task) and not task["settled"]:
            charged = outcome.result["charged"]
            deciding.happened("task.settled", taskId=task["id"], charged=charged)


def _accept(deciding: Deciding, body: Body, asked: TaskRequest) -> None:
    deciding.happened(
        "task.accepted",
        taskId=body["taskId"],
        goal=asked.goal,
        work=asked.work,
        digest=asked.digest,
        payer=body["payer"],
        scopes=body["scopes"],
        reserve=body["reserve"],
        parallel=asked.parallel,
        retries=asked.retries,
        deadline=deciding.now_ms + asked.deadline_seconds * 1_000,
    )
    if asked.items:
        parts = [each.to_json() for each in asked.parts(body["taskId"])]
        deciding.happened("task.planned", taskId=body["taskId"], by="items", parts=parts)


def _require_room(state: State, asked: TaskRequest) -> None:
    active = [each for each in state["tasks"].values() if is_active(each)]
    waiting = sum(each["size"] for each in active) + sum(len(str(each)) for each in asked.items)
    if len(active) >= limits.MAX_ACTIVE_TASKS or waiting > limits.MAX_WAITING_CHARACTERS:
        raise QueueFull(
            f"{len(active)} tasks have not ended, with {waiting} characters of input.",
            next_step="Wait until some of them have ended, or cancel some.",
            retry_after_seconds=30,
        )


def _active(deciding: Deciding, body: Body) -> Task | None:
    task: Task | None = deciding.state["tasks"].get(body["taskId"])
    return task if task is not None and is_active(task) else None


def _try_at(task: Task, part_id: str, attempt: int, error: Body, now_ms: int) -> int | None:
    """When a part that failed is tried again; ``None`` when it is not."""
    if not error["retryable"] or attempt > task["retries"] or task["retriesLeft"] <= 0:
        return None
    at_ms = now_ms + retry_delay_ms(part_id, attempt)
    return at_ms if at_ms < task["deadline"] else None


def _lose(deciding: Deciding, part_id: str) -> None:
    """A part whose worker fell silent goes out again, or is given up."""
    held = deciding.state["out"].get(part_id)
    if held is None:
        return
    task = deciding.state["tasks"][held["task"]]
    told = {"taskId": task["id"], "partId": part_id, "worker": held["worker"]}
    offers = task["parts"][part_id]["offers"]
    if offers < limits.MAX_OFFERS:
        deciding.happened("part.lost", **told, offers=offers)
        return
    detail = f"The part was offered {offers} times and nobody reported it."
    error = _problem("part_lost", detail, "Look at the health of the workers, and start it again.")
    told["attempt"] = held["attempt"]
    deciding.happened("part.failed", **told, error=error, tryAt=None, usage=None)
    _end_if_done(deciding, task["id"])


def _end_if_done(deciding: Deciding, task_id: str) -> None:
    task = deciding.state["tasks"][task_id]
    if all_done(task):
        status = outcome_of(task)
        failed, total = task["failed"], len(task["parts"])
        detail = f"{failed} of {total} parts failed; each says why."
        way = "Mend what the parts name, and start a task with those items."
        _end(deciding, task, status, _problem("parts_failed", detail, way) if failed else None)


def _end(deciding: Deciding, task: Task, status: str, error: Body | None) -> None:
    """The last event of a task; workers that still work on it are told, the ledger is asked."""
    for part_id, held in deciding.state["out"].items():
        if held["task"] == task["id"]:
            body = {"taskId": task["id"], "partId": part_id}
            deciding.send("part.cancel", body, to=held["worker"], deadline=None)
    if task["funded"] and not task["parts"]:
        deciding.effect(CancelEffect(key=f"plan:{task['id']}"))
    told = {"status": status, "error": error, "counts": counts_of(task), "usage": task["usage"]}
    deciding.happened("task.ended", taskId=task["id"], **told)
    deciding.effect(_settling(task))


def _planning(task: Task) -> Effect:
    body = {"taskId": task["id"], "goal": task["goal"], "payer": task["payer"]}
    return Effect(
        key=f"plan:{task['id']}",
        kind="plan",
        body=body,
        deadline=task["deadline"],
        attempts=3,
        timeout_seconds=120.0,
        correlation_id=task["id"],
    )


def _settling(task: Task) -> Effect:
    body = {
        "taskId": task["id"],
        "payer": task["payer"],
        "usage": task["usage"],
        "createdAt": task["createdAt"],
    }
    return Effect(
        key=f"settle:{task['id']}",
        kind="settle",
        body=body,
        deadline=None,
        attempts=20,
        correlation_id=task["id"],
    )


def _problem(code: str, detail: str, next_step: str) -> dict[str, Any]:
    return {"code": code, "detail": detail, "retryable": False, "nextStep": next_step}
