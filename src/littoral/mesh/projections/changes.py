"""What a run of events changes in the projected rows. Pure: the same events, the same changes.

    task.accepted ─► a task        part.dispatched, completed, failed, lost ─► its parts
    task.planned  ─► its parts     message.sent, message.received ─► counts of who told whom

Writing them is ``projector``'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from littoral.jsontext import dumps
from littoral.mesh.kernel.event import MeshEvent

Row = dict[str, Any]
CLEARED: Final = ""
"""Stands for NULL where a missing value means that nothing changes."""

COORDINATOR: Final = "coordinator"
_OPEN_PARTS_BECOME: Final = {"cancelled": "cancelled", "expired": "expired"}


@dataclass(kw_only=True)
class Changes:
    """Rows that are new, fields of rows that were there, and what goes away, by their ids."""

    forgotten: list[str] = field(default_factory=list)
    new_tasks: dict[str, Row] = field(default_factory=dict)
    tasks: dict[str, Row] = field(default_factory=dict)
    new_parts: dict[str, Row] = field(default_factory=dict)
    parts: dict[str, Row] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    messages: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    steps: dict[str, list[int]] = field(default_factory=dict)

    def take(self, event: MeshEvent) -> None:
        """One more event; those of one agent come in order."""
        step = self.steps.setdefault(event.agent, [event.number, event.number])
        step[1] = event.number
        change = _MESSAGES.get(event.type)
        if event.agent == COORDINATOR:
            change = change or _TASKS.get(event.type)
        if change is not None:
            change(self, event)

    def task(self, task_id: str, **fields: Any) -> None:
        """Changes a task, whether it is new here or not."""
        known = self.new_tasks.get(task_id)
        (known if known is not None else self.tasks.setdefault(task_id, {})).update(fields)

    def part(self, part_id: str, **fields: Any) -> None:
        """Changes a part, whether it is new here or not."""
        known = self.new_parts.get(part_id)
        (known if known is not None else self.parts.setdefault(part_id, {})).update(fields)


def _accepted(changes: Changes, event: MeshEvent) -> None:
    body = event.body
    changes.new_tasks[body["taskId"]] = {
        "goal": body["goal"],
        "work": body["work"] or "",
        "status": "planning",
        "digest": body["digest"],
        "deadline": body["deadline"],
        "created_at": event.at_ms,
    }


def _planned(changes: Changes, event: MeshEvent) -> None:
    body = event.body
    changes.task(body["taskId"], status="planned", parts=len(body["parts"]))
    for each in body["parts"]:
        changes.new_parts[each["id"]] = {
            "name": each["name"],
            "work": each["work"],
            "status": "waiting",
        }


def _forgotten(changes: Changes, event: MeshEvent) -> None:
    body = event.body
    task_id = body["taskId"]
    changes.forgotten.append(task_id)
    changes.new_tasks.pop(task_id, None)
    changes.tasks.pop(task_id, None)
    for rows in (changes.new_parts, changes.parts):
        for part_id in [each for each in rows if task_of(each) == task_id]:
            del rows[part_id]


def _dispatched(changes: Changes, event: MeshEvent) -> None:
    body = event.body
    changes.task(body["taskId"], status="running")
    for each in body["parts"]:
        changes.part(each["id"], status="running", worker=each["worker"], attempts=each["attempt"])


def _completed(changes: Changes, event: MeshEvent) -> None:
    body = event.body
    changes.part(
        body["partId"],
        status="completed",
        worker=body["worker"],
        result=dumps(body["result"]),
        error=CLEARED,
        took_ms=body["tookMs"],
    )


def _failed(changes: Changes, event: MeshEvent) -> None:
    body = event.body
    status = "failed" if body["tryAt"] is None else "waiting"
    changes.part(body["partId"], status=status, error=dumps(body["error"]))


def _lost(changes: Changes, event: MeshEvent) -> None:
    body = event.body
    changes.part(body["partId"], status="waiting")


def _ended(changes: Changes, event: MeshEvent) -> None:
    body = event.body
    task_id, error = body["taskId"], body["error"]
    changes.task(
        task_id,
        status=body["status"],
        error=CLEARED if error is None else dumps(error),
        usage=dumps(body["usage"]),
        ended_at=event.at_ms,
    )
    becomes = _OPEN_PARTS_BECOME.get(body["status"])
    if becomes is not None:
        changes.closed[task_id] = becomes
        for rows in (changes.new_parts, changes.parts):
            for part_id, row in rows.items():
                if task_of(part_id) == task_id and row.get("status") in ("waiting", "running"):
                    row["status"] = becomes


def _settled(changes: Changes, event: MeshEvent) -> None:
    body = event.body
    changes.task(body["taskId"], credits=body["charged"])


def _sent(changes: Changes, event: MeshEvent) -> None:
    body = event.body
    receiver = body["to"] or f"({body.get('capability') or ''})"
    changes.messages.setdefault((event.agent, receiver, body["kind"]), [0, 0])[0] += 1


def _received(changes: Changes, event: MeshEvent) -> None:
    body = event.body
    changes.messages.setdefault((body["from"], event.agent, body["kind"]), [0, 0])[1] += 1


_TASKS: Final = {
    "task.accepted": _accepted,
    "task.planned": _planned,
    "task.refused": _forgotten,
    "task.abandoned": _forgotten,
    "task.ended": _ended,
    "task.settled": _settled,
    "part.dispatched": _dispatched,
    "part.completed": _completed,
    "part.failed": _failed,
    "part.lost": _lost,
}
_MESSAGES: Final = {
    "message.sent": _sent,
    "message.received": _received,
}


def task_of(part_id: str) -> str:
    """The task in a part's id."""
    return part_id.rpartition("-")[0]


def number_of(part_id: str) -> int:
    """The number in a part's id."""
    return int(part_id.rpartition("-")[2])
