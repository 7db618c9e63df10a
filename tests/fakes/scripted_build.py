"""A build whose plan and files a test writes, through the Workers AI double."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import httpx

from tests.fakes.scripted_ai import Answer, ScriptedAi

WITHIN_SECONDS = 60.0


class ScriptedBuild:
    """One build of an account of its own, done when it is made."""

    def __init__(self, ai: ScriptedAi, url: str, kind: str, files: Mapping[str, str]) -> None:
        _script(ai, kind, files)
        self._client = httpx.Client(base_url=url, timeout=60)
        name = f"{time.monotonic_ns()}@build.test"
        made = self._client.post("/api/signup", json={"email": name, "name": "B"})
        self.key: str = made.raise_for_status().json()["apiKey"]
        self._client.headers["x-api-key"] = self.key
        begun = self._client.post("/agents", json={"query": "As scripted", "start": True})
        self.id: str = begun.raise_for_status().json()["sessionId"]
        self.state = self._ended()

    def preview(self) -> str:
        """A link that counts."""
        opened = self._client.get(f"/agents/{self.id}/preview").raise_for_status()
        url: str = opened.json()["url"]
        return url

    def revoke(self) -> None:
        self._client.delete(f"/agents/{self.id}/preview").raise_for_status()

    def close(self) -> None:
        self._client.close()

    def _ended(self) -> dict[str, Any]:
        bound = time.monotonic() + WITHIN_SECONDS
        since = 0
        while True:
            asked = {"since": since}
            page = self._client.get(f"/agents/{self.id}/events", params=asked).json()
            since = page["next"]
            if page["ended"]:
                state: dict[str, Any] = self._client.get(f"/agents/{self.id}").json()["state"]
                assert state["status"].startswith("completed"), state
                return state
            assert time.monotonic() < bound, f"still {page}"


def _script(ai: ScriptedAi, kind: str, files: Mapping[str, str]) -> None:
    planned = [{"path": path, "purpose": "as scripted"} for path in files]
    plan = {
        "title": "As scripted",
        "description": "As scripted.",
        "kind": kind,
        "features": [],
        "phases": [{"name": "All", "description": "All of it.", "files": planned}],
    }
    ai.answer_aside_when("Write the blueprint now.", Answer(text=json.dumps(plan)))
    ai.answer_aside_when("Write the review now.", Answer(text='{"issues": []}'))
    for path, text in files.items():
        marked = f"<<<FILE {path}>>>\n{text}\n<<<END {path}>>>"
        ai.answer_aside_when(f"Write {path} now, whole", Answer(text=marked))
