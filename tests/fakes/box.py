"""A container without a container: a daemon in memory that runs nothing and knows what it was told.

Commands never end by themselves. ``lose`` is what a kill does: the next start has empty folders.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from littoral.sandbox.box import Answer, BoxSilent


class FakeBox:
    """``started`` lists the ids of commands that a daemon began, in the order of their start."""

    def __init__(self) -> None:
        self.running = False
        self.boots = 0
        self.started: list[str] = []
        self.files: dict[str, bytes] = {}
        self.silent = False
        self._known: dict[str, dict[str, Any]] = {}

    @property
    def boot(self) -> str:
        return f"boot-{self.boots}"

    def lose(self) -> None:
        """It dies with everything in it."""
        self.running = False
        self.files.clear()
        self._known.clear()

    def end(self, exec_id: str) -> None:
        """The command has ended with 0."""
        self._known[exec_id].update(state="exited", exitCode=0, reason="exited")

    # --- Box -------------------------------------------------------------------------------------

    def start(self, network: Sequence[str]) -> None:
        self.running = True
        self.boots += 1

    async def request(
        self, method: str, path: str, body: bytes | None = None, *, timeout_seconds: float
    ) -> Answer:
        if not self.running or self.silent:
            raise BoxSilent("it does not answer")
        status, found = self._answer(path.partition("?")[0], body)
        content = found if isinstance(found, bytes) else json.dumps(found).encode()
        return Answer(status=status, body=content)

    async def forward(self, request: Any, path: str) -> Any:
        return None

    async def destroy(self) -> None:
        self.lose()

    def keep(self, seconds: float) -> None:
        """Nothing ends it but ``lose`` and ``destroy``."""

    # --- the daemon ------------------------------------------------------------------------------

    def _answer(self, path: str, body: bytes | None) -> tuple[int, Any]:
        if path == "/health":
            going = sum(one["state"] == "running" for one in self._known.values())
            return 200, {"boot": self.boot, "running": going, "processes": going}
        if path == "/exec":
            return 200, self._begin(json.loads(body or b"{}")["execId"])
        if path == "/artifacts":
            return 200, {"artifacts": [self._artifact(name) for name in sorted(self.files)]}
        if path.startswith("/artifacts/"):
            return 200, self.files[path.removeprefix("/artifacts/")]
        exec_id = path.split("/")[2]
        if exec_id not in self._known:
            return 404, {"message": "It is not known."}
        if path.endswith("/output"):
            return 200, {"chunks": [], "last": 0, "skippedBytes": 0, **self._told(exec_id)}
        return 200, self._known[exec_id]

    def _begin(self, exec_id: str) -> dict[str, Any]:
        if exec_id not in self._known:
            self.started.append(exec_id)
            self._known[exec_id] = {"execId": exec_id, "state": "running"}
        return self._known[exec_id]

    def _told(self, exec_id: str) -> dict[str, Any]:
        return {"description": self._known[exec_id]}

    def _artifact(self, name: str) -> dict[str, Any]:
        return {"path": name, "bytes": len(self.files[name]), "contentType": "text/plain"}
