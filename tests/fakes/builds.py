"""Builds that end as the test says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.errors import NotFound
from tests.fakes.workflow_engine import Fuse


class FakeBuilds:
    """``states`` by id; a build begins as ``building``."""

    def __init__(self, fuse: Fuse) -> None:
        self._fuse = fuse
        self.states: dict[str, dict[str, Any]] = {}
        self.queries: dict[str, str] = {}
        self.cancelled: list[str] = []

    async def start(self, build_id: str, *, payer: str, query: str) -> None:
        await self._fuse.point()
        self.queries.setdefault(build_id, query)
        begun = {"sessionId": build_id, "status": "building", "currentDevState": "blueprint"}
        self.states.setdefault(build_id, begun)
        await self._fuse.point()

    async def describe(self, build_id: str) -> Mapping[str, Any]:
        await self._fuse.point()
        if build_id not in self.states:
            raise NotFound(f"You have no build {build_id!r}.")
        return self.states[build_id]

    async def cancel(self, build_id: str, reason: str) -> None:
        await self._fuse.point()
        await self.describe(build_id)
        self.cancelled.append(build_id)

    def end(self, build_id: str, status: str, **more: Any) -> None:
        self.states[build_id] = {**self.states[build_id], "status": status, **more}
