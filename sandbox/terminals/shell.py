"""One process on a pseudo-terminal of its own.

Owns the pair of descriptors, starting, reading at a bounded pace, writing without ever blocking,
the size, and the end. Knows nothing of viewers: what is read goes to a callback.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import pty
import signal
import struct
import termios
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from . import processes
from .frames import InputFull, Size

READ_BYTES = 64 * 1024
BURST_BYTES = 64 * 1024
PAUSE_SECONDS = 0.008
"""A program that writes without end is read at 8 MB/s at most, to leave time for others."""
LONG_PAUSE_SECONDS = 0.05
"""And at 1.3 MB/s while nobody who watches keeps up. It is slowed down, never stopped."""
MOST_WAITING_INPUT_BYTES = 256 * 1024
_INTERRUPTS = (b"\x03", b"\x1c", b"\x1a")
_CHILD_SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP)


@dataclass(frozen=True, kw_only=True)
class ShellCommand:
    """What is started: words, folder, environment."""

    argv: Sequence[str]
    cwd: str
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Exit:
    """How the shell ended: one of the two is known, never both."""

    exit_code: int | None
    signal: str | None

    @classmethod
    def of(cls, returncode: int) -> Exit:
        """From what ``wait`` gave: negative numbers are signals."""
        if returncode >= 0:
            return cls(exit_code=returncode, signal=None)
        return cls(exit_code=None, signal=signal.Signals(-returncode).name)


class Shell:
    """A running process and our end of its terminal. Made by ``start``."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        master: int,
        mark: str,
        take: Callable[[bytes], None],
        lags: Callable[[], bool],
    ) -> None:
        self._lags = lags
        self._process = process
        self._master = master
        self._mark = mark
        self._take = take
        self._waiting = bytearray()
        self._all_read = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._is_open = True
        self._resume: asyncio.TimerHandle | None = None
        self._loop.add_reader(master, self._read)

    @classmethod
    async def start(
        cls,
        command: ShellCommand,
        size: Size,
        *,
        mark: str,
        take: Callable[[bytes], None],
        lags: Callable[[], bool] = lambda: False,
    ) -> Shell:
        """Starts the command as the leader of a session whose terminal is ours.

        ``take`` gets the output as it comes; ``lags`` says whether everybody who watches is behind.
        Raises ``OSError`` when it cannot be started.
        """
        master, slave = pty.openpty()
        try:
            _set_size(master, size)
            os.set_blocking(master, False)
            process = await asyncio.create_subprocess_exec(
                *command.argv,
                cwd=command.cwd,
                env={**command.env, processes.MARK: mark},
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
                preexec_fn=_take_terminal,
            )
        except BaseException:
            os.close(master)
            raise
        finally:
            os.close(slave)
        return cls(process, master, mark, take, lags)

    @property
    def pid(self) -> int:
        return self._process.pid

    def write(self, data: bytes) -> None:
        """Types. An interrupt key alone drops what was typed before it, as a terminal does.

        Raises ``InputFull`` when more waits than a program may leave unread.
        """
        if not self._is_open:
            return
        if data in _INTERRUPTS:
            self._waiting.clear()
        if len(self._waiting) + len(data) > MOST_WAITING_INPUT_BYTES:
            raise InputFull("The program does not read its input; this was not typed.")
        self._waiting += data
        self._flush()

    async def until_read(self, seconds: float) -> bool:
        """Waits until the program has read all that was typed; false when it takes longer."""
        try:
            async with asyncio.timeout(seconds):
                await self._all_read.wait()
        except TimeoutError:
            return False
        return True

    def resize(self, size: Size) -> None:
        """Sets the size; the kernel tells the programs when it changed."""
        if self._is_open:
            _set_size(self._master, size)

    def redraw(self) -> None:
        """Asks the program in front to draw its screen again."""
        if self._is_open:
            try:
                os.killpg(os.tcgetpgrp(self._master), signal.SIGWINCH)
            except (OSError, ProcessLookupError):
                pass

    def is_busy(self) -> bool:
        """Whether anything besides the shell itself runs."""
        return bool(processes.members(self.pid, self._mark) - {self.pid})

    async def wait(self) -> Exit:
        """Waits for the end, takes in what was still written, and lets the terminal go."""
        returncode = await self._process.wait()
        self._pause(for_good=True)
        self._drain()
        self._close()
        return Exit.of(returncode)

    async def end(self, *, grace_seconds: float) -> None:
        """Ends the shell and everything that belongs to it. Repeatable."""
        await processes.end_all(self.pid, self._mark, grace_seconds=grace_seconds)

    def _read(self) -> None:
        got = 0
        while got < BURST_BYTES:
            data = self._read_once()
            if not data:
                return
            got += len(data)
            self._take(data)
        self._pause()

    def _read_once(self) -> bytes:
        try:
            data = os.read(self._master, READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            if error.errno != errno.EIO:  # EIO: nobody has the other end open any more
                raise
            data = b""
        if not data:
            self._loop.remove_reader(self._master)
        return data

    def _pause(self, *, for_good: bool = False) -> None:
        self._loop.remove_reader(self._master)
        if self._resume is not None:
            self._resume.cancel()
        if not for_good:
            seconds = LONG_PAUSE_SECONDS if self._lags() else PAUSE_SECONDS
            self._resume = self._loop.call_later(
                seconds, self._loop.add_reader, self._master, self._read
            )

    def _drain(self) -> None:
        """What lies in the kernel's buffer; a child that writes on cannot hold us here."""
        for _ in range(64):
            data = self._read_once()
            if not data:
                return
            self._take(data)

    def _flush(self) -> None:
        try:
            while self._waiting:
                written = os.write(self._master, self._waiting)
                del self._waiting[:written]
        except BlockingIOError:
            self._all_read.clear()
            self._loop.add_writer(self._master, self._flush)
            return
        except OSError:
            self._waiting.clear()  # the program has gone; its exit is told by wait()
        self._all_read.set()
        self._loop.remove_writer(self._master)

    def _close(self) -> None:
        self._is_open = False
        self._loop.remove_writer(self._master)
        os.close(self._master)


def _take_terminal() -> None:
    """In the child: makes the terminal its own, and signals what they usually are."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for number in _CHILD_SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def _set_size(descriptor: int, size: Size) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", size.rows, size.columns, 0, 0))
