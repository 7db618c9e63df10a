"""A client of functions on the real runtime: one account; stubborn through kills."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx

from littoral.functions.job import ENDED
from tests.worker.runs_client import WAIT_SECONDS, RunsClient


class FunctionsClient(RunsClient):
    """One account. Calls are repeated while the server is away; use keys where that matters."""

    @classmethod
    async def sign_up(cls, url: str) -> FunctionsClient:
        """A new account."""
        made = await RunsClient.sign_up(url)
        await made.close()
        return cls(url, made.key, made.user_id)

    async def fn(self, description: str, *, key: str | None = None, **body: Any) -> httpx.Response:
        """Calls a function."""
        headers = {"idempotency-key": key} if key else {}
        asked = {"description": description, **body}
        return await self.ask("POST", "/fn", json=asked, headers=headers)

    async def job(self, job_id: str) -> dict[str, Any]:
        answer = await self.ask("GET", f"/fn/jobs/{job_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def job_events(self, job_id: str) -> list[dict[str, Any]]:
        """All events of a job."""
        answer = await self.ask("GET", f"/fn/jobs/{job_id}/events", params={"limit": 500})
        found: list[dict[str, Any]] = answer.json()["events"]
        return found

    async def job_ended(self, job_id: str, *, settled: bool = True) -> dict[str, Any]:
        """Waits until the job has ended and its credits are settled."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            found = await self.job(job_id)
            done = found["status"] in ENDED
            if done and (not settled or found["credits"]["settled"] is not None):
                return found
            assert time.monotonic() < deadline, found
            await asyncio.sleep(0.2)
