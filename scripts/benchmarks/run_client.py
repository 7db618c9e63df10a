"""A client that starts runs and takes the time of what it sees by server-sent events."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar

import httpx

TIMEOUT_SECONDS = 600.0
# Says the time in milliseconds, line by line; both clocks are this machine's.
CLOCK = (
    'python3 -uc "import time\n'
    'for _ in range({lines}): print(time.time() * 1000); time.sleep(0.05)"'
)


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Milliseconds of one run, from the moment of its request."""

    PARTS: ClassVar[dict[str, str]] = {
        "answer_ms": "request → answer",
        "first_event_ms": "request → first event seen",
        "command_ms": "request → command begins",
        "end_ms": "request → end seen",
    }
    answer_ms: float
    first_event_ms: float
    command_ms: float
    end_ms: float
    status: str


class RunClient:
    """One account."""

    def __init__(self, url: str, key: str) -> None:
        limits = httpx.Limits(max_connections=300)
        headers = {"x-api-key": key}
        self._http = httpx.AsyncClient(
            base_url=url, headers=headers, timeout=TIMEOUT_SECONDS, limits=limits
        )

    @classmethod
    async def sign_up(cls, url: str) -> RunClient:
        """A new account."""
        body = {"email": f"bench{time.time_ns()}@example.com", "name": "Bench"}
        async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT_SECONDS) as http:
            made = await http.post("/api/signup", json=body)
        made.raise_for_status()
        return cls(url, made.json()["apiKey"])

    async def close(self) -> None:
        await self._http.aclose()

    async def timed(self, command: str) -> Timing:
        """Runs a command and watches it."""
        began = time.perf_counter()
        run_id = await self._start(command)
        answer = time.perf_counter()
        first = begins = 0.0
        kind = ""
        async for event in self._events(run_id):
            now, kind = time.perf_counter(), event["type"]
            first = first or now
            if kind == "step.started":
                begins = now
        ended = time.perf_counter()
        return Timing(
            answer_ms=(answer - began) * 1000,
            first_event_ms=(first - began) * 1000,
            command_ms=(begins - began) * 1000,
            end_ms=(ended - began) * 1000,
            status=kind.removeprefix("run."),
        )

    async def event_latencies(self, lines: int) -> list[float]:
        """Milliseconds from the moment a command wrote a line until it was seen here."""
        run_id = await self._start(CLOCK.format(lines=lines))
        found = []
        async for event in self._events(run_id):
            if event["type"] == "step.output":
                now = time.time() * 1000
                found += [now - float(line) for line in event["data"]["text"].split()]
        return found

    async def _start(self, command: str) -> str:
        answer = await self._http.post("/api/orchestrator", json={"command": command})
        answer.raise_for_status()
        run_id: str = answer.json()["runId"]
        return run_id

    async def _events(self, run_id: str) -> AsyncIterator[dict[str, Any]]:
        """Every event until the last; a line that breaks is opened again where it was."""
        seen = 0
        while True:
            path = f"/api/orchestrator/runs/{run_id}/events"
            headers = {"accept": "text/event-stream", "last-event-id": str(seen)}
            async with self._http.stream("GET", path, headers=headers) as lines:
                lines.raise_for_status()
                async for line in lines.aiter_lines():
                    if line.startswith("data: "):
                        event = json.loads(line.removeprefix("data: "))
                        seen = event["number"]
                        yield event
                        if _is_last(event["type"]):
                            return


def _is_last(event_type: str) -> bool:
    words = ("completed", "failed", "cancelled", "rejected", "expired", "budget_exceeded")
    return event_type.startswith("run.") and event_type.removeprefix("run.") in words
