"""A task in the coordinator's state: the fold of its events. Nothing here is changed in place.

    accepted ─► funded ─► planned ─► running ─► ended ─► settled
         └────► refused, abandoned: forgotten

A part goes from ``waiting`` to ``running`` and ends, or comes back: at once when its worker fell
silent, ``later`` when it failed and is tried again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from littoral.mesh.work.limits import DRAFT_MS
from littoral.mesh.work.retry import retry_budget

TaskStatus = Literal[
    "planning",
    "planned",
    "running",
    "completed",
    "completed_with_failures",
    "failed",
    "cancelled",
    "expired",
]
ENDED: Final = ("completed", "completed_with_failures", "failed", "cancelled", "expired")

Task = dict[str, Any]
Body = Mapping[str, Any]


def accepted(body: Body, at_ms: int) -> Task:
    """A new task; its credits are not set aside yet."""
    return {
        "id": body["taskId"],
        "goal": body["goal"],
        "status": "planning",
        "digest": body["digest"],
        "payer": body["payer"],
        "scopes": body["scopes"],
        "funded": False,
        "draftUntil": at_ms + DRAFT_MS,
        "createdAt": at_ms,
        "deadline": body["deadline"],
        "parallel": body["parallel"],
        "retries": body["retries"],
        "retriesLeft": 0,
        "parts": {},
        "waiting": [],
        "later": {},
        "out": 0,
        "completed": 0,
        "failed": 0,
        "size": 0,
        "usage": {"model": "", "inputTokens": 0, "outputTokens": 0, "cost": 0},
    }


def planned(task: Task, body: Body) -> Task:
    """The task with its parts."""
    parts = {
        each["id"]: {"status": "waiting", "attempt": 0, "offers": 0, "worker": "", "part": each}
        for each in body["parts"]
    }
    return {
        **task,
        "status": "planned",
        "parts": parts,
        "waiting": list(parts),
        "retriesLeft": retry_budget(len(parts)),
        "size": sum(len(str(each["input"])) for each in body["parts"]),
        "usage": with_usage(task["usage"], body.get("usage")),
    }


def dispatched(task: Task, given: list[Body]) -> Task:
    """Some waiting parts are offered to workers."""
    parts = dict(task["parts"])
    for each in given:
        parts[each["id"]] = {
            **parts[each["id"]],
            "status": "running",
            "attempt": each["attempt"],
            "offers": each["offer"],
            "worker": each["worker"],
        }
    gone = {each["id"] for each in given}
    return {
        **task,
        "status": "running",
        "parts": parts,
        "waiting": [each for each in task["waiting"] if each not in gone],
        "out": task["out"] + len(given),
    }


def back(task: Task, part_id: str, *, try_at_ms: int | None) -> Task:
    """A part that was out is to be done again: now, or at a time. It counts as a retry then."""
    part = task["parts"][part_id]
    changed: Task = {**task, "out": task["out"] - 1}
    if try_at_ms is None:
        changed["parts"] = {**task["parts"], part_id: {**part, "status": "waiting"}}
        changed["waiting"] = [part_id, *task["waiting"]]
        return changed
    again = {**part, "status": "waiting", "offers": 0}
    changed["parts"] = {**task["parts"], part_id: again}
    changed["later"] = {**task["later"], part_id: try_at_ms}
    changed["retriesLeft"] = task["retriesLeft"] - 1
    return changed


def woken(task: Task, now_ms: int) -> Task:
    """Parts whose time has come wait to be dispatched."""
    due = [each for each, at_ms in task["later"].items() if at_ms <= now_ms]
    if not due:
        return task
    later = {each: at for each, at in task["later"].items() if at > now_ms}
    return {**task, "later": later, "waiting": [*task["waiting"], *due]}


def part_ended(task: Task, part_id: str, status: str, usage: Body | None) -> Task:
    """A part is done or given up; its input is not needed any more."""
    part = task["parts"][part_id]
    was_out = part["status"] == "running"
    slim = {**part["part"], "input": None}
    ended = {**part, "status": status, "part": slim}
    return {
        **task,
        "parts": {**task["parts"], part_id: ended},
        "waiting": task["waiting"] if was_out else _without(task["waiting"], part_id),
        "later": {each: at for each, at in task["later"].items() if each != part_id},
        "out": task["out"] - (1 if was_out else 0),
        status: task[status] + 1,
        "usage": with_usage(task["usage"], usage),
    }


def ended(task: Task, body: Body, at_ms: int) -> Task:
    """What is kept of a task that has ended."""
    kept = ("id", "goal", "digest", "payer", "funded", "createdAt", "deadline", "usage")
    return {
        **{name: task[name] for name in kept},
        "status": body["status"],
        "endedAt": at_ms,
        "settled": False,
    }


def is_active(task: Task) -> bool:
    """Whether it has not ended."""
    return task["status"] not in ENDED


def all_done(task: Task) -> bool:
    """Whether every part of a planned task has ended."""
    total = len(task["parts"])
    return total > 0 and task["completed"] + task["failed"] == total


def outcome_of(task: Task) -> TaskStatus:
    """How a task whose parts have all ended has ended itself."""
    if not task["failed"]:
        return "completed"
    return "completed_with_failures" if task["completed"] else "failed"


def counts_of(task: Task) -> dict[str, int]:
    """How many parts there are and how many ended which way."""
    total, completed, failed = len(task["parts"]), task["completed"], task["failed"]
    open_ = total - completed - failed
    return {"total": total, "completed": completed, "failed": failed, "open": open_}


def with_usage(sum_: Body, more: Body | None) -> dict[str, Any]:
    """Two usages together; the model is the last one that cost something."""
    more = more or {}
    return {
        "model": more.get("model") or sum_["model"],
        "inputTokens": sum_["inputTokens"] + int(more.get("inputTokens") or 0),
        "outputTokens": sum_["outputTokens"] + int(more.get("outputTokens") or 0),
        "cost": sum_["cost"] + int(more.get("cost") or 0),
    }


def _without(names: list[str], name: str) -> list[str]:
    return [each for each in names if each != name]
