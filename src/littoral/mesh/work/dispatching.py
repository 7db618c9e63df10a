"""Gives waiting parts to free workers: fair between tasks, bounded by pool and task.

A part goes out as an offer by the queue; that it is out is an event of the same decision, so a lost
offer is noticed by the time it takes.
"""

from __future__ import annotations

from typing import Any

from littoral.mesh.work import pool
from littoral.mesh.work.deciding import Deciding
from littoral.mesh.work.task import Task, is_active


def dispatch(deciding: Deciding, pool_size: int) -> None:
    """Offers as many parts as there are slots, each to the task with the fewest parts out."""
    free = pool.free_slots(deciding.state["out"], pool_size)
    chosen: dict[str, list[dict[str, Any]]] = {}
    ready = {each["id"]: each for each in deciding.state["tasks"].values() if _is_ready(each)}
    given = dict.fromkeys(ready, 0)
    while free and ready:
        task_id = min(ready, key=lambda each: ready[each]["out"] + given[each])
        task = ready[task_id]
        part_id = task["waiting"][given[task_id]]
        part = task["parts"][part_id]
        worker = pool.choose(free, part)
        chosen.setdefault(task_id, []).append(_given(part, part_id, worker))
        given[task_id] += 1
        _take(free, worker)
        if not _has_more(task, given[task_id]):
            del ready[task_id]
    for task_id, parts in chosen.items():
        deciding.happened("part.dispatched", taskId=task_id, parts=parts)
        for each in parts:
            _offer(deciding, deciding.state["tasks"][task_id], each)


def _is_ready(task: Task) -> bool:
    return is_active(task) and task["funded"] and _has_more(task, 0)


def _has_more(task: Task, given: int) -> bool:
    return len(task["waiting"]) > given and task["out"] + given < task["parallel"]


def _given(part: Task, part_id: str, worker: str) -> dict[str, Any]:
    """What the event says: a new try, or the same one offered again."""
    again = part["offers"] > 0
    return {
        "id": part_id,
        "worker": worker,
        "attempt": part["attempt"] if again else part["attempt"] + 1,
        "offer": part["offers"] + 1,
    }


def _take(free: dict[str, int], worker: str) -> None:
    free[worker] -= 1
    if not free[worker]:
        del free[worker]


def _offer(deciding: Deciding, task: Task, given: dict[str, Any]) -> None:
    part = task["parts"][given["id"]]["part"]
    body = {
        "taskId": task["id"],
        "partId": given["id"],
        "attempt": given["attempt"],
        "name": part["name"],
        "goal": task["goal"],
        "work": part["work"],
        "capability": part["capability"],
        "input": part["input"],
        "payer": task["payer"],
        "scopes": task["scopes"],
    }
    deciding.send(
        "part.offer",
        body,
        to=given["worker"],
        deadline=task["deadline"],
        correlation_id=task["id"],
    )
