"""Executions of a registry agent: what is asked is what is recorded, once for each key."""

from __future__ import annotations

from _lib.load.client import Client, require

AGENT = {
    "name": "Load",
    "model": "offline",
    "promptTemplate": "Say this back: {{input}}",
    "temperature": 0.5,
}


KEEPER = {**AGENT, "name": "Load keeper", "memory": {"enabled": True, "passages": 1}}
FACT = {"title": "Lighthouse", "text": "The lighthouse keeper counts to number 1000 every night."}


class Executions:
    """Every execution is read again, every eighth is sent twice, every fourth asks a memory."""

    needs = "/api/agents/{agentId}/execute"
    at_once = 32

    def __init__(self) -> None:
        self._agent_id = ""
        self._keeper_id = ""

    async def prepare(self, client: Client) -> None:
        self._agent_id = (await client.ask("POST", "/api/agents", json=AGENT))["id"]
        self._keeper_id = (await client.ask("POST", "/api/agents", json=KEEPER))["id"]
        await client.ask("POST", f"/api/agents/{self._keeper_id}/memory", json=FACT)

    async def once(self, client: Client, number: int) -> None:
        said = f"number {number}"
        remembers = number % 4 == 0
        path = f"/api/agents/{self._keeper_id if remembers else self._agent_id}/execute"
        headers = {"idempotency-key": f"load-{number}"}
        made = await client.ask("POST", path, json={"input": said}, headers=headers)
        if number % 8 == 0:
            again = await client.ask("POST", path, json={"input": said}, headers=headers)
            require(again["id"] == made["id"], "the same key made another execution", again)
        one = f"/api/executions/{made['id']}"
        ends = ("completed", "failed", "cancelled")
        found = await client.until(one, lambda each: each["status"] in ends, 60)
        require(found["status"] == "completed", "the execution did not complete", found)
        require(found["input"] == said, f"the input was {said!r}", found["input"])
        require(f"Say this back: {said}" in found["output"], "the prompt was another", found)
        cited = [each["title"] for each in found["citations"]]
        require(cited == ["Lighthouse"] * remembers, "the citations are others", found)

    async def finish(self, client: Client) -> None:
        for agent_id in (self._agent_id, self._keeper_id):
            await client.ask("DELETE", f"/api/agents/{agent_id}")
