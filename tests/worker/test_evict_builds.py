"""Builds whose objects lose their memory between being stopped and going on.

The test server lets an object finish its alarm before it evicts it, so each build is stopped in the
middle of a file first; what happens in the middle of work is for the kills to show.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from _lib.boot_snapshot import ensure_snapshot
from _lib.container_engine import ContainerEngine
from _lib.local_runtime import LocalRuntime
from tests.fakes.scripted_ai import ScriptedAi
from tests.fakes.slow_builder import SlowBuilder
from tests.harness.project_copy import make_project_copy
from tests.harness.sidecar import Sidecar
from tests.harness.worker import Worker
from tests.worker.builds_client import BuildsClient, hashes_of
from tests.worker.test_kill_builds import LIMITS, QUERIES, wrong_with

SEED = 20261122
STOPS = 2
CLASS = "CodeGeneratorAgent"


async def test_builds_that_lose_their_memory_again_and_again_are_the_same(
    runtime: LocalRuntime,
    _scripted_ai: ScriptedAi,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    engine = ContainerEngine(runtime.python, near_allowed=True)
    async with SlowBuilder() as slow:
        settings = {
            "DEFAULT_MODEL": "openai/builder",
            "OPENAI_BASE_URL": slow.url,
            "RATE_LIMITS": LIMITS,
        }
        copy = make_project_copy(
            tmp_path / "project", settings=settings, script_url=_scripted_ai.url
        )
        ensure_snapshot(runtime, copy.build)
        engine.start()
        sidecar = Sidecar(runtime, scratch=tmp_path, build=copy.build, engine=engine)
        try:
            worker = await asyncio.to_thread(Worker, sidecar, copy)
            problems, counts = await evicted_builds(worker)
        finally:
            await asyncio.to_thread(sidecar.close)
            engine.stop()
    with capsys.disabled():
        print("\n" + "\n".join(f"{name}: {count}" for name, count in sorted(counts.items())))
    assert problems == []
    assert counts["evicted in the middle"] > 1


async def evicted_builds(worker: Worker) -> tuple[list[str], Counter[str]]:
    """A few builds; what is wrong with them, and what was done."""
    counts: Counter[str] = Counter()
    dice = random.Random(SEED)
    client, other = [await BuildsClient.sign_up(worker.url) for _ in range(2)]
    problems: list[str] = []
    try:
        for query in QUERIES[:2]:
            known = set(await asyncio.to_thread(worker.list_objects, CLASS))
            build_id = await client.begin(query, start=True)
            objects = set(await asyncio.to_thread(worker.list_objects, CLASS))
            (object_id,) = objects - known
            for _ in range(STOPS):
                await asyncio.sleep(dice.uniform(0.1, 1.5))
                stopped = await client.steer(build_id, "cancel")
                await asyncio.to_thread(worker.evict_id, CLASS, object_id)
                if stopped["status"] == "cancelled":
                    counts["evicted in the middle"] += 1
                    await client.steer(build_id, "resume")
            await client.still(build_id)
            hashes = await hashes_of(query)
            problems += await wrong_with((client, other), build_id, hashes, counts)
    finally:
        await client.close()
        await other.close()
    return problems, counts
