"""A client of builds on the real runtime: one account; stubborn through kills."""

from __future__ import annotations

import asyncio
import io
import time
import zipfile
from hashlib import sha256
from typing import Any

from littoral.builder.build import ACTIVE
from tests.unit.build_world import BuildWorld
from tests.worker.runs_client import WAIT_SECONDS, RunsClient


class BuildsClient(RunsClient):
    """One account. Calls are repeated while the server is away."""

    @classmethod
    async def sign_up(cls, url: str) -> BuildsClient:
        """A new account."""
        made = await RunsClient.sign_up(url)
        await made.close()
        return cls(url, made.key, made.user_id)

    async def begin(self, query: str, *, key: str | None = None, **body: Any) -> str:
        """Begins a build; its id. With a key it may be repeated; it waits for a free place."""
        headers = {"idempotency-key": key} if key else {}
        asked = {"query": query, **body}
        answer = await self.ask("POST", "/agents", json=asked, headers=headers)
        while answer.status_code == 429:
            await asyncio.sleep(0.3)
            answer = await self.ask("POST", "/agents", json=asked, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["sessionId"])

    async def steer(self, build_id: str, action: str, **body: Any) -> dict[str, Any]:
        """Calls one of the build's routes; its state afterwards."""
        answer = await self.ask("POST", f"/agents/{build_id}/{action}", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["state"])

    async def state(self, build_id: str) -> dict[str, Any]:
        answer = await self.ask("GET", f"/agents/{build_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["state"])

    async def still(self, build_id: str) -> dict[str, Any]:
        """Waits until nothing is done any more."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            found = await self.state(build_id)
            if found["status"] not in ACTIVE:
                return found
            assert time.monotonic() < deadline, found
            await asyncio.sleep(0.2)

    async def build_events(self, build_id: str) -> list[dict[str, Any]]:
        """All events so far."""
        found: list[dict[str, Any]] = []
        while True:
            path = f"/agents/{build_id}/events"
            page = (await self.ask("GET", path, params={"since": len(found)})).json()["events"]
            if not page:
                return found
            found += page

    async def wrong_files(self, build_id: str, hashes: dict[str, str]) -> list[str]:
        """What is not as it must be of the files: rows, texts, and the contents in the store."""
        wrong = []
        listed = (await self.ask("GET", f"/agents/{build_id}/files")).json()["files"]
        found = {each["path"]: each["hash"] for each in listed}
        if found != hashes:
            lost, more = sorted(set(hashes) - set(found)), sorted(set(found) - set(hashes))
            wrong.append(f"lost {lost}, more {more}, or other contents")
        if len(listed) != len(found):
            wrong.append("a file is there twice")
        packed = (await self.ask("GET", f"/agents/{build_id}/files.zip")).content
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            for path, content_hash in found.items():
                content = archive.read(f"{build_id}/{path}")
                if sha256(content).hexdigest() != content_hash:
                    wrong.append(f"{path} is truncated in the store")
        return wrong


async def hashes_of(query: str) -> dict[str, str]:
    """The files of the same build when nobody disturbs it, by path."""
    world = await BuildWorld().ready()
    await world.create(query, start=True)
    state = await world.still()
    await world.close()
    assert state["status"] == "completed"
    return {path: file["hash"] for path, file in state["generatedFilesMap"].items()}
