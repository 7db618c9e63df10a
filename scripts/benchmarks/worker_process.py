"""Owns one running `workerd serve`: starting it, its CPU time and memory, and its end."""

from __future__ import annotations

import http.client
import os
import subprocess
import time
from pathlib import Path

from _lib.failures import SetupFailure
from _lib.local_runtime import LocalRuntime
from benchmarks.worker_config import WorkerConfig

START_SECONDS = 60.0
_POLL_SECONDS = 0.002
_MIB = 1024 * 1024


class WorkerProcess:
    """A Worker on a port of its own. `state` keeps its objects and survives a restart."""

    def __init__(
        self,
        config: WorkerConfig,
        *,
        runtime: LocalRuntime,
        folder: Path,
        port: int,
        ready_path: str,
        snapshot: bool = False,
    ) -> None:
        self.port = port
        self._config = config
        self._runtime = runtime
        self._folder = folder
        self._ready_path = ready_path
        self._snapshot = snapshot
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Starts it and waits for its first answer; gives the seconds that took."""
        state = self._folder / "state"
        state.mkdir(parents=True, exist_ok=True)
        config = self._folder / "worker.capnp"
        config.write_text(
            self._config.text(folder=self._folder, port=self.port, state=state), encoding="utf-8"
        )
        began = time.perf_counter()
        with (self._folder / "workerd.log").open("wb") as log:
            self._process = subprocess.Popen(
                self._command(),
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._wait_for_answer()
        return time.perf_counter() - began

    def cpu_seconds(self) -> float:
        """User and system time of all its threads so far."""
        return time.clock_gettime(_cpu_clock_of(self._pid))

    def memory_mib(self) -> float:
        """Resident memory now."""
        pages = int(Path(f"/proc/{self._pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / _MIB

    def stop(self) -> None:
        """Ends it; repeatable."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def _pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _command(self) -> list[str]:
        return [
            str(self._runtime.native_workerd),
            "serve",
            "worker.capnp",
            "--experimental",
            f"--pyodide-bundle-disk-cache-dir={self._runtime.bundle_folder}",
        ]

    def _wait_for_answer(self) -> None:
        deadline = time.perf_counter() + START_SECONDS
        while time.perf_counter() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            if self._answers():
                return
            time.sleep(_POLL_SECONDS)
        self.stop()
        log = (self._folder / "workerd.log").read_text(errors="replace").splitlines()
        raise SetupFailure(
            "a Worker of the benchmark does not answer\n" + "\n".join(log[-20:]),
            "read workerd's last lines above",
        )

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=START_SECONDS)
        try:
            connection.request("GET", self._ready_path)
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


def _cpu_clock_of(pid: int) -> int:
    """The id of a process's CPU clock, as clock_getcpuclockid(3) makes it on Linux."""
    return (~pid << 3) | 2
