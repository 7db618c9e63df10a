"""Runs: a command in a sandbox, whose output and exit code are known before."""

from __future__ import annotations

from _lib.load.client import Client, require

ENDS = ("completed", "failed", "cancelled", "rejected", "expired", "budget_exceeded")


class Runs:
    """Short commands, each in a sandbox of its own."""

    needs = "/api/orchestrator"
    at_once = 3

    async def prepare(self, client: Client) -> None:
        """Sandboxes are made for each run."""

    async def once(self, client: Client, number: int) -> None:
        token = f"load-{number}"
        body = {"command": f"echo {token} && sleep 0.2 && echo done", "timeoutSeconds": 120}
        made = await client.ask("POST", "/api/orchestrator", json=body)
        path = f"/api/orchestrator/runs/{made['runId']}"
        found = await client.until(path, lambda run: run["status"] in ENDS, 180)
        require(found["status"] == "completed", "the run did not complete", found)
        require(found["exitCode"] == 0, "the exit code is not 0", found["exitCode"])
        require(found["output"] == f"{token}\ndone\n", "the output is another", found["output"])

    async def finish(self, client: Client) -> None:
        """Sandboxes of runs end with them."""
