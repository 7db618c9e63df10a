"""One WebSocket that watches a terminal, and may type into it unless it is read-only.

Owns this viewer's place in the output. It is sent what lies between its place and the end, at the
speed at which it takes it; one that falls behind what is kept is moved ahead and told how much it
missed. So a slow viewer costs no memory and holds nobody up.
"""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from . import frames
from .channel import CLOSE_NORMAL, Channel
from .frames import BadFrame, InputFull, Size, json_frame
from .scrollback import Scrollback

CHUNK_BYTES = 32 * 1024
WINDOW_BYTES = 512 * 1024
"""How much a viewer that acknowledges may have on its way, unseen."""
UNSEEN_BYTES_PER_SECOND = 1024 * 1024
"""How fast one that does not is sent what is beyond a window: nobody says where it piles up."""
PASTE_SECONDS = 2.0
BEHIND_BYTES = 96 * 1024
JUMP_BYTES = 64 * 1024
"""How much of the newest output a viewer gets that fell behind."""


class Watched(Protocol):
    """What a viewer asks of its terminal."""

    @property
    def scrollback(self) -> Scrollback: ...

    @property
    def size(self) -> Size: ...

    @property
    def exit_told(self) -> dict[str, Any] | None:
        """How the shell ended, once it has."""
        ...

    @property
    def title(self) -> str: ...

    @property
    def shell_id(self) -> str: ...

    @property
    def watching(self) -> int:
        """How many viewers there are."""
        ...

    def write(self, data: bytes) -> None: ...

    async def until_read(self, seconds: float) -> bool: ...

    def resize(self, size: Size) -> None: ...


