"""A client of the mesh on the real runtime: one account; stubborn through kills."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from littoral.mesh.work.task import ENDED
from tests.worker.runs_client import WAIT_SECONDS, RunsClient


class MeshClient(RunsClient):
    """One account. Calls are repeated while the server is away; use keys where that matters."""

    @classmethod
    async def sign_up(cls, url: str) -> MeshClient:
        """A new account."""
        made = await RunsClient.sign_up(url)
        await made.close()
        return cls(url, made.key, made.user_id)

    async def begin(self, key: str, **body: Any) -> str:
        """Gives the mesh a task; its id. Safe to repeat."""
        headers = {"idempotency-key": key}
        answer = await self.ask("POST", "/api/mesh/tasks", json=body, headers=headers)
        assert answer.status_code == 202, answer.text
        task_id: str = answer.json()["taskId"]
        return task_id

    async def task(self, task_id: str) -> dict[str, Any]:
        """The task with its parts."""
        answer = await self.ask("GET", f"/api/mesh/tasks/{task_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def tasks(self) -> list[dict[str, Any]]:
        """All tasks in the list."""
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            params = {"limit": 100, **({"cursor": cursor} if cursor else {})}
            page = (await self.ask("GET", "/api/mesh/tasks", params=params)).json()
            found += page["tasks"]
            cursor = page["cursor"]
            if cursor is None:
                return found

    async def all_settled(self, *task_ids: str) -> list[dict[str, Any]]:
        """The list, once these tasks have ended and their credits are settled."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            found = [each for each in await self.tasks() if each["taskId"] in task_ids]
            done = [e for e in found if e["status"] in ENDED and e["credits"] is not None]
            if len(done) == len(set(task_ids)):
                return done
            assert time.monotonic() < deadline, [e for e in found if e not in done][:3]
            await asyncio.sleep(0.5)

    async def agents(self) -> list[dict[str, Any]]:
        """All agents that have recorded something."""
        listed = (await self.ask("GET", "/api/mesh/agents")).json()["agents"]
        return [each for each in listed if each["events"]]

    async def mesh_events(self) -> list[dict[str, Any]]:
        """The whole feed, in its order."""
        found: list[dict[str, Any]] = []
        since = 0
        while True:
            params = {"since": since, "limit": 500}
            page = (await self.ask("GET", "/api/mesh/events", params=params)).json()
            found += page["events"]
            if not page["events"]:
                return found
            since = found[-1]["position"]
