"""Owns the fixtures of the real runtime: `worker`, `ai`, `killable_worker`, `offline_worker`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from _lib.boot_snapshot import ensure_snapshot
from _lib.container_engine import ContainerEngine
from _lib.local_runtime import LocalRuntime, ensure_runtime
from _lib.wrangler import free_port
from tests.fakes.scripted_ai import ScriptedAi
from tests.harness.project_copy import make_project_copy
from tests.harness.sidecar import Sidecar
from tests.harness.worker import KillableWorker, Worker

MakeKillable = Callable[..., KillableWorker]


@pytest.fixture(scope="session")
def runtime() -> LocalRuntime:
    """The local runtime, set up when it is not."""
    return ensure_runtime()


@pytest.fixture(scope="session")
def _scripted_ai() -> Iterator[ScriptedAi]:
    script = ScriptedAi()
    script.start()
    yield script
    script.close()


@pytest.fixture
def ai(_scripted_ai: ScriptedAi) -> Iterator[ScriptedAi]:
    """The script of the Workers AI double, empty at the start of each test."""
    _scripted_ai.reset()
    yield _scripted_ai
    _scripted_ai.reset()


@pytest.fixture(scope="session")
def pages_port() -> int:
    """Where a test may serve the front end as another site: its pages may call `worker`."""
    return free_port()


@pytest.fixture(scope="session")
def worker(
    runtime: LocalRuntime,
    _scripted_ai: ScriptedAi,
    tmp_path_factory: pytest.TempPathFactory,
    pages_port: int,
) -> Iterator[Worker]:
    """The Worker, booted once: use fresh names and guests in each test."""
    scratch = tmp_path_factory.mktemp("worker")
    copy = make_project_copy(
        scratch / "project",
        settings={"ALLOWED_ORIGINS": f"http://localhost:{pages_port}"},
        script_url=_scripted_ai.url,
        neighbour=True,
    )
    ensure_snapshot(runtime, copy.build)
    engine = ContainerEngine(runtime.python, near_allowed=True)
    engine.start()
    sidecar = Sidecar(runtime, scratch=scratch, build=copy.build, engine=engine)
    try:
        yield Worker(sidecar, copy)
    finally:
        sidecar.close()
        engine.stop()


@pytest.fixture
def make_killable_worker(
    runtime: LocalRuntime, _scripted_ai: ScriptedAi, tmp_path: Path
) -> Iterator[MakeKillable]:
    """Makes started workers that may be killed: `make(offline=True, NAME="value", …)`."""
    made: list[KillableWorker] = []

    def make(*, offline: bool = False, **settings: str) -> KillableWorker:
        scratch = tmp_path / f"killable-{len(made)}"
        given = {**({"DEFAULT_MODEL": "offline"} if offline else {}), **settings}
        copy = make_project_copy(
            scratch / "project", settings=given, script_url=None if offline else _scripted_ai.url
        )
        ensure_snapshot(runtime, copy.build)
        worker = KillableWorker(runtime, copy, scratch=scratch)
        made.append(worker)
        worker.start()
        return worker

    yield make
    for worker in made:
        worker.stop()


@pytest.fixture
def killable_worker(make_killable_worker: MakeKillable, ai: ScriptedAi) -> KillableWorker:
    """A started worker of this test alone, with the AI double and its state on disk."""
    return make_killable_worker()


@pytest.fixture(scope="session")
def near_port() -> int:
    """Where a test may serve pages that `offline_worker` reads, and a resolver of names."""
    return free_port()


@pytest.fixture(scope="session")
def offline_worker(
    runtime: LocalRuntime, tmp_path_factory: pytest.TempPathFactory, near_port: int
) -> Iterator[KillableWorker]:
    """The Worker as ./scripts/dev runs it: the offline model answers. Booted once; do not kill.

    It may read pages at `near_port` of this machine, and asks there where names lead.
    """
    scratch = tmp_path_factory.mktemp("offline")
    copy = make_project_copy(
        scratch / "project",
        settings={
            "DEFAULT_MODEL": "offline",
            "OPERATORS": "*",
            "TRACE_SAMPLE": "0",
            "FETCH_NEAR_HOSTS": f"127.0.0.1:{near_port}",
            "FETCH_RESOLVER": f"http://127.0.0.1:{near_port}/dns-query",
            "WATCH_LEAST_SECONDS": "5",
            "MESH_BREAKER_SECONDS": "6",
        },
        script_url=None,
    )
    worker = KillableWorker(runtime, copy, scratch=scratch, snapshot=False)
    try:
        worker.start()
        yield worker
    finally:
        worker.stop()
