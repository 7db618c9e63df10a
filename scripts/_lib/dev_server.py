"""Owns a running `wrangler dev`: starting, waiting until it answers, sifting its output, stopping.

The child is the leader of a process group of its own, so that stopping reaches workerd too.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from _lib.failures import SetupFailure

START_SECONDS = 90.0
_STOP_SECONDS = 5.0
_POLL_SECONDS = 0.1
_NOISE = re.compile(
    r"^\s*$|^[│┌├└]|^env\.|^Binding\s+Resource|^Attaching additional modules|"
    r"^Your Worker has access to|^Using secrets defined in|^\[custom build\] Running|"
    r"Vectorize Index bindings do not support local|"
    r"AI bindings always access remote|Starting local server|Ready on http|valid header rules|"
    r"^\[wrangler:info\] (?:GET|POST|PATCH|DELETE|HEAD|OPTIONS) .* (?:[123]\d\d) "
)


class DevServer:
    """Start it once; `wait_ready`, then `wait`; `stop` from any thread or signal, repeatably."""

    def __init__(self, *, port: int, say: Callable[[str], None], log: Path) -> None:
        self._port = port
        self._say = say
        self._log = log
        self._last_lines: deque[str] = deque(maxlen=30)
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._ready = False

    def start(self, command: Sequence[str], *, env: Mapping[str, str], cwd: Path) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            command,
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_ready(self) -> None:
        """Returns when the health route answers; SetupFailure when it never will."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._ended():
                raise self._failure("the local server ended before it was ready")
            if self._answers():
                self._ready = True
                return
            time.sleep(_POLL_SECONDS)
        raise self._failure(f"the local server did not answer within {START_SECONDS:.0f} s")

    @property
    def process_group(self) -> int:
        """Its id; valid until `stop`."""
        assert self._process is not None
        return self._process.pid

    def wait(self) -> int:
        """Blocks until the server ends; its exit code."""
        assert self._process is not None
        return self._process.wait()

    def stop(self) -> None:
        """Ends the whole process group: politely, then after five seconds for good. Repeatable."""
        if self._process is None:
            return
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        self._signal(signal.SIGKILL)
        self._process.wait()
        if self._reader is not None:
            self._reader.join()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass

    def _ended(self) -> bool:
        assert self._process is not None
        return self._process.poll() is not None

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("localhost", self._port, timeout=START_SECONDS)
        try:
            connection.request("GET", "/api/health")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        with self._process.stdout as output, self._log.open("w", encoding="utf-8") as log:
            for line in output:
                log.write(line)
                log.flush()
                shown = line.rstrip()
                if not _NOISE.search(shown):
                    self._last_lines.append(shown)
                    if self._ready:
                        self._say(shown)

    def _failure(self, what: str) -> SetupFailure:
        if self._reader is not None and self._ended():
            self._reader.join(_STOP_SECONDS)
        shown = "".join(f"\n     | {line}" for line in self._last_lines)
        return SetupFailure(what, f"its last lines, of {self._log}:{shown}")
