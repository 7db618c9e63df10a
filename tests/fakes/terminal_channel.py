"""A terminal's socket without a network: the test is the other side."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from sandbox.terminals.frames import OUTPUT, POSITION

WAIT_SECONDS = 20.0


class TerminalChannel:
    """Keeps what the terminal sends: output as one, the other frames in ``sent``.

    ``hold()`` makes it a viewer that takes nothing more."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self._output = bytearray()
        self.closed: tuple[int, str] | None = None
        self._typed: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._changed = asyncio.Condition()
        self._open = asyncio.Event()
        self._open.set()

    # --- the terminal's side: Channel ------------------------------------------------------------

    async def send(self, frame: bytes) -> None:
        await self._open.wait()
        if self.closed:
            raise ConnectionResetError("closed")
        if frame[:1] == OUTPUT:
            self._output += frame[1:]
        else:
            self.sent.append(frame)
        async with self._changed:
            self._changed.notify_all()

    async def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)
        self._typed.put_nowait(None)
        async with self._changed:
            self._changed.notify_all()

    async def frames(self) -> AsyncIterator[bytes]:
        while (frame := await self._typed.get()) is not None:
            yield frame

    # --- the test's side -------------------------------------------------------------------------

    def put(self, frame: bytes) -> None:
        """Sends a frame to the terminal."""
        self._typed.put_nowait(frame)

    def type(self, text: str) -> None:
        self.put(b"0" + text.encode())

    def leave(self) -> None:
        """The network is gone."""
        self._typed.put_nowait(None)

    def hold(self) -> None:
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    @property
    def output(self) -> bytes:
        """All output that came, one after the other."""
        return bytes(self._output)

    @property
    def skipped(self) -> int:
        """How many bytes it was told that it missed."""
        return sum(told["skipped"] for told in self.told(POSITION))

    def told(self, kind: bytes) -> list[Any]:
        """The bodies of all JSON frames of a kind."""
        return [json.loads(frame[1:]) for frame in self.sent if frame[:1] == kind]

    async def until(self, fits: Callable[[], Any]) -> None:
        """Waits until something that came makes ``fits`` true."""
        async with asyncio.timeout(WAIT_SECONDS):
            async with self._changed:
                await self._changed.wait_for(fits)

    async def until_output(self, text: str) -> None:
        await self.until(lambda: text.encode() in self._output)