class Viewer:
    """Serves one channel until it closes or the shell has ended and all was sent."""

    def __init__(
        self, channel: Channel, terminal: Watched, *, read_only: bool, since: int | None
    ) -> None:
        self._channel = channel
        self._terminal = terminal
        self._read_only = read_only
        self._place = 0
        self._since = since
        self._sent = 0
        self._seen: int | None = None
        self._jumps: list[tuple[int, int]] = []
        """Where it was moved ahead to, and how far, while the viewer had not seen that yet."""
        self._paused = False
        self._state_is_due = True
        self._error: str | None = None
        self._wake = asyncio.Event()

    def on_output(self) -> None:
        """There is something new to send."""
        self._wake.set()

    def on_state(self) -> None:
        """Size or number of viewers changed."""
        self._state_is_due = True
        self._wake.set()

    @property
    def is_behind(self) -> bool:
        """Whether much of what is kept was not sent yet, to somebody who wants it."""
        return not self._paused and self._terminal.scrollback.end - self._place > BEHIND_BYTES

    async def serve(self) -> None:
        """Returns when the other side is gone, or after the shell's end was told."""
        sending = asyncio.create_task(self._send())
        receiving = asyncio.create_task(self._receive())
        try:
            done, _ = await asyncio.wait({sending, receiving}, return_when="FIRST_COMPLETED")
            for task in done:
                task.result()
        except ConnectionError:
            pass
        finally:
            sending.cancel()
            receiving.cancel()
            await asyncio.gather(sending, receiving, return_exceptions=True)

    # --- to the viewer ---------------------------------------------------------------------------

    async def _send(self) -> None:
        await self._channel.send(frames.TITLE + self._terminal.title.encode())
        await self._begin()
        while True:
            self._wake.clear()
            if self._error is not None:
                told, self._error = self._error, None
                await self._channel.send(json_frame(frames.ERROR, {"message": told}))
            elif self._state_is_due:
                self._state_is_due = False
                await self._channel.send(json_frame(frames.STATE, self._state()))
            elif self._may_have_more():
                await self._send_output()
            elif self._has_seen_the_end():
                await self._channel.send(json_frame(frames.EXIT, self._terminal.exit_told))
                await self._channel.close(CLOSE_NORMAL, "the shell has ended")
                return
            else:
                await self._wake.wait()

    async def _begin(self) -> None:
        """Puts the viewer where it left off, or at the beginning of what is kept."""
        kept = self._terminal.scrollback
        since = self._since
        if since is not None and kept.start <= since <= kept.end:
            self._place = since
            await self._tell_place(skipped=0)
        else:
            missed_from = since if since is not None and since < kept.start else 0
            self._place = kept.line_start(kept.start)
            await self._tell_place(skipped=max(0, self._place - missed_from))

    async def _send_output(self) -> None:
        kept = self._terminal.scrollback
        if self._place < kept.start:
            left_at = self._place
            self._place = kept.line_start(max(kept.start, kept.end - JUMP_BYTES))
            skipped = self._place - left_at
            if self._seen is not None:
                self._jumps.append((self._place, skipped))
            await self._tell_place(skipped=skipped)
        chunk = kept.read(self._place, CHUNK_BYTES)
        self._place += len(chunk)
        self._sent += len(chunk)
        await self._channel.send(frames.OUTPUT + chunk)
        if self._seen is None and self._sent > WINDOW_BYTES:
            await asyncio.sleep(len(chunk) / UNSEEN_BYTES_PER_SECOND)

    async def _tell_place(self, *, skipped: int) -> None:
        told = {"position": self._place, "skipped": skipped, "shell": self._terminal.shell_id}
        await self._channel.send(json_frame(frames.POSITION, told))

    def _may_have_more(self) -> bool:
        if self._paused or self._place >= self._terminal.scrollback.end:
            return False
        return self._seen is None or self._on_its_way(self._seen) < WINDOW_BYTES

    def _on_its_way(self, seen: int) -> int:
        """Bytes that were sent and not seen; what was passed over never was on its way."""
        return self._place - seen - sum(skipped for _, skipped in self._jumps)

    def _has_seen_the_end(self) -> bool:
        at_end = self._place >= self._terminal.scrollback.end
        return at_end and self._terminal.exit_told is not None

    def _state(self) -> dict[str, Any]:
        size = self._terminal.size
        return {
            "columns": size.columns,
            "rows": size.rows,
            "readOnly": self._read_only,
            "viewers": self._terminal.watching,
        }

    # --- from the viewer -------------------------------------------------------------------------

    async def _receive(self) -> None:
        async for frame in self._channel.frames():
            try:
                await self._take_in_turn(frame)
            except BadFrame as error:
                self._error = str(error)
                self._wake.set()

    async def _take_in_turn(self, frame: bytes) -> None:
        """A long paste waits for the program, for a while, so that it comes whole."""
        try:
            self._take(frame)
        except InputFull:
            if not await self._terminal.until_read(PASTE_SECONDS):
                raise
            self._take(frame)

    def _take(self, frame: bytes) -> None:
        if len(frame) > frames.MAX_FRAME_BYTES:
            raise BadFrame(f"A frame has at most {frames.MAX_FRAME_BYTES} bytes.")
        if not frame:
            raise BadFrame("An empty frame says nothing.")
        kind, body = frame[0], frame[1:]
        if kind == frames.SEEN:
            self._seen = min(frames.read_position(body), self._place)
            self._jumps = [jump for jump in self._jumps if jump[0] > self._seen]
        elif kind in (frames.PAUSE, frames.RESUME):
            self._paused = kind == frames.PAUSE
        elif kind in (frames.INPUT, frames.RESIZE, frames.HELLO):
            self._drive(kind, frame)
        else:
            raise BadFrame("There is no such kind of frame.")
        self._wake.set()

    def _drive(self, kind: int, frame: bytes) -> None:
        """What only those may do who are not read-only; of others it is passed over."""
        if self._read_only:
            return
        if kind == frames.INPUT:
            self._terminal.write(frame[1:])
        else:
            self._terminal.resize(frames.read_size(frame if kind == frames.HELLO else frame[1:]))
