"""Owns runs that a test moves along: their snapshots, their numbered events, what waits in them.

The shapes are those of the orchestrator's HTTP interface; `runs_server.py` answers with them.
"""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
ENDED = frozenset({"completed", "failed", "cancelled", "rejected", "expired", "budget_exceeded"})


def now(*, plus_seconds: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=plus_seconds)).isoformat().replace("+00:00", "Z")


class ScriptedRun:
    """One run. Every method that moves it appends the events that the real one would append."""

    def __init__(self, book: RunBook, run_id: str, given: Json) -> None:
        self._book = book
        commands = given.get("commands") or [given.get("command") or given.get("task") or "true"]
        self.events: list[Json] = []
        self.artifact_bytes: dict[str, bytes] = {}
        self.snapshot: Json = {
            "id": run_id,
            "title": given.get("title") or commands[0],
            "kind": next(kind for kind in ("command", "commands", "task") if kind in given),
            "status": "queued",
            "sessionId": given.get("sessionId"),
            "input": {"network": [], "timeoutSeconds": 600, "requireApproval": False, **given},
            "steps": [self._step(index, command) for index, command in enumerate(commands)],
            "exitCode": None,
            "output": "",
            "approvals": [],
            "credits": {"reserved": 6.1, "settled": None},
            "artifacts": [],
            "artifactsLost": False,
            "isolation": "A process group of its own on this machine, without a network.",
            "error": None,
            "createdAt": now(),
            "startedAt": None,
            "endedAt": None,
            "lastEvent": 0,
        }
        self.emit("run.created")
        self.emit("credits.reserved", credits=6.1)

    @property
    def id(self) -> str:
        return str(self.snapshot["id"])

    def emit(self, kind: str, /, **data: Any) -> None:
        with self._book.changed:
            event = {"number": len(self.events) + 1, "type": kind, "at": now(), "data": data}
            self.events.append(event)
            self.snapshot["lastEvent"] = event["number"]
            self._book.changed.notify_all()

    def begin(self, step: int = 0) -> None:
        if self.snapshot["startedAt"] is None:
            self.snapshot.update(status="running", startedAt=now())
            self.emit("run.started")
        self._change(step, status="running", startedAt=now())
        self.emit("step.started", step=step, command=self.snapshot["steps"][step]["command"])

    def prints(self, text: str, *, stream: str = "stdout", step: int = 0) -> None:
        size = f"{stream}Bytes"
        self._change(step, **{size: self.snapshot["steps"][step][size] + len(text.encode())})
        self.emit("step.output", step=step, stream=stream, text=text, seq=len(self.events))

    def skips(self, size: int, *, step: int = 0) -> None:
        self._change(step, skippedBytes=size)
        self.emit("step.output_skipped", step=step, bytes=size)

    def ends_step(
        self, step: int = 0, *, code: int | None = 0, status: str = "", reason: str = "exited"
    ) -> None:
        known = status or ("completed" if code == 0 else "failed")
        self._change(step, status=known, exitCode=code, reason=reason, endedAt=now())
        self.emit("step.completed", step=step, exitCode=code, status=known, reason=reason)

    def ends(self, status: str = "completed", *, code: int | str | None = 0, **more: Any) -> None:
        self.emit("credits.settled", credits=0.2)
        self.snapshot.update(
            status=status,
            exitCode=code,
            endedAt=now(),
            credits={"reserved": 6.1, "settled": 0.2},
            **more,
        )
        self.emit(f"run.{status}", exitCode=code)

    def keeps(self, path: str, content: bytes) -> None:
        self.artifact_bytes[path] = content
        kept = {"path": path, "bytes": len(content), "contentType": "text/plain"}
        self.snapshot["artifacts"] = [*self.snapshot["artifacts"], kept]
        self.emit("artifact.saved", path=path, bytes=len(content))

    def loses_files(self) -> None:
        self.snapshot["artifactsLost"] = True
        self.emit("artifact.lost")

    def asks(self, question: str = "May this run begin?", *, seconds: float = 600) -> None:
        approval = {
            "id": f"apr_{self.id[4:]}",
            "step": None,
            "state": "waiting",
            "question": question,
            "requestedAt": now(),
            "expiresAt": now(plus_seconds=seconds),
            "decidedAt": None,
            "note": "",
        }
        self.snapshot.update(status="waiting_for_approval", approvals=[approval])
        self.emit("run.approval_requested", approvalId=approval["id"], **approval)

    def decide(self, state: str, note: str = "") -> None:
        approval = self.snapshot["approvals"][0]
        approval.update(state=state, note=note, decidedAt=now())
        if state == "rejected":
            self.ends("rejected", code=None)
        else:
            self.emit("run.approved", approvalId=approval["id"], **approval)

    def act(self, action: str, reason: str = "") -> bool:
        """What a person asks for; False when an approval was answered before."""
        if action in ("approve", "reject"):
            if self.snapshot["approvals"][0]["state"] != "waiting":
                return False
            self.decide({"approve": "approved", "reject": "rejected"}[action], reason)
        elif action == "cancel":
            self.emit("run.cancelling")
        else:
            self.snapshot["status"] = {"pause": "paused", "resume": "running"}[action]
            self.emit({"pause": "run.paused", "resume": "run.resumed"}[action])
        return True

    def summary(self) -> Json:
        keys = ("id", "title", "kind", "status", "createdAt", "startedAt", "endedAt", "exitCode")
        steps = self.snapshot["steps"]
        done = sum(step["status"] not in ("pending", "running") for step in steps)
        more = {key: self.snapshot[key] for key in ("sessionId", "credits")}
        waiting = self.snapshot["status"] == "waiting_for_approval"
        progress = {"steps": {"done": done, "total": len(steps)}, "waiting": waiting}
        return {**{key: self.snapshot[key] for key in keys}, **more, **progress}

    @staticmethod
    def _step(index: int, command: str) -> Json:
        return {
            "index": index,
            "title": command,
            "command": command,
            "status": "pending",
            "exitCode": None,
            "reason": None,
            "needsApproval": False,
            "risk": None,
            "startedAt": None,
            "endedAt": None,
            "stdoutBytes": 0,
            "stderrBytes": 0,
            "skippedBytes": 0,
        }

    def _change(self, step: int, **values: Any) -> None:
        self.snapshot["steps"][step].update(values)


