"""Owns agents, executions and memories that a test moves along: their states and their events.

The shapes are those of the HTTP interface of the registry; `registry_server.py` answers with them.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
ENDED = frozenset({"completed", "failed", "cancelled"})
DEFINED = (
    "name description model promptTemplate systemPrompt temperature maxTokens edgeLocations "
    "outputFilter cache cacheSeconds gateway memory"
).split()
DEFAULTS: Json = {
    "description": "",
    "model": "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
    "systemPrompt": "",
    "temperature": 0.7,
    "maxTokens": 1024,
    "edgeLocations": ["auto"],
    "outputFilter": {"secrets": True, "personalData": False},
    "cache": "auto",
    "cacheSeconds": 86_400,
    "gateway": None,
    "memory": {"enabled": False, "passages": 4},
}


def now(*, plus_seconds: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=plus_seconds)).isoformat().replace("+00:00", "Z")


class ScriptedExecution:
    """One execution. What moves it appends the events that the real one would append."""

    def __init__(self, book: RegistryBook, execution_id: str, agent: Json, asked: Json) -> None:
        self._book = book
        self.events: list[Json] = []
        self.snapshot: Json = {
            "id": execution_id,
            "agentId": agent["id"],
            "agentName": agent["name"],
            "agentVersion": agent["version"],
            "input": asked["input"],
            "variables": asked.get("variables") or {},
            "output": None,
            "status": "pending",
            "edgeLocation": "local",
            "requestedLocation": asked.get("edgeLocation") or "auto",
            "latencyMs": None,
            "tokens": {"input": 0, "output": 0},
            "credits": 0,
            "model": agent["model"],
            "degraded": False,
            "cached": False,
            "cacheAgeSeconds": None,
            "filtered": [],
            "citations": [],
            "error": None,
            "sessionId": asked.get("sessionId"),
            "createdAt": now(),
            "startedAt": None,
            "endedAt": None,
        }

    @property
    def id(self) -> str:
        return str(self.snapshot["id"])

    @property
    def is_over(self) -> bool:
        return self.snapshot["status"] in ENDED

    def emit(self, kind: str, **data: Any) -> None:
        with self._book.changed:
            event = {
                "number": len(self.events) + 1,
                "type": f"execution.{kind}",
                "at": now(),
                "data": data,
            }
            self.events.append(event)
            self._book.changed.notify_all()

    def begin(self) -> None:
        self.snapshot.update(status="running", startedAt=now())
        where = {name: self.snapshot[name] for name in ("edgeLocation", "model")}
        self.emit("started", executionId=self.id, **where)

    def says(self, words: str) -> None:
        self.emit("output", text=words)

    def completes(self, output: str, *, latency_ms: int = 420, **more: Any) -> None:
        tokens = {"input": 24, "output": len(output.split())}
        self._end("completed", output=output, latencyMs=latency_ms, tokens=tokens, **more)

    def fails(self, detail: str, *, retryable: bool = True) -> None:
        step = "Execute it again."
        error = {"code": "model_unavailable", "detail": detail, "retryable": retryable}
        self._end("failed", latencyMs=90, error={**error, "nextStep": step})

    def cancels(self) -> None:
        if not self.is_over:
            written = "".join(each["data"].get("text", "") for each in self.events)
            self._end("cancelled", latencyMs=300, output=written or None)

    def _end(self, status: str, **more: Any) -> None:
        self.snapshot.update(status=status, endedAt=now(), **more)
        self._book.count(self)
        self.emit(status, status=status, error=self.snapshot["error"])


class RegistryBook:
    """What an owner has. `changed` is notified of everything."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.agents: list[Json] = []
        self.executions: list[ScriptedExecution] = []
        self.versions: dict[str, list[Json]] = {}
        self.documents: dict[str, list[Json]] = {}
        self.requests: list[Json] = []
        self.by_key: dict[str, ScriptedExecution] = {}

    def agent(self, name: str = "Summarise", **given: Any) -> Json:
        """A new agent, as it was created."""
        made = {
            "id": f"agt_{len(self.agents) + 1:022d}",
            **DEFAULTS,
            "promptTemplate": "Summarise:\n\n{{input}}",
            **{key: value for key, value in given.items() if key in DEFINED},
            "name": name,
            "version": 1,
            "archived": False,
            "createdAt": now(),
            "updatedAt": now(),
            "stats": {
                "executions": 0,
                "failed": 0,
                "p50LatencyMs": None,
                "lastAt": None,
                "recentLatencies": [],
            },
        }
        self.agents.append(made)
        self.keep_version(made)
        return made

    def keep_version(self, agent: Json) -> None:
        kept = {key: agent[key] for key in DEFINED}
        kept.update(version=agent["version"], createdAt=now())
        self.versions.setdefault(agent["id"], []).insert(0, kept)
        self.tell()

    def find(self, agent_id: str) -> Json | None:
        return next((each for each in self.agents if each["id"] == agent_id), None)

    def execution(self, execution_id: str) -> ScriptedExecution | None:
        return next((each for each in self.executions if each.id == execution_id), None)

    def execute(self, agent: Json, **asked: Any) -> ScriptedExecution:
        number = len(self.executions) + 1
        asked = {"input": "Some words", **asked}
        made = ScriptedExecution(self, f"exe_{number:022d}", agent, asked)
        with self.changed:
            self.executions.append(made)
            self.changed.notify_all()
        return made

    def count(self, execution: ScriptedExecution) -> None:
        """An execution that ended counts for its agent."""
        agent = self.find(execution.snapshot["agentId"])
        assert agent is not None
        stats = agent["stats"]
        stats["executions"] += 1
        stats["lastAt"] = execution.snapshot["endedAt"]
        if execution.snapshot["status"] == "failed":
            stats["failed"] += 1
        if execution.snapshot["status"] == "completed":
            stats["recentLatencies"] = [
                *stats["recentLatencies"],
                execution.snapshot["latencyMs"],
            ][-30:]
            ordered = sorted(stats["recentLatencies"])
            stats["p50LatencyMs"] = ordered[len(ordered) // 2]

    def document(self, agent_id: str, title: str, text: str, status: str = "ready") -> Json:
        kept = self.documents.setdefault(agent_id, [])
        made = {
            "documentId": f"doc_{len(kept) + 1}",
            "title": title,
            "source": "",
            "bytes": len(text.encode()),
            "characters": len(text),
            "chunks": max(1, len(text) // 400),
            "embedded": 1,
            "status": status,
            "error": None,
            "createdAt": now(),
            "updatedAt": now(),
            "text": text,
        }
        kept.insert(0, made)
        return made

    def state(self) -> Json:
        """What the socket says."""
        newest = [each.snapshot for each in reversed(self.executions)][:50]
        shown = [each for each in self.agents if not each["archived"]]
        counts = {"agents": len(shown), "executions": len(self.executions)}
        return {"agents": shown, "executions": newest, "counts": counts}

    def tell(self) -> None:
        with self.changed:
            self.changed.notify_all()
