"""Owns builds that a test moves along: their states, events, files, revisions and pieces.

The shapes are those of the builder's HTTP interface and socket; `builds_server.py` answers with
them.
"""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
LIMITS = {"tokens": 400_000, "calls": 150, "seconds": 3600, "credits": 100}


def now(*, plus_seconds: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=plus_seconds)).isoformat().replace("+00:00", "Z")


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def plan(**more: Any) -> Json:
    """A small blueprint in two phases."""
    return {
        "title": "Tide table",
        "description": "A page that shows when the sea comes and goes.",
        "kind": "static",
        "features": ["Times of today", "Works without an account"],
        "phases": [
            {
                "name": "The page",
                "description": "What is seen at once.",
                "files": [
                    {"path": "index.html", "purpose": "the page"},
                    {"path": "css/style.css", "purpose": "how it looks"},
                ],
            },
            {
                "name": "The times",
                "description": "",
                "files": [{"path": "js/tides.js", "purpose": "computes the times"}],
            },
        ],
        **more,
    }


class ScriptedBuild:
    """One build. Every method that moves it appends the events that the real one would append."""

    def __init__(self, book: BuildBook, build_id: str, given: Json) -> None:
        self._book = book
        self.events: list[Json] = []
        self.contents: dict[str, str] = {}
        self.revisions: list[Json] = []
        self.preview_page = "<!doctype html><title>Tides</title><h1>High water 12:25</h1>"
        self.preview_open = False
        self.state: Json = {
            "sessionId": build_id,
            "title": given.get("title", given["query"][:60]),
            "query": given["query"],
            "agentMode": given.get("mode", "deterministic"),
            "status": "drafting",
            "currentDevState": "blueprint",
            "blueprint": None,
            "generatedPhases": [],
            "currentPhase": None,
            "generatedFilesMap": {},
            "reviewCycles": 0,
            "issues": [],
            "mvpGenerated": False,
            "previewURL": None,
            "queuedMessages": [],
            "budget": {name: {"used": 0, "limit": limit} for name, limit in LIMITS.items()},
            "revision": None,
            "error": None,
            "model": "builtin",
            "degraded": False,
            "degradedReason": "",
            "createdAt": now(),
            "updatedAt": now(),
            "lastEvent": 0,
        }
        self.emit("build.created")

    @property
    def id(self) -> str:
        return str(self.state["sessionId"])

    def emit(self, kind: str, /, **data: Any) -> None:
        with self._book.changed:
            number = len(self.events) + 1
            self.events.append({"number": number, "type": kind, "at": now(), "data": data})
            self.state.update(lastEvent=number, updatedAt=now())
            self._book.changed.notify_all()

    def plans(self, blueprint: Json | None = None) -> None:
        """The plan is there and waits."""
        made = blueprint or plan()
        self.state.update(blueprint=made, title=made["title"], status="waiting")
        self.state.update(currentDevState="idle")
        self.emit("blueprint.ready", title=made["title"])

    def begins(self, phase: int = 0) -> None:
        blueprint = self.state["blueprint"]
        if not self.state["generatedPhases"]:
            self.state["generatedPhases"] = [
                {
                    "index": index,
                    "name": each["name"],
                    "description": each["description"],
                    "status": "pending",
                    "messages": [],
                    "files": [{**file, "status": "pending"} for file in each["files"]],
                }
                for index, each in enumerate(blueprint["phases"])
            ]
            self.emit("build.started")
        self._phase(phase)["status"] = "running"
        self.state.update(status="building", currentDevState="files")
        self.state["currentPhase"] = self._phase(phase)
        self.emit("phase.started", phase=phase, name=self._phase(phase)["name"])

    def writes(self, path: str) -> None:
        self.state["generatedFilesMap"][path] = {
            "path": path,
            "bytes": 0,
            "hash": "",
            "language": path.rsplit(".", 1)[-1],
            "phase": 0,
            "status": "writing",
            "updatedAt": now(),
        }
        self.emit("file.started", path=path)

    def grows(self, path: str, text: str, *, offset: int) -> None:
        """A live frame; nothing is kept of it."""
        self._book.send(
            self.id, {"type": "file-piece", "path": path, "offset": offset, "text": text}
        )

    def saves(self, path: str, content: str) -> None:
        self.contents[path] = content
        self.state["generatedFilesMap"][path] = {
            "path": path,
            "bytes": len(content.encode()),
            "hash": digest(content),
            "language": path.rsplit(".", 1)[-1],
            "phase": 0,
            "status": "saved",
            "updatedAt": now(),
        }
        for phase in self.state["generatedPhases"]:
            for file in phase["files"]:
                if file["path"] == path:
                    file["status"] = "saved"
        self.uses(tokens=2_000, calls=1, seconds=2.5, credits=0.4)
        self.emit("file.saved", path=path)

    def completes_phase(self, phase: int) -> None:
        self._phase(phase)["status"] = "completed"
        self.state.update(currentPhase=None, mvpGenerated=True)
        self.emit("phase.completed", phase=phase, name=self._phase(phase)["name"], failed=[])
        self.keeps(f"phase {phase + 1}")

    def keeps(self, reason: str) -> None:
        files = [
            {"path": path, "hash": digest(text), "bytes": len(text), "type": "text/plain"}
            for path, text in sorted(self.contents.items())
        ]
        number = len(self.revisions) + 1
        made = {
            "number": number,
            "hash": digest(str(files)),
            "reason": reason,
            "restoredFrom": None,
            "createdAt": now(),
            "bytes": sum(each["bytes"] for each in files),
            "files": files,
        }
        self.revisions.insert(0, made)
        self.state["revision"] = number
        self.emit("revision.saved", revision=number, reason=reason)

    def finds(self, message: str, *, file: str = "index.html", line: int = 3, **more: Any) -> Json:
        issue = {
            "fingerprint": digest(message)[:16],
            "file": file,
            "line": line,
            "message": message,
            "source": "reference",
            "status": "open",
            **more,
        }
        self.state["issues"].append(issue)
        self.emit("issue.found", **issue)
        return issue

    def reviews(self) -> None:
        self.state.update(status="reviewing", currentDevState="review")
        self.state["reviewCycles"] += 1
        self.emit("review.started", cycle=self.state["reviewCycles"])

    def uses(self, **amounts: float) -> None:
        for name, amount in amounts.items():
            self.state["budget"][name]["used"] += amount

    def ends(self, status: str = "completed", **more: Any) -> None:
        for file in list(self.state["generatedFilesMap"].values()):
            if file["status"] == "writing":
                del self.state["generatedFilesMap"][file["path"]]
        self.state.update(status=status, currentDevState="idle", **more)
        kind = "completed" if status.startswith("completed") else status
        self.emit(f"build.{kind}", status=status, **more)

    def act(self, action: str, body: Json) -> None:
        """What a person asks for."""
        if action in ("generate", "resume"):
            self.emit(f"build.{'started' if action == 'generate' else 'resumed'}")
            self.begins(0)
        elif action == "cancel":
            self.ends("cancelled")
        elif action == "message":
            queued = self.state["queuedMessages"]
            queued.append({"number": len(queued) + 1, "text": body["message"], "at": now()})
            self.emit("message.queued", text=body["message"])
        elif action == "problems":
            for each in body["problems"]:
                self.finds(
                    each["message"], file=each["source"], line=each["line"], source="preview"
                )
        elif action == "restore":
            self.keeps(f"restored from {body['revision']}")
            number = len(self.revisions)
            self.emit("revision.restored", revision=number, **{"from": body["revision"]})
        elif action == "fix":
            self.reviews()

    def summary(self) -> Json:
        keys = ("title", "query", "status", "createdAt", "updatedAt")
        more = {"id": self.id, "mode": self.state["agentMode"], "files": len(self.contents)}
        return {**{key: self.state[key] for key in keys}, **more, "bytes": 0}

    def _phase(self, index: int) -> Json:
        found: Json = self.state["generatedPhases"][index]
        return found


class BuildBook:
    """All builds of one person, newest first. `changed` wakes whoever watches.

    `lines` counts how often a build's socket was opened.
    """

    def __init__(self) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.builds: list[ScriptedBuild] = []
        self.frames: dict[str, list[Json]] = {}
        self.lines: Counter[str] = Counter()
        self.requests: list[Json] = []

    def add(self, query: str = "A tide table", **given: Any) -> ScriptedBuild:
        with self.changed:
            given = {"query": query, **given}
            build = ScriptedBuild(self, f"bld_{len(self.builds):022}", given)
            self.builds.insert(0, build)
            return build

    def find(self, build_id: str) -> ScriptedBuild | None:
        return next((build for build in self.builds if build.id == build_id), None)

    def send(self, build_id: str, frame: Json) -> None:
        """A frame for whoever watches the build now."""
        with self.changed:
            self.frames.setdefault(build_id, []).append(frame)
            self.changed.notify_all()
