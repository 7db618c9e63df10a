"""Owns a mesh that a test moves along: agents, their numbered events, tasks, watches, letters.

The shapes are those of the HTTP interface of the mesh; `mesh_server.py` answers with them. An
agent's state is a fold here too, so that a replay has something to be equal to.
"""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]


def now(*, plus_seconds: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=plus_seconds)).isoformat().replace("+00:00", "Z")


def folded(events: list[Json]) -> Json:
    """What the events of one agent make of its state: how many of each type, and the last body."""
    state: Json = {"counts": {}, "last": None, "parts": {}}
    for event in events:
        counts = state["counts"]
        counts[event["type"]] = counts.get(event["type"], 0) + 1
        state["last"] = event["type"]
        if "partId" in event["body"]:
            state["parts"][event["body"]["partId"]] = event["type"].split(".")[1]
    return state


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


class MeshBook:
    """Everything of one person's mesh. `changed` is told of every change."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.agents: dict[str, Json] = {}
        self.events: list[Json] = []
        self.tasks: list[Json] = []
        self.watches: list[Json] = []
        self.notifications: list[Json] = []
        self.webhooks: list[Json] = []
        self.breakers: list[Json] = []
        self.letters: list[Json] = []
        self.rules: list[Json] = [
            {"from": "coordinator", "to": "worker", "kind": "*", "allow": True}
        ]
        self.requests: list[Json] = []
        self.said: list[Json] = []  # frames for sockets besides events
        self.honest = True  # whether replays are equal to what is live

    def tell(self) -> None:
        with self.changed:
            self.changed.notify_all()

    def agent(self, name: str, **more: Any) -> Json:
        """An agent of that name, made when it is first named."""
        kind = name.split("-")[0]
        self.agents.setdefault(
            name,
            {
                "name": name,
                "kind": kind,
                "status": "active",
                "capabilities": ["text", "model"] if kind == "worker" else [kind],
                "leaseUntil": now(plus_seconds=55),
                "heartbeatAt": now(plus_seconds=-5),
                "inbox": 0,
                "outbox": 0,
                "effects": 0,
                "deadLetters": 0,
                "breakers": [],
                "version": 1,
                "events": 0,
            },
        ).update(more)
        self.said.append({"type": "mesh-agent", "agent": dict(self.agents[name])})
        self.tell()
        return self.agents[name]

    def emit(
        self, agent: str, event_type: str, correlation: str = "cor_one", /, **body: Any
    ) -> Json:
        """Appends an event; sockets hear of it."""
        with self.changed:
            record = self.agent(agent)
            record["events"] += 1
            event = {
                "position": len(self.events) + 1,
                "agent": agent,
                "number": record["events"],
                "type": event_type,
                "at": now(),
                "version": 1,
                "body": body,
                "correlationId": correlation,
                "causationId": "",
            }
            self.events.append(event)
            self.changed.notify_all()
        return event

    def message(self, sender: str, to: str, kind: str, correlation: str = "cor_one") -> None:
        """A message that is sent and received; a person's is only received."""
        message_id = f"msg_{len(self.events)}"
        if sender != "user":
            self.emit(sender, "message.sent", correlation, id=message_id, to=to, kind=kind)
        self.emit(to, "message.received", correlation, id=message_id, **{"from": sender}, kind=kind)

    def task(self, goal: str, parts: list[str], **more: Any) -> Json:
        """A task with its parts, as it is when it has just been planned."""
        number = len(self.tasks) + 1
        task: Json = {
            "taskId": f"mtk_{number:022}",
            "goal": goal,
            "status": "running",
            "parts": [
                {
                    "id": f"mtk_{number:022}-{index}",
                    "name": name,
                    "status": "waiting",
                    "worker": None,
                    "attempts": 0,
                    "result": None,
                    "error": None,
                }
                for index, name in enumerate(parts, 1)
            ],
            "correlationId": f"mtk_{number:022}",
            "result": None,
            "error": None,
            "createdAt": now(),
            "endedAt": None,
            "credits": 0,
            **more,
        }
        self.tasks.append(task)
        correlation = task["correlationId"]
        self.message("user", "coordinator", "task.start", correlation)
        self.emit("coordinator", "task.planned", correlation, by="items", parts=parts)
        return task

    def give(self, task: Json, index: int, worker: str) -> None:
        """Hands a part to a worker, which begins it."""
        part = task["parts"][index]
        correlation = task["correlationId"]
        self.emit("coordinator", "part.dispatched", correlation, parts=[{"id": part["id"]}])
        self.message("coordinator", worker, "part.offer", correlation)
        part.update(status="running", worker=worker, attempts=part["attempts"] + 1)
        self.emit(worker, "work.taken", correlation, partId=part["id"], work="text")

    def finish(self, task: Json, index: int, result: Any = None, error: Json | None = None) -> None:
        """Ends a part; the last one ends the task."""
        part = task["parts"][index]
        worker, correlation = part["worker"], task["correlationId"]
        part.update(status="failed" if error else "completed", result=result, error=error)
        self.emit(worker, "work.finished", correlation, partId=part["id"], ok=error is None)
        self.message(worker, "coordinator", "part.report", correlation)
        self.emit("coordinator", f"part.{part['status']}", correlation, partId=part["id"])
        if all(each["status"] in ("completed", "failed") for each in task["parts"]):
            failed = any(each["error"] for each in task["parts"])
            status = "completed_with_failures" if failed else "completed"
            result = [each["result"] for each in task["parts"]]
            task.update(status=status, endedAt=now(), result=result, credits=0.25)
            self.emit("coordinator", "task.ended", correlation, status=status)

    def cancel(self, task: Json) -> None:
        for part in task["parts"]:
            if part["status"] in ("waiting", "running"):
                part["status"] = "cancelled"
        task.update(status="cancelled", endedAt=now())
        self.emit("coordinator", "task.ended", task["correlationId"], status="cancelled")

    def summary(self, task: Json) -> Json:
        """A task as a list has it: counts instead of parts."""
        counts: dict[str, int] = {}
        for part in task["parts"]:
            counts[part["status"]] = counts.get(part["status"], 0) + 1
        summary = {name: value for name, value in task.items() if name not in ("parts", "result")}
        return {**summary, "counts": counts}

    def watch(self, url: str, **more: Any) -> Json:
        watch: Json = {
            "id": f"wat_{len(self.watches) + 1}",
            "url": url,
            "name": "",
            "everySeconds": 300,
            "question": "",
            "webhookId": None,
            "status": "active",
            "lastLookAt": None,
            "lastChangeAt": None,
            "nextLookAt": now(plus_seconds=300),
            "error": None,
            "looks": 0,
            "changes": 0,
            **more,
        }
        self.watches.insert(0, watch)
        return watch

    def notify(self, watch: Json, text: str, **more: Any) -> Json:
        """What follows from a change of a page: events, and a notification that sockets hear of."""
        number = len(self.notifications) + 1
        correlation = f"cor_note_{number}"
        self.emit("data", "page.changed", correlation, url=watch["url"])
        self.message("data", "analysis", "change.explain", correlation)
        self.message("analysis", "notification", "notification.tell", correlation)
        note = {
            "id": f"not_{number}",
            "watchId": watch["id"],
            "watchName": watch["name"],
            "url": watch["url"],
            "title": f"{watch['name'] or watch['url']} changed",
            "text": text,
            "kind": "change",
            "importance": "medium",
            "model": "",
            "degraded": False,
            "difference": None,
            "correlationId": correlation,
            "at": now(),
            "readAt": None,
            **more,
        }
        self.notifications.insert(0, note)
        watch.update(lastChangeAt=note["at"], lastLookAt=note["at"], changes=watch["changes"] + 1)
        self.said.append({"type": "mesh-notification", "notification": note})
        self.tell()
        return note

    def letter(self, kind: str = "part.offer", **more: Any) -> Json:
        """A message from the coordinator to a worker that was given up."""
        self.agent("coordinator")["deadLetters"] += 1
        letter = {
            "id": f"let_{len(self.letters) + 1}",
            "agent": "coordinator",
            "envelope": {
                "id": "msg_dead",
                "from": "coordinator",
                "to": "worker-1",
                "kind": kind,
                "correlationId": "cor_one",
                "body": {"partId": "mtk_1-1"},
            },
            "error": {"code": "unavailable", "detail": "The worker did not answer."},
            "attempts": 5,
            "at": now(),
            **more,
        }
        self.letters.append(letter)
        return letter

    def replay(self, name: str, up_to: int | None) -> Json:
        """The fold of an agent's events, beside what is live."""
        mine = [event for event in self.events if event["agent"] == name]
        state = folded(mine if up_to is None else mine[:up_to])
        live = folded(mine) if self.honest else {"other": True}
        return {
            "agent": name,
            "events": len(mine) if up_to is None else up_to,
            "upTo": len(mine) if up_to is None else up_to,
            "state": state,
            "equal": state == live if up_to is None else None,
            "digest": digest(state),
            "liveDigest": digest(live),
            "upgraded": 0,
            "durationMs": 4,
        }
