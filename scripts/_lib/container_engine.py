"""Owns the engine beside a local server: the process that runs sandboxes, started and stopped.

It is a process of its own, so that a kill of the server leaves the sandboxes alone and the next one
finds them. With SANDBOX_ENGINE=docker the machine's own Docker is used instead and nothing is
started. What the engine does is `sandbox_engine/`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from _lib import project
from _lib.failures import SetupFailure

START_SECONDS = 60.0
STOP_SECONDS = 10.0
_CHOICE = "SANDBOX_ENGINE"
_STAND_IN = Path(__file__).with_name("sandbox_engine") / "docker.sh"


class ContainerEngine:
    """Start it once; `environment` tells wrangler of it; `stop` ends it and every sandbox."""

    def __init__(self, python: Path, *, near_allowed: bool = False) -> None:
        self._python = python
        self._near_allowed = near_allowed
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None

    def start(self) -> None:
        """Begins to start it; `wait_ready` waits. Repeating does nothing while it runs."""
        if os.environ.get(_CHOICE) == "docker" or self._process is not None:
            return
        # A socket's path has at most 107 bytes, so not in the state folder.
        self._folder = Path(tempfile.mkdtemp(prefix="littoral-"))
        self._folder.chmod(0o711)  # sandboxes may have users of their own
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    str(self._python),
                    "-B",
                    "-m",
                    "_lib.sandbox_engine",
                    f"--socket={self._socket()}",
                    f"--scratch={self._folder}",
                    *(["--near-allowed"] if self._near_allowed else []),
                ],
                cwd=project.ROOT / "scripts",
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_ready(self) -> str:
        """Waits until the engine listens; gives its isolation in words, empty with Docker."""
        if self._process is None:
            return ""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            for line in self.log().splitlines():
                if line.startswith("isolation: "):
                    return line.removeprefix("isolation: ")
            if self._process.poll() is not None:
                break
            time.sleep(0.02)
        raise SetupFailure("the sandbox engine does not start", self.log()[-2000:])

    def environment(self) -> dict[str, str]:
        """What wrangler needs to use this engine; nothing with Docker."""
        if self._process is None:
            return {}
        return {"DOCKER_HOST": f"unix://{self._socket()}"}

    def log(self) -> str:
        assert self._folder is not None
        return (self._folder / "log").read_text(errors="replace")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def folder(self) -> Path:
        assert self._folder is not None
        return self._folder

    def stop(self) -> None:
        """Ends every sandbox and the engine. Repeatable."""
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _socket(self) -> Path:
        return self.folder / "engine.sock"


def docker_environment(engine: ContainerEngine | None) -> dict[str, str]:
    """For a wrangler that may meet `[[containers]]`: no program of Docker's is needed."""
    if os.environ.get(_CHOICE) == "docker":
        return {}
    return {"WRANGLER_DOCKER_BIN": str(_STAND_IN), **(engine.environment() if engine else {})}
