"""One terminal: a shell, what it wrote, and those who watch.

It lives as long as its shell, whoever comes and goes; when the shell has ended it stays to be read
until somebody starts it again.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from .frames import Size
from .scrollback import Scrollback
from .shell import Exit, Shell, ShellCommand
from .viewer import Viewer

END_GRACE_SECONDS = 2.0
MOST_VIEWERS = 16


class Terminal:
    """Made by ``start``. ``size`` is that of whoever typed or resized last."""

    def __init__(self, name: str, command: ShellCommand, size: Size) -> None:
        self.name = name
        self.shell_id = secrets.token_hex(8)
        self.title = PurePath(command.argv[0]).name
        self.size = size
        self.scrollback = Scrollback()
        self.viewers: set[Viewer] = set()
        self.started_at = time.time()
        self.exit: Exit | None = None
        self._shell: Shell
        self._ended = asyncio.Event()
        self._waiting: asyncio.Task[None]

    @classmethod
    async def start(cls, name: str, command: ShellCommand, size: Size) -> Terminal:
        """A terminal whose shell runs. Raises ``OSError`` when it cannot be started."""
        terminal = cls(name, command, size)
        terminal._shell = await Shell.start(
            command, size, mark=terminal.shell_id, take=terminal._take, lags=terminal._lags
        )
        terminal._waiting = asyncio.create_task(terminal._wait())
        return terminal

    @property
    def exit_told(self) -> dict[str, Any] | None:
        if self.exit is None:
            return None
        return {"exitCode": self.exit.exit_code, "signal": self.exit.signal}

    @property
    def watching(self) -> int:
        return len(self.viewers)

    @property
    def is_full(self) -> bool:
        """Whether no more viewers may come."""
        return len(self.viewers) >= MOST_VIEWERS

    def attach(self, viewer: Viewer) -> None:
        """A viewer came; everybody is told. A screen that lost its beginning is drawn again."""
        self.viewers.add(viewer)
        self._tell_state()
        if self.scrollback.start > 0:
            self._shell.redraw()

    def detach(self, viewer: Viewer) -> None:
        """A viewer went. Nothing happens to the shell."""
        self.viewers.discard(viewer)
        self._tell_state()

    def write(self, data: bytes) -> None:
        """Types; raises ``InputFull`` when the program does not read."""
        self._shell.write(data)

    async def until_read(self, seconds: float) -> bool:
        """Waits until all that was typed is read; false when that takes longer."""
        return await self._shell.until_read(seconds)

    def resize(self, size: Size) -> None:
        """Changes the size, for everybody."""
        if size != self.size:
            self.size = size
            self._shell.resize(size)
            self._tell_state()

    def describe(self) -> dict[str, Any]:
        """What can be known from outside. ``busy``: something besides the shell itself runs."""
        return {
            "id": self.name,
            "running": self.exit is None,
            "busy": self.exit is None and self._shell.is_busy(),
            "viewers": len(self.viewers),
            "startedAt": self.started_at,
            "exit": asdict(self.exit) if self.exit else None,
        }

    async def end(self, *, grace_seconds: float = END_GRACE_SECONDS) -> None:
        """Ends the shell and everything below it, and waits for that. Repeatable."""
        await self._shell.end(grace_seconds=grace_seconds)
        await self._ended.wait()

    async def _wait(self) -> None:
        self.exit = await self._shell.wait()
        self._ended.set()
        self._tell_output()

    def _take(self, data: bytes) -> None:
        self.scrollback.append(data)
        self._tell_output()

    def _lags(self) -> bool:
        return bool(self.viewers) and all(viewer.is_behind for viewer in self.viewers)

    def _tell_output(self) -> None:
        for viewer in self.viewers:
            viewer.on_output()

    def _tell_state(self) -> None:
        for viewer in self.viewers:
            viewer.on_state()
