"""The real loader of dynamic Workers on the real runtime, as tests hold it: with a watchdog."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from _lib import project
from _lib.local_runtime import LocalRuntime
from tests.harness.project_copy import ProjectCopy, make_project_copy
from tests.harness.worker import KillableWorker

WATCHDOG_SECONDS = 60.0
_PARTS = (
    "ai workflows ratelimits queues assets durable_objects migrations containers r2_buckets "
    "d1_databases services"
).split()


class CodeWorld:
    """Calls of a server whose entry is ``tests/fakes/code_worker.py``.

    Code that gets the better of its guards freezes the whole process here: a call that is not
    answered in time kills the server, and the test fails instead of hanging.
    """

    def __init__(self, worker: KillableWorker) -> None:
        self._worker = worker

    def run(
        self,
        source: str,
        args: Any = None,
        *,
        language: str = "python",
        owner: str = "own_test",
        network: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """What became of one call of a function, as JSON."""
        asked = {"owner": owner, "language": language, "source": source, "args": args}
        outcome: dict[str, Any] = self.ask("run", **asked, network=list(network))
        return outcome

    def ask(self, door: str, **asked: Any) -> Any:
        """The answer of one door of the test's entry."""
        try:
            answer = httpx.post(f"{self._worker.url}/{door}", json=asked, timeout=WATCHDOG_SECONDS)
        except httpx.TimeoutException:
            self._worker.kill9()
            raise AssertionError(f"the process froze: {json.dumps(asked)[:300]}") from None
        return answer.json()["answer"]


@contextmanager
def code_world(runtime: LocalRuntime, folder: Path, *, near: str = "") -> Iterator[CodeWorld]:
    """Booted for the tests of one file. ``near`` are private hosts that may be granted."""
    worker = KillableWorker(runtime, _project(folder, near), scratch=folder)
    try:
        worker.start()
        yield CodeWorld(worker)
    finally:
        worker.stop()


def _project(folder: Path, near: str) -> ProjectCopy:
    """The staged project with the tests' entry and nothing but the loader."""
    settings = {"FUNCTION_NEAR_HOSTS": near}
    copy = make_project_copy(folder / "project", settings=settings, script_url=None)
    source = project.ROOT / "tests" / "fakes" / "code_worker.py"
    shutil.copy(source, copy.folder / "build" / "code_worker.py")
    config = json.loads(copy.configs[0].read_text())
    config["main"] = "build/code_worker.py"
    for name in _PARTS:
        config.pop(name, None)
    copy.configs[0].write_text(json.dumps(config))
    return copy
