"""The coordinator's state: the fold of its events over all tasks, parts that are out, one timer.

    {tasks: {id: task}, out: {part id: {task, worker, attempt, until}}, ended: [task id, …],
     armed: when the timer ``look`` rings, null when it is not set}

``armed`` follows from the events alone, so whoever decides can tell whether the timer has to be
moved. Nothing is changed in place: a decision folds its own events while it goes on deciding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from littoral.mesh.work import task as tasks
from littoral.mesh.work.lease import next_look_ms, offer_until_ms
from littoral.mesh.work.limits import KEPT_ENDED, LEASE_MS

State = dict[str, Any]
Body = Mapping[str, Any]


def initial() -> State:
    """Before the first event."""
    return {"tasks": {}, "out": {}, "ended": [], "armed": None}


def fold(state: State, kind: str, body: Body, at_ms: int) -> State:
    """The state after one event; one of an unknown kind or task changes nothing."""
    change = _CHANGES.get(kind)
    if change is None or not _fits(state, kind, body):
        return state
    changed = change(state, body, at_ms)
    looked = next_look_ms(changed)
    armed = changed["armed"]
    if looked is not None and (armed is None or looked < armed):
        changed = {**changed, "armed": looked}
    return changed


def _fits(state: State, kind: str, body: Body) -> bool:
    """Whether the event is about something that can still change."""
    if kind in ("task.accepted", "coordinator.looked"):
        return True
    task = state["tasks"].get(body["taskId"])
    if task is None or kind == "task.settled":
        return task is not None
    return tasks.is_active(task) and ("partId" not in body or body["partId"] in task["parts"])


def _accepted(state: State, body: Body, at_ms: int) -> State:
    return _with(state, tasks.accepted(body, at_ms))


def _funded(state: State, body: Body, _at_ms: int) -> State:
    return _with(state, {**_task(state, body), "funded": True, "draftUntil": None})


def _forgotten(state: State, body: Body, _at_ms: int) -> State:
    kept = {key: each for key, each in state["tasks"].items() if key != body["taskId"]}
    return {**state, "tasks": kept}


def _planned(state: State, body: Body, _at_ms: int) -> State:
    return _with(state, tasks.planned(_task(state, body), body))


def _dispatched(state: State, body: Body, at_ms: int) -> State:
    out = dict(state["out"])
    for each in body["parts"]:
        out[each["id"]] = {
            "task": body["taskId"],
            "worker": each["worker"],
            "attempt": each["attempt"],
            "until": offer_until_ms(each["offer"], at_ms),
        }
    changed = _with(state, tasks.dispatched(_task(state, body), body["parts"]))
    return {**changed, "out": out}


def _leased(state: State, body: Body, at_ms: int) -> State:
    held = state["out"].get(body["partId"])
    if held is None:
        return state
    return {**state, "out": {**state["out"], body["partId"]: {**held, "until": at_ms + LEASE_MS}}}


def _completed(state: State, body: Body, _at_ms: int) -> State:
    task = tasks.part_ended(_task(state, body), body["partId"], "completed", body.get("usage"))
    return _in(_with(state, task), body["partId"])


def _failed(state: State, body: Body, _at_ms: int) -> State:
    task, part_id, try_at = _task(state, body), body["partId"], body["tryAt"]
    if try_at is None:
        changed = tasks.part_ended(task, part_id, "failed", body.get("usage"))
    else:
        changed = tasks.back(task, part_id, try_at_ms=try_at)
        changed["usage"] = tasks.with_usage(task["usage"], body.get("usage"))
    return _in(_with(state, changed), part_id)


def _lost(state: State, body: Body, _at_ms: int) -> State:
    task = tasks.back(_task(state, body), body["partId"], try_at_ms=None)
    return _in(_with(state, task), body["partId"])


def _ended(state: State, body: Body, at_ms: int) -> State:
    task = tasks.ended(_task(state, body), body, at_ms)
    out = {key: each for key, each in state["out"].items() if each["task"] != task["id"]}
    changed = {**_with(state, task), "out": out, "ended": [*state["ended"], task["id"]]}
    return _pruned(changed)


def _settled(state: State, body: Body, _at_ms: int) -> State:
    return _pruned(_with(state, {**_task(state, body), "settled": True}))


def _looked(state: State, body: Body, _at_ms: int) -> State:
    now_ms = body["now"]
    woken = {
        key: tasks.woken(each, now_ms) if tasks.is_active(each) else each
        for key, each in state["tasks"].items()
    }
    return {**state, "tasks": woken, "armed": None}


_CHANGES: Mapping[str, Callable[[State, Body, int], State]] = {
    "task.accepted": _accepted,
    "task.funded": _funded,
    "task.refused": _forgotten,
    "task.abandoned": _forgotten,
    "task.planned": _planned,
    "task.ended": _ended,
    "task.settled": _settled,
    "part.dispatched": _dispatched,
    "part.leased": _leased,
    "part.completed": _completed,
    "part.failed": _failed,
    "part.lost": _lost,
    "coordinator.looked": _looked,
}


def _task(state: State, body: Body) -> tasks.Task:
    found: tasks.Task = state["tasks"][body["taskId"]]
    return found


def _with(state: State, task: tasks.Task) -> State:
    return {**state, "tasks": {**state["tasks"], task["id"]: task}}


def _in(state: State, part_id: str) -> State:
    """The part is not out any more."""
    return {**state, "out": {key: each for key, each in state["out"].items() if key != part_id}}


def _pruned(state: State) -> State:
    """Without the oldest tasks that are over with, beyond those that are kept."""
    surplus = len(state["ended"]) - KEPT_ENDED
    if surplus <= 0:
        return state
    old = [each for each in state["ended"] if state["tasks"][each]["settled"]][:surplus]
    if not old:
        return state
    kept = {key: each for key, each in state["tasks"].items() if key not in old}
    return {**state, "tasks": kept, "ended": [e for e in state["ended"] if e not in old]}
