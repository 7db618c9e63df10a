"""Builds: an app is made of words; its files are there and are served."""

from __future__ import annotations

from _lib.load.client import Client, require

QUERIES = ("Build a to-do list", "Build a counter", "Build a notes app")
GOES_ON = ("drafting", "waiting", "building", "reviewing")


class Builds:
    """One after the other: a build is much work."""

    needs = "/agents"
    at_once = 1

    async def prepare(self, client: Client) -> None:
        """Nothing is needed."""

    async def once(self, client: Client, number: int) -> None:
        body = {"query": QUERIES[number % len(QUERIES)], "start": True}
        made = await client.ask("POST", "/agents", json=body)
        path = f"/agents/{made['sessionId']}"
        found = await client.until(path, lambda each: each["state"]["status"] not in GOES_ON, 300)
        state = found["state"]
        require(str(state["status"]).startswith("completed"), "the build did not complete", state)
        files = state["generatedFilesMap"]
        require("index.html" in files, "there is no page", list(files))
        page = await client.ask("GET", f"{path}/preview")
        answer = await client.http.get(page["url"])
        require(answer.status_code == 200, "the preview is not served", answer.text)
        require("<html" in answer.text, "the preview is no page", answer.text)
        await client.ask("DELETE", f"{path}/preview")

    async def finish(self, client: Client) -> None:
        """Previews were revoked; builds stay in the list of their account."""
