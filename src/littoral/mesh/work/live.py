"""A task as the coordinator knows it now: for callers who ask before the projection has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.api.envelope import Call
from littoral.clock import iso, iso_or_none
from littoral.mesh.kernel.agent import Agent, Method
from littoral.mesh.work.task import Task, is_active


def live_methods(agent: Agent) -> Mapping[str, Method]:
    """``task.describe`` {taskId}: ``{task}``, null for one that is not known (any more)."""

    def describe(call: Call) -> dict[str, Any]:
        task = agent.engine.memory.state["tasks"].get(call.args["taskId"])
        return {"task": None if task is None else live_task(task)}

    return {"task.describe": describe}


def live_task(task: Task) -> dict[str, Any]:
    """The task without results; once it has ended, without its parts."""
    active = is_active(task)
    parts = [_part(key, each) for key, each in task["parts"].items()] if active else []
    statuses = [each["status"] for each in parts]
    names = ("waiting", "running", "completed", "failed", "cancelled", "expired")
    return {
        "taskId": task["id"],
        "correlationId": task["id"],
        "goal": task["goal"],
        "work": parts[0]["work"] if parts else None,
        "status": task["status"],
        "error": None,
        "credits": None,
        "deadline": iso(task["deadline"]),
        "createdAt": iso(task["createdAt"]),
        "endedAt": iso_or_none(task.get("endedAt")),
        "usage": {
            "model": task["usage"]["model"] or None,
            "inputTokens": task["usage"]["inputTokens"],
            "outputTokens": task["usage"]["outputTokens"],
        },
        "counts": {"total": len(parts), **{name: statuses.count(name) for name in names}},
        "parts": parts,
        "result": None,
        "cut": False,
    }


def _part(part_id: str, part: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": part_id,
        "name": part["part"]["name"],
        "work": part["part"]["work"],
        "status": part["status"],
        "worker": part["worker"] or None,
        "attempts": part["attempt"],
        "result": None,
        "error": None,
        "tookMs": None,
    }
