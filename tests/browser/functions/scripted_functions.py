"""Owns jobs and human tasks that a test moves along: their states, their events, what they gave.

The shapes are those of the HTTP interface of functions; `functions_server.py` answers with them.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
ENDED = frozenset({"completed", "failed", "cancelled", "expired"})
SUMMARY = (
    "jobId title type mode status attempts deadLetter replayOf taskId sessionId credits latencyMs "
    "createdAt startedAt endedAt"
).split()
FACTORIAL = "def run(args):\n    result = 1\n    for n in range(2, args['n'] + 1):\n"
CODE: Json = {
    "language": "python",
    "hash": "9f2c41d07be85a3366aa",
    "source": FACTORIAL + "        result *= n\n    return result\n",
    "reused": False,
}
DECISION: Json = {
    "type": "object",
    "properties": {
        "decision": {"type": "string", "title": "Decision", "enum": ["approved", "rejected"]},
        "comment": {"type": "string", "title": "Comment", "maxLength": 10_000},
    },
    "required": ["decision"],
    "additionalProperties": False,
}


def now(*, plus_seconds: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=plus_seconds)).isoformat().replace("+00:00", "Z")


def classified(function_type: str | None = "code", confidence: float = 0.93) -> Json:
    """What words were found to be, with every other type behind it."""
    rest = [each for each in ("human", "agentic", "object", "code") if each != function_type]
    share = round((1 - confidence) / len(rest), 2)
    return {
        "type": function_type,
        "confidence": confidence,
        "reasoning": "“factorial” is a computation; a number is given.",
        "layer": "rules",
        "alternatives": [
            {"type": each, "confidence": share, "why": f"It may be {each}."} for each in rest
        ],
        "needs_clarification": function_type is None,
        "needsClarification": function_type is None,
        "model": "",
    }


class ScriptedJob:
    """One job. Every method that moves it appends the events that the real one would append."""

    def __init__(self, book: FunctionBook, job_id: str, given: Json) -> None:
        self._book = book
        options = given.get("options") or {}
        self.events: list[Json] = []
        self.snapshot: Json = {
            "jobId": job_id,
            "title": given["description"].split("\n")[0],
            "type": None,
            "mode": options.get("mode", "sync"),
            "status": "queued",
            "attempts": 0,
            "deadLetter": False,
            "replayOf": None,
            "taskId": None,
            "sessionId": None,
            "credits": {"reserved": 4.2, "settled": None},
            "latencyMs": None,
            "createdAt": now(),
            "startedAt": None,
            "endedAt": None,
            "description": given["description"],
            "args": given.get("args"),
            "schema": given.get("schema"),
            "examples": given.get("examples") or [],
            "options": {"network": [], "deadlineSeconds": 604_800, **options},
            "classification": None,
            "result": None,
            "stdout": "",
            "error": None,
            "progress": [],
            "code": None,
            "model": "",
            "degraded": False,
            "usage": {"inputTokens": 0, "outputTokens": 0},
            "lastEvent": 0,
        }
        self.emit("created")

    @property
    def id(self) -> str:
        return str(self.snapshot["jobId"])

    def summary(self) -> Json:
        return {name: self.snapshot[name] for name in SUMMARY}

    def emit(self, kind: str, /, **data: Any) -> None:
        with self._book.changed:
            number = len(self.events) + 1
            event = {"number": number, "type": f"job.{kind}", "at": now(), "data": data}
            self.events.append(event)
            self.snapshot["lastEvent"] = number
            self._book.changed.notify_all()

    def begin(self, function_type: str = "code") -> None:
        attempts = self.snapshot["attempts"] + 1
        self.snapshot.update(status="running", attempts=attempts, startedAt=now())
        self.emit("started", attempt=attempts)
        found = classified(function_type)
        self.snapshot.update(type=function_type, classification=found)
        self.emit("classified", type=function_type, confidence=found["confidence"], layer="rules")

    def progress(self, text: str) -> None:
        self.emit("progress", text=text)

    def retries(self, message: str) -> None:
        error = {"code": "model_unavailable", "message": message, "nextStep": ""}
        self.snapshot.update(status="queued", error=error)
        self.emit("retrying", attempt=self.snapshot["attempts"], error=error, delayMs=2000)

    def completes(self, result: Any, **more: Any) -> None:
        self.snapshot.update(result=result, error=None, **more)
        self._end("completed")

    def fails(self, message: str, *, dead: bool = False, **more: Any) -> None:
        step = "Change the description and run it again."
        error = {"code": "function_failed", "message": message, "nextStep": step}
        self.snapshot.update(error=error, deadLetter=dead, **more)
        self._end("failed", error=error, deadLetter=dead)

    def cancels(self, reason: str) -> None:
        message = f"It was cancelled. {reason}".strip()
        error = {"code": "cancelled", "message": message, "nextStep": ""}
        self.snapshot["error"] = error
        self._end("cancelled", error=error)

    def settles(self, amount: float) -> None:
        self.snapshot["credits"] = {"reserved": 4.2, "settled": amount}
        self._book.tell()

    def waits_for_build(self, session_id: str) -> None:
        result = {"sessionId": session_id}
        self.snapshot.update(status="waiting", sessionId=session_id, result=result)
        self.emit("waiting", sessionId=session_id)

    def answer(self) -> Json:
        """What the call that made it is answered with."""
        names = ["jobId", "type", "status", "result", "classification"]
        if self.snapshot["status"] in ENDED:
            names += ["stdout", "error", "code", "model", "degraded", "usage", "latencyMs"]
        return {name: self.snapshot[name] for name in names}

    def _end(self, status: str, **data: Any) -> None:
        self.snapshot.update(status=status, endedAt=now(), latencyMs=420)
        self.emit(status, **data)


class FunctionBook:
    """Jobs, tasks and remembered types of one person. `changed` is told of every change."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.jobs: list[ScriptedJob] = []
        self.tasks: list[Json] = []
        self.overrides: list[Json] = []
        self.requests: list[Json] = []
        self.found: Json = classified()
        self.told = 0

    def tell(self) -> None:
        with self.changed:
            self.told += 1
            self.changed.notify_all()

    def add(self, description: str = "Calculate the factorial", **given: Any) -> ScriptedJob:
        job = ScriptedJob(self, f"job_{len(self.jobs):04}", {"description": description, **given})
        self.jobs.append(job)
        self.tell()
        return job

    def find(self, job_id: str) -> ScriptedJob | None:
        return next((job for job in self.jobs if job.id == job_id), None)

    def asks(
        self,
        description: str = "Review code for security",
        *,
        form: Any = None,
        args: Any = None,
        due_seconds: float = 3 * 86_400,
        **more: Any,
    ) -> Json:
        """A human task that waits, with its job."""
        job = self.add(description, args=args)
        job.begin("human")
        task: Json = {
            "taskId": f"tsk_{job.id[4:]}",
            "jobId": job.id,
            "title": description,
            "description": description,
            "args": args,
            "form": DECISION if form is None else form,
            "assignee": "",
            "note": "",
            "status": "waiting",
            "answer": None,
            "reason": "",
            "createdAt": now(),
            "dueAt": now(plus_seconds=due_seconds),
            "remindedAt": None,
            "endedAt": None,
            **more,
        }
        self.tasks.append(task)
        waits = {name: task[name] for name in ("taskId", "dueAt", "form")}
        job.snapshot.update(status="waiting", taskId=task["taskId"], result=waits)
        job.emit("waiting", taskId=task["taskId"])
        return task

    def task(self, task_id: str) -> Json | None:
        return next((task for task in self.tasks if task["taskId"] == task_id), None)

    def end_task(self, task: Json, status: str, **more: Any) -> None:
        task.update(status=status, endedAt=now(), **more)
        job = self.find(task["jobId"])
        assert job is not None
        if status == "completed":
            job.completes(task["answer"])
        else:
            job.fails(f"The person said no: {task['reason']}")

    def waiting(self) -> list[Json]:
        return [task for task in self.tasks if task["status"] == "waiting"]

    def state(self) -> Json:
        jobs = [job.summary() for job in reversed(self.jobs)][:50]
        return {"jobs": jobs, "humanTasks": self.waiting()}
