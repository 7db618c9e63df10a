"""The real Sandbox object on the real runtime with the local engine, as tests hold it."""

from __future__ import annotations

import itertools
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from _lib import project
from _lib.container_engine import ContainerEngine
from _lib.local_runtime import LocalRuntime
from littoral.api.envelope import result_of
from littoral.errors import DependencyUnavailable
from tests.harness.project_copy import ProjectCopy, make_project_copy
from tests.harness.sidecar import Sidecar
from tests.harness.worker import KillableWorker, Worker

WAIT_SECONDS = 60.0


class SandboxWorld:
    """Calls of the sandboxes behind a server whose entry is ``tests/fakes/sandbox_worker.py``."""

    def __init__(self, worker: KillableWorker | Worker) -> None:
        self.worker = worker
        self._numbers = itertools.count(1)

    def call(self, sandbox: str, method: str, **args: Any) -> Any:
        """One call of the object, repeated while it cannot be answered; raises other errors."""
        url, content = f"{self.worker.url}/rpc/{sandbox}", {"method": method, "args": args}
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            answer = httpx.post(url, json=content, timeout=WAIT_SECONDS)
            try:
                return result_of(answer.text)
            except DependencyUnavailable:
                if time.monotonic() >= deadline:
                    raise

    def begin(self, sandbox: str, command: str, **more: Any) -> str:
        """Starts a command under a fresh id, reported to the run of the same name."""
        exec_id = f"e{next(self._numbers)}"
        self.call(
            sandbox,
            "exec.start",
            execId=exec_id,
            command=command,
            report={"runId": f"run_{exec_id}"},
            **more,
        )
        return exec_id

    def run(self, sandbox: str, command: str, **more: Any) -> dict[str, Any]:
        """Runs a command to its end; its description, with ``stdout`` and ``stderr`` added."""
        exec_id = self.begin(sandbox, command, **more)
        described = self.ended(sandbox, exec_id)
        return {**described, **self.output(sandbox, exec_id)}

    def ended(self, sandbox: str, exec_id: str) -> dict[str, Any]:
        """Waits for the end of a command."""

        def look() -> dict[str, Any] | None:
            found = self.call(sandbox, "exec.describe", execId=exec_id)
            return found if found["state"] != "running" else None

        return until(look)

    def output(self, sandbox: str, exec_id: str) -> dict[str, str]:
        """Everything that was kept, by stream."""
        texts = {"stdout": "", "stderr": ""}
        since = 0
        while True:
            page = self.call(sandbox, "exec.output", execId=exec_id, sinceSeq=since)
            for chunk in page["chunks"]:
                assert chunk["seq"] == since + 1
                since = chunk["seq"]
                texts[chunk["stream"]] += chunk["text"]
            if since >= page["last"]:
                return texts

    def told(self, exec_id: str, method: str = "%25") -> list[dict[str, Any]]:
        """What the orchestrator heard of a command, in order."""
        answer = httpx.get(f"{self.worker.url}/told/{method}", timeout=WAIT_SECONDS)
        return [call for call in result_of(answer.text) if call["execId"] == exec_id]

    def told_end(self, exec_id: str) -> dict[str, Any]:
        """Waits until the orchestrator heard of the end."""

        def look() -> dict[str, Any] | None:
            ends = self.told(exec_id, "sandbox.ended")
            return ends[0] if ends else None

        return until(look)

    def told_text(self, exec_id: str) -> str:
        """The output that the orchestrator heard, each chunk once; fails on a gap."""
        chunks: dict[int, str] = {}
        for call in self.told(exec_id):
            for chunk in call.get("chunks", []):
                assert chunk["seq"] <= len(chunks) + 1, "a chunk is missing"
                chunks[chunk["seq"]] = chunk["text"]
        return "".join(chunks[seq] for seq in sorted(chunks))


def sandbox_project(folder: Path, **settings: str) -> ProjectCopy:
    """The staged project with the tests' entry around the real Sandbox object."""
    copy = make_project_copy(folder / "project", settings=settings, script_url=None)
    source = project.ROOT / "tests" / "fakes" / "sandbox_worker.py"
    shutil.copy(source, copy.folder / "build" / "sandbox_worker.py")
    config = json.loads(copy.configs[0].read_text())
    config["main"] = "build/sandbox_worker.py"
    classes = {"SANDBOX": "Sandbox", "ORCHESTRATOR_AGENT": "OrchestratorAgent"}
    config["durable_objects"] = {
        "bindings": [{"name": name, "class_name": of} for name, of in classes.items()]
    }
    config["migrations"] = [{"tag": "v1", "new_sqlite_classes": list(classes.values())}]
    for name in ("ai", "workflows", "ratelimits", "queues", "assets"):
        config.pop(name, None)
    copy.configs[0].write_text(json.dumps(config))
    return copy


@contextmanager
def sandbox_world(runtime: LocalRuntime, folder: Path, **settings: str) -> Iterator[SandboxWorld]:
    """Under `wrangler dev`, to be killed."""
    worker = KillableWorker(runtime, sandbox_project(folder, **settings), scratch=folder)
    try:
        worker.start()
        yield SandboxWorld(worker)
    finally:
        worker.stop()


@contextmanager
def served_world(runtime: LocalRuntime, folder: Path) -> Iterator[SandboxWorld]:
    """In wrangler's test server, as the `worker` fixture has it."""
    copy = sandbox_project(folder)
    engine = ContainerEngine(runtime.python)
    engine.start()
    sidecar = Sidecar(runtime, scratch=folder, build=copy.build, engine=engine)
    try:
        yield SandboxWorld(Worker(sidecar, copy))
    finally:
        sidecar.close()
        engine.stop()


def until(look: Callable[[], Any], seconds: float = WAIT_SECONDS) -> Any:
    """Waits until ``look`` gives something; AssertionError after ``seconds``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing came within {seconds} s")
