"""Owns the Node process beside pytest that runs wrangler's test server, and its JSON lines."""

from __future__ import annotations

import itertools
import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from _lib import project
from _lib.container_engine import ContainerEngine
from _lib.local_runtime import LocalRuntime
from _lib.wrangler import wrangler_environment

CALL_SECONDS = 60.0


class SidecarError(Exception):
    """The sidecar answered with an error, ended, or did not answer in time."""


class Sidecar:
    """One process; calls may come from any thread and are answered in any order."""

    def __init__(
        self, runtime: LocalRuntime, *, scratch: Path, build: Path, engine: ContainerEngine
    ) -> None:
        self._numbers = itertools.count(1)
        self._waiting: dict[int, queue.SimpleQueue[dict[str, Any]]] = {}
        self._errors = scratch / "sidecar.log"
        with self._errors.open("w") as errors:
            self._process = subprocess.Popen(
                [str(runtime.node.executable), "--no-warnings", "tests/harness/sidecar.mjs"],
                cwd=project.ROOT,
                env=wrangler_environment(runtime, scratch=scratch, build=build, engine=engine),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def call(self, method: str, **params: Any) -> Any:
        """The method's result; SidecarError when it failed or took more than a minute."""
        number = next(self._numbers)
        answer: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._waiting[number] = answer
        self._send({"id": number, "method": method, "params": params})
        try:
            reply = answer.get(timeout=CALL_SECONDS)
        except queue.Empty:
            raise SidecarError(f"{method}: no answer in {CALL_SECONDS} s\n{self._log()}") from None
        if "error" in reply:
            raise SidecarError(f"{method}: {reply['error']}\n{self._log()}")
        return reply["result"]

    def close(self) -> None:
        """Ends the server and everything it started. Repeatable."""
        if self._process.poll() is None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError) as error:
            raise SidecarError(f"the sidecar has ended\n{self._log()}") from error

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                reply = json.loads(line)
                self._waiting.pop(reply["id"]).put(reply)
        for answer in list(self._waiting.values()):
            answer.put({"error": "the sidecar has ended"})

    def _log(self) -> str:
        return "\n".join(self._errors.read_text(errors="replace").splitlines()[-30:])
