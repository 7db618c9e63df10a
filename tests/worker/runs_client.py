"""A client of the orchestrator on the real runtime: one account; stubborn through kills."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import Any

import httpx

from littoral.orchestrator.run import OUTCOMES

WAIT_SECONDS = 300.0
_numbers = itertools.count(1)


class RunsClient:
    """One account. Calls are repeated while the server is away."""

    def __init__(self, url: str, key: str, user_id: str = "") -> None:
        self.url = url
        self.key = key
        self.user_id = user_id
        self.http = httpx.AsyncClient(
            base_url=url, headers={"x-api-key": key, "connection": "close"}, timeout=30
        )

    @classmethod
    async def sign_up(cls, url: str) -> RunsClient:
        """A new account."""
        email = f"runs{next(_numbers)}.{time.time_ns()}@example.com"
        async with httpx.AsyncClient(base_url=url, timeout=60) as http:
            made = await http.post("/api/signup", json={"email": email, "name": "Runs"})
        assert made.status_code == 201, made.text
        return cls(url, made.json()["apiKey"], made.json()["user"]["id"])

    async def close(self) -> None:
        await self.http.aclose()

    async def start(self, key: str | None = None, **body: Any) -> str:
        """Starts a run; its id. With a key it may be repeated."""
        headers = {"idempotency-key": key} if key else {}
        answer = await self.ask("POST", "/api/orchestrator", json=body, headers=headers)
        assert answer.status_code == 202, answer.text
        run_id: str = answer.json()["runId"]
        return run_id

    async def act(self, run_id: str, action: str, **body: Any) -> httpx.Response:
        return await self.ask("POST", f"/api/orchestrator/runs/{run_id}/{action}", json=body)

    async def run(self, run_id: str) -> dict[str, Any]:
        answer = await self.ask("GET", f"/api/orchestrator/runs/{run_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def events(self, run_id: str) -> list[dict[str, Any]]:
        """All events so far."""
        found: list[dict[str, Any]] = []
        while True:
            params = {"since": found[-1]["number"] if found else 0}
            path = f"/api/orchestrator/runs/{run_id}/events"
            page = (await self.ask("GET", path, params=params)).json()["events"]
            if not page:
                return found
            found += page

    async def until(self, run_id: str, *statuses: str) -> dict[str, Any]:
        """Waits until the run is in one of these states."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            found = await self.run(run_id)
            if found["status"] in statuses:
                return found
            assert time.monotonic() < deadline, found
            await asyncio.sleep(0.2)

    async def ended(self, run_id: str) -> dict[str, Any]:
        return await self.until(run_id, *OUTCOMES)

    async def credits(self) -> tuple[float, float]:
        """The balance, and what is set aside for work that goes on."""
        books = (await self.ask("GET", "/api/credits")).json()
        return books["balance"], books["reserved"]

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request; again while nobody answers, or a store does not (a bounded time)."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                answer = await self.http.request(method, path, **more)
                if answer.status_code not in (500, 502, 503):
                    return answer
                error: object = answer.text
            except httpx.TransportError as lost:
                error = lost
            assert time.monotonic() < deadline, error
            await asyncio.sleep(0.2)
