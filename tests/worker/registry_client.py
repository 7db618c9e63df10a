"""A client of agents and executions on the real runtime: one account; stubborn through kills."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx

from tests.worker.runs_client import WAIT_SECONDS, RunsClient


class RegistryClient(RunsClient):
    """One account. Calls are repeated while the server is away; use keys where that matters."""

    @classmethod
    async def sign_up(cls, url: str) -> RegistryClient:
        """A new account."""
        made = await RunsClient.sign_up(url)
        await made.close()
        return cls(url, made.key, made.user_id)

    async def agent(self, **fields: Any) -> dict[str, Any]:
        """A new agent."""
        body = {"name": "Agent", "model": "Llama2_7b", **fields}
        made = await self.ask("POST", "/api/agents", json=body)
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        return found

    async def execute(
        self, agent_id: str, text: str, *, key: str | None = None, **body: Any
    ) -> httpx.Response:
        """Executes an agent."""
        headers = {"idempotency-key": key} if key else {}
        asked = {"input": text, **body}
        path = f"/api/agents/{agent_id}/execute"
        return await self.ask("POST", path, json=asked, headers=headers)

    async def execution(self, execution_id: str) -> dict[str, Any]:
        answer = await self.ask("GET", f"/api/executions/{execution_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def execution_ended(self, execution_id: str) -> dict[str, Any]:
        """Waits for the end."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            found = await self.execution(execution_id)
            if found["endedAt"] is not None:
                return found
            assert time.monotonic() < deadline, found
            await asyncio.sleep(0.1)

    async def credits(self) -> dict[str, Any]:
        """Balance and ledger."""
        found: dict[str, Any] = (await self.ask("GET", "/api/credits")).json()
        return found
