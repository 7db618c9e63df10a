"""What a terminal needs of a WebSocket, whichever library it comes from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

CLOSE_NORMAL = 1000
CLOSE_NOTHING_HERE = 4404
"""A viewer who may not start a shell came while none runs."""
CLOSE_TOO_MANY = 4429
CLOSE_NO_SHELL = 4500
"""The shell could not be started."""


class Channel(Protocol):
    """One WebSocket. ``send`` waits while the transport is full; that is the back-pressure."""

    async def send(self, frame: bytes) -> None:
        """Sends one binary frame. Raises ``ConnectionError`` when the other side is gone."""
        ...

    async def close(self, code: int, reason: str) -> None:
        """Closes; repeating is harmless."""
        ...

    def frames(self) -> AsyncIterator[bytes]:
        """What the other side sends, texts as UTF-8; ends when the socket does."""
        ...
