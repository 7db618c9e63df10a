"""Memory of an agent: a document goes in, is found in its place, and is gone when deleted."""

from __future__ import annotations

from _lib.load.client import Client, Json, require

AGENT = {"name": "Load memory", "model": "offline", "promptTemplate": "{{input}}"}
DEPTH = 40


class Memory:
    """Documents with a word that no other has; the oldest go when there are ``DEPTH``."""

    needs = "/api/agents/{agentId}/memory"
    at_once = 8

    def __init__(self) -> None:
        self._agent_id = ""
        self._kept: list[str] = []

    async def prepare(self, client: Client) -> None:
        self._agent_id = (await client.ask("POST", "/api/agents", json=AGENT))["id"]

    async def once(self, client: Client, number: int) -> None:
        path = f"/api/agents/{self._agent_id}/memory"
        word = f"zeta{number}omega"
        text = f"Plain words about tides and bread.\n\nThe secret of the day is {word}. 🌊"
        made = await client.ask("POST", path, json={"title": f"Day {number}", "text": text})
        document_id = made["documentId"]
        one = f"{path}/{document_id}"
        done = await client.until(one, lambda each: each["status"] in ("ready", "failed"), 60)
        require(done["status"] == "ready", "the document is not searchable", done)
        found = await client.ask("GET", path, params={"q": f"secret {word}", "count": 1})
        self._check(found, document_id, text)
        self._kept.append(document_id)
        if len(self._kept) > DEPTH:
            await client.ask("DELETE", f"{path}/{self._kept.pop(0)}")

    def _check(self, found: Json, document_id: str, text: str) -> None:
        passage = found["passages"][0] if found["passages"] else {}
        require(passage.get("documentId") == document_id, "another document is nearest", found)
        place = text[passage["start"] : passage["end"]]
        require(passage["text"] == place, "the citation's place is wrong", passage)

    async def finish(self, client: Client) -> None:
        path = f"/api/agents/{self._agent_id}/memory"
        for document_id in self._kept:
            await client.ask("DELETE", f"{path}/{document_id}")
        left = (await client.ask("GET", path))["counts"]["documents"]
        require(left == 0, "deleted documents are still there", left)
        await client.ask("DELETE", f"/api/agents/{self._agent_id}")
