"""Connected clients that keep what they were sent."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any


class FakeConnection:
    """One client."""

    def __init__(self, connection_id: str, payer: str = "") -> None:
        self.id = connection_id
        self.payer = payer
        self.frames: list[dict[str, Any]] = []
        self.closed: tuple[int, str] | None = None

    def send(self, text: str) -> None:
        self.frames.append(json.loads(text))

    def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)

    def types(self) -> list[str]:
        return [frame["type"] for frame in self.frames]

    def chunks(self, request_id: str) -> list[dict[str, Any]]:
        """The chunks of one request, in the order in which they came."""
        bodies = (frame["body"] for frame in self._responses(request_id))
        return [json.loads(body) for body in bodies if body.startswith("{")]

    def words(self, request_id: str) -> str:
        """The text of one request as it was streamed."""
        return "".join(chunk.get("delta", "") for chunk in self.chunks(request_id))

    def last(self, kind: str) -> dict[str, Any]:
        return next(frame for frame in reversed(self.frames) if frame["type"] == kind)

    def done(self, request_id: str) -> list[dict[str, Any]]:
        return [frame for frame in self._responses(request_id) if frame["done"]]

    def _responses(self, request_id: str) -> list[dict[str, Any]]:
        return [
            frame
            for frame in self.frames
            if frame["type"] == "cf_agent_use_chat_response" and frame["id"] == request_id
        ]


class FakeConnections:
    """All clients of one agent."""

    def __init__(self) -> None:
        self._all: dict[str, FakeConnection] = {}

    def all(self) -> Collection[FakeConnection]:
        return list(self._all.values())

    def connect(self, connection_id: str, payer: str = "") -> FakeConnection:
        connection = FakeConnection(connection_id, payer)
        self._all[connection_id] = connection
        return connection

    def disconnect(self, connection: FakeConnection) -> None:
        self._all.pop(connection.id, None)