class RunBook:
    """All runs and sandboxes of one person, newest first. `changed` wakes whoever streams."""

    def __init__(self) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.runs: list[ScriptedRun] = []
        self.sessions: list[Json] = []
        self.requests: list[Json] = []

    def add(self, **given: Any) -> ScriptedRun:
        with self.changed:
            run = ScriptedRun(self, f"run_{len(self.runs):04}", given)
            self.runs.insert(0, run)
            self.changed.notify_all()
            return run

    def find(self, run_id: str) -> ScriptedRun | None:
        return next((run for run in self.runs if run.id == run_id), None)

    def add_session(self, name: str = "", network: tuple[str, ...] = ()) -> Json:
        made = {
            "id": f"box_{len(self.sessions)}",
            "name": name,
            "status": "ready",
            "createdAt": now(),
            "lastUsedAt": now(),
            "isolation": "A process group of its own.",
            "network": list(network),
            "ports": [],
        }
        self.sessions.insert(0, made)
        return made

    def approvals(self) -> list[Json]:
        return [
            {
                **approval,
                "runId": run.id,
                "runTitle": run.snapshot["title"],
                "command": run.snapshot["steps"][0]["command"],
            }
            for run in self.runs
            for approval in run.snapshot["approvals"]
            if approval["state"] == "waiting"
        ]

    def state_frame(self) -> str:
        """What the agent's socket says to everybody."""
        state = {
            "runs": [run.summary() for run in self.runs[:50]],
            "sessions": self.sessions,
            "approvals": self.approvals(),
        }
        return json.dumps({"type": "cf_agent_state", "state": state})
