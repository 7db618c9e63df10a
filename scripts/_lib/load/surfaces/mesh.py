"""Mesh: a task of several parts; each part's result is known before."""

from __future__ import annotations

from _lib.load.client import Client, Json, require

PARTS = 4
ENDS = ("completed", "completed_with_failures", "failed", "cancelled", "expired")


class Mesh:
    """Words are counted by workers."""

    needs = "/api/mesh/tasks"
    at_once = 8

    async def prepare(self, client: Client) -> None:
        """The mesh makes itself at its first task."""
        await self.once(client, 0)

    async def once(self, client: Client, number: int) -> None:
        items = ["word " * (number % 50 + part + 1) for part in range(PARTS)]
        body = {"goal": "Count the words", "items": items, "work": "text"}
        headers = {"idempotency-key": f"load-{number}"}
        made = await client.ask("POST", "/api/mesh/tasks", json=body, headers=headers)
        path = f"/api/mesh/tasks/{made['taskId']}"
        found = await client.until(path, _shown, 120)
        require(found["status"] == "completed", "the task did not complete", found)
        wanted = [number % 50 + part + 1 for part in range(PARTS)]
        require(found["result"] == wanted, f"the words are {wanted}", found["result"])

    async def finish(self, client: Client) -> None:
        """Agents' states are folds of their events: replayed, they are what they were."""
        for name in ("coordinator", "worker-1"):
            found = await client.ask("POST", f"/api/mesh/agents/{name}/replay", json={})
            require(found["equal"] is True, f"the replay of {name} is not equal", found)


def _shown(task: Json) -> bool:
    """It has ended and its results are there: lists are a moment behind the events."""
    return task["status"] in ENDS and (task["status"] != "completed" or task["result"] is not None)
