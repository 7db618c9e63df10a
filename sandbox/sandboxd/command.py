"""One running command: its process group, its pipes, its deadline, and how it ended.

The exit code is the kernel's. What the command leaves running in the background after its own end
runs on, unheard, until the sandbox stops. Keeping commands by id is `commands.py`'s business.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sandboxd.output import STREAMS, OutputLog, Stream
from sandboxd.processes import MARK, ProcessTable, kill_all, signal_group

Reason = Literal["exited", "deadline", "cancelled", "memory", "disk", "processes", "lost"]

GRACE_SECONDS = 2.0
READ_BYTES = 64 * 1024
SMALL_BYTES = 4 * 1024
"""A read below this waits a moment for more, so that a talkative program makes few pieces."""
GATHER_SECONDS = 0.01
BURSTS = 8
CANNOT_START = 127
NICENESS = 10
MOST_STDIN_BYTES = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Spec:
    """What to run. ``timeout_seconds`` counts only while it is not paused."""

    exec_id: str
    argv: tuple[str, ...]
    cwd: str
    env: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: float

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Spec:
        """From checked JSON; raises ``KeyError``, ``TypeError`` or ``ValueError`` for other."""
        return cls(
            exec_id=str(raw["execId"]),
            argv=tuple(str(word) for word in raw["argv"]),
            cwd=str(raw["cwd"]),
            env={str(name): str(value) for name, value in raw.get("env", {}).items()},
            timeout_seconds=float(raw["timeoutSeconds"]),
        )


class RunningCommand:
    """``on_end`` writes the end down before anybody is told; ``on_change`` tells of output too."""

    def __init__(
        self,
        spec: Spec,
        log: OutputLog,
        table: ProcessTable,
        *,
        on_change: Callable[[], None],
        on_end: Callable[[dict[str, Any]], None],
    ) -> None:
        self.spec = spec
        self.log = log
        self.reason: Reason | None = None
        self.exit_code: int | None = None
        self.signal: str | None = None
        self.started_at_ms = _now_ms()
        self.ended_at_ms: int | None = None
        self.paused = False
        self.group = 0
        self._table = table
        self._on_change = on_change
        self._on_end = on_end
        self._pipes: dict[int, Stream] = {}
        self._stdin = -1
        self._typed = bytearray()
        self._close_stdin = False
        self._left = asyncio.Event()
        self._ending: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()
        self._left_seconds = spec.timeout_seconds
        self._since = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def ended(self) -> bool:
        return self.ended_at_ms is not None

    def describe(self) -> dict[str, Any]:
        """As ``littoral.sandbox.command.Description`` reads it."""
        return {
            "execId": self.spec.exec_id,
            "state": "exited" if self.ended else "running",
            "exitCode": self.exit_code,
            "signal": self.signal,
            "reason": self.reason if self.ended else None,
            "stdoutBytes": self.log.bytes["stdout"],
            "stderrBytes": self.log.bytes["stderr"],
            "skippedBytes": self.log.skipped_bytes,
            "startedAt": self.started_at_ms,
            "endedAt": self.ended_at_ms,
            "lastSeq": self.log.last,
            "paused": self.paused,
        }

    async def run(self, environment: Mapping[str, str]) -> None:
        """Starts the command and returns when it has ended; a start that fails ends it too."""
        ends = {stream: os.pipe() for stream in STREAMS}
        stdin, typing = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *self.spec.argv,
                cwd=self.spec.cwd,
                env={**environment, **self.spec.env, MARK: self.spec.exec_id},
                stdin=stdin,
                stdout=ends["stdout"][1],
                stderr=ends["stderr"][1],
                start_new_session=True,
                preexec_fn=_be_nice,
            )
        except (OSError, ValueError) as error:
            for descriptor in (typing, *(end[0] for end in ends.values())):
                os.close(descriptor)
            self._could_not_start(error)
            return
        finally:
            for descriptor in (stdin, *(end[1] for end in ends.values())):
                os.close(descriptor)
        self.group = process.pid
        self._stdin = typing
        os.set_blocking(typing, False)
        for stream, (end, _) in ends.items():
            self._listen(end, stream)
        self._arm()
        returncode = await process.wait()
        self._left.set()
        if self._ending is not None:
            await self._ending
        self._finish(returncode)

    def type(self, data: bytes, *, close: bool) -> bool:
        """Feeds standard input; false when the command does not read and too much waits."""
        if len(self._typed) + len(data) > MOST_STDIN_BYTES:
            return False
        self._typed += data
        self._close_stdin = self._close_stdin or close
        if self._stdin >= 0:
            self._flush_stdin()
        return True

    def end(self, reason: Reason, grace_seconds: float = GRACE_SECONDS) -> None:
        """Begins to end it: TERM to the group, then KILL for all that is left. Repeatable."""
        if self._left.is_set() or self._ending is not None or not self.group:
            return
        self.reason = self.reason or reason
        self._ending = self._loop.create_task(self._end(grace_seconds))

    def pause(self) -> None:
        """Stops every process of the group; the deadline stands still."""
        if not self.ended and not self.paused and self.group:
            self.paused = True
            self._disarm()
            signal_group(self.group, signal.SIGSTOP)

    def resume(self) -> None:
        """Lets the group run on."""
        if not self.ended and self.paused:
            self.paused = False
            self._arm()
            signal_group(self.group, signal.SIGCONT)

    async def _end(self, grace_seconds: float) -> None:
        signal_group(self.group, signal.SIGTERM)
        signal_group(self.group, signal.SIGCONT)  # a stopped process does not hear TERM
        try:
            await asyncio.wait_for(self._left.wait(), grace_seconds)
        except TimeoutError:
            pass
        await kill_all(self._table, self.spec.exec_id, self.group)

    def _arm(self) -> None:
        self._since = self._loop.time()
        self._timer = self._loop.call_later(max(0.0, self._left_seconds), self.end, "deadline")

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._left_seconds -= self._loop.time() - self._since

    def _could_not_start(self, error: Exception) -> None:
        why = getattr(error, "strerror", None) or str(error)
        where = getattr(error, "filename", None) or self.spec.argv[0]
        self.log.add("stderr", f"sandbox: {where}: {why}\n".encode(errors="replace"))
        self._close(CANNOT_START, None)

    def _finish(self, returncode: int) -> None:
        self._disarm()
        for descriptor, stream in list(self._pipes.items()):
            self._read(descriptor, stream, more=BURSTS * 4)
        if self._stdin >= 0:
            self._drop_stdin()
        if returncode >= 0:
            self._close(returncode, None)
        else:
            self._close(None, signal.Signals(-returncode).name)

    def _close(self, exit_code: int | None, signal_name: str | None) -> None:
        self.log.finish()
        self.exit_code, self.signal = exit_code, signal_name
        self.reason = self.reason or "exited"
        self.paused = False
        self.ended_at_ms = _now_ms()
        self._on_end(self.describe())
        self._on_change()

    def _listen(self, descriptor: int, stream: Stream) -> None:
        os.set_blocking(descriptor, False)
        self._pipes[descriptor] = stream
        self._loop.add_reader(descriptor, self._read, descriptor, stream)

    def _read(self, descriptor: int, stream: Stream, more: int = BURSTS) -> None:
        size = 0
        for _ in range(more):
            try:
                data = os.read(descriptor, READ_BYTES)
            except BlockingIOError:
                break
            if not data:
                self._loop.remove_reader(descriptor)
                del self._pipes[descriptor]
                os.close(descriptor)
                return
            size += len(data)
            if not self.ended:
                self.log.add(stream, data)
        if not self.ended:
            self._on_change()
            if size < SMALL_BYTES:
                self._loop.remove_reader(descriptor)
                self._loop.call_later(GATHER_SECONDS, self._listen_again, descriptor, stream)

    def _listen_again(self, descriptor: int, stream: Stream) -> None:
        if descriptor in self._pipes:
            self._loop.add_reader(descriptor, self._read, descriptor, stream)

    def _flush_stdin(self) -> None:
        try:
            while self._typed:
                written = os.write(self._stdin, self._typed)
                del self._typed[:written]
        except BlockingIOError:
            self._loop.add_writer(self._stdin, self._flush_stdin)
            return
        except BrokenPipeError:
            self._drop_stdin()
            return
        self._loop.remove_writer(self._stdin)
        if self._close_stdin:
            self._drop_stdin()

    def _drop_stdin(self) -> None:
        self._typed.clear()
        self._loop.remove_writer(self._stdin)
        os.close(self._stdin)
        self._stdin = -1


def _be_nice() -> None:
    """In the child: lets the daemon run first when a command wants every processor."""
    os.nice(NICENESS)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
