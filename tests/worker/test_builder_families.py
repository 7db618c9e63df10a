"""Apps of the offline builder on the real runtime: built, loaded, and asked over their previews."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from _lib.local_runtime import LocalRuntime
from tests.harness.project_copy import make_project_copy
from tests.harness.worker import KillableWorker

WAIT_SECONDS = 120.0


@pytest.fixture(scope="module")
def plain_worker(
    runtime: LocalRuntime, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KillableWorker]:
    """A Worker that boots without a kept memory.

    workerd hands the memory that it was started with to every Worker, also to those made at run
    time, which do not fit it; a deploy does not (workerd 1.20261117.1, 2026-11).
    """
    scratch = tmp_path_factory.mktemp("plain")
    copy = make_project_copy(
        scratch / "project", settings={"DEFAULT_MODEL": "offline"}, script_url=None
    )
    (copy.build / "plain.txt").write_text("No memory was kept of this code.")
    worker = KillableWorker(runtime, copy, scratch=scratch)
    try:
        worker.start()
        yield worker
    finally:
        worker.stop()


@pytest.fixture
async def builds(offline_worker: KillableWorker) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(offline_worker) as http:
        yield http


@pytest.fixture
async def plain_builds(plain_worker: KillableWorker) -> AsyncIterator[httpx.AsyncClient]:
    async with _client(plain_worker) as http:
        yield http


async def test_an_api_in_python_answers_in_its_preview(plain_builds: httpx.AsyncClient):
    query = "Create a REST API for books with title and year in Python"
    await _crud(plain_builds, query)


async def test_an_api_in_javascript_answers_in_its_preview(builds: httpx.AsyncClient):
    await _crud(builds, "books api in javascript, each book has title and year")


async def _crud(builds: httpx.AsyncClient, query: str) -> None:
    session_id, state = await _built(builds, query)
    assert state["status"] == "completed", state["issues"]
    link = (await builds.get(f"/agents/{session_id}/preview")).json()["url"]
    made = await builds.post(f"{link}books", json={"title": "Dune", "year": 1965})
    assert made.status_code == 201, made.text
    assert made.json()["title"] == "Dune"
    listed = (await builds.get(f"{link}books?limit=1")).json()
    assert listed["total"] == 1
    changed = await builds.patch(f"{link}books/1", json={"year": 1966})
    assert changed.json()["year"] == 1966
    wrong = await builds.post(f"{link}books", json={"title": "", "year": "x", "colour": 1})
    assert wrong.status_code == 422
    assert wrong.headers["content-type"].startswith("application/problem+json")
    assert {each["field"] for each in wrong.json()["errors"]} == {"title", "year", "colour"}
    assert (await builds.post(f"{link}books", content="[")).status_code == 400
    assert (await builds.get(f"{link}books?limit=x")).status_code == 400
    assert (await builds.put(f"{link}books")).status_code == 405
    assert (await builds.get(f"{link}boats")).status_code == 404
    assert (await builds.delete(f"{link}books/1")).status_code == 204
    assert (await builds.get(f"{link}books/1")).status_code == 404
    assert "kept in memory" in (await builds.get(link)).text


@pytest.mark.parametrize("mode", ["deterministic", "smart"])
@pytest.mark.parametrize(
    "query", ["Build a blog application", "a to-do page with tags", "a data report of sales"]
)
async def test_every_family_is_built_and_reviewed(builds: httpx.AsyncClient, query: str, mode: str):
    _, state = await _built(builds, query, mode=mode)
    assert state["status"] == "completed", state["issues"]
    assert state["issues"] == []
    assert state["reviewCycles"] >= 1


async def test_a_message_becomes_a_phase_of_its_own(builds: httpx.AsyncClient):
    session_id, before = await _built(builds, "Build me a to-do page")
    told = await builds.post(
        f"/agents/{session_id}/message", json={"message": "make the header blue"}
    )
    assert told.status_code < 300, told.text
    after = await _ended(builds, session_id, phases=len(before["generatedPhases"]) + 1)
    assert after["status"] == "completed", after["issues"]
    files = (await builds.get(f"/agents/{session_id}/files", params={"path": "styles.css"})).text
    assert "--header" in files


@asynccontextmanager
async def _client(worker: KillableWorker) -> AsyncIterator[httpx.AsyncClient]:
    """A new account at the Worker."""
    async with httpx.AsyncClient(base_url=worker.url, timeout=60) as http:
        email = f"families.{time.time_ns()}@example.com"
        made = await http.post("/api/signup", json={"email": email, "name": "Families"})
        assert made.status_code == 201, made.text
        http.headers["x-api-key"] = made.json()["apiKey"]
        yield http


async def _built(http: httpx.AsyncClient, query: str, **more: Any) -> tuple[str, dict[str, Any]]:
    made = await http.post("/agents", json={"query": query, "start": True, **more})
    assert made.status_code == 201, made.text
    session_id = made.json()["sessionId"]
    return session_id, await _ended(http, session_id)


async def _ended(http: httpx.AsyncClient, session_id: str, *, phases: int = 1) -> dict[str, Any]:
    """The state of the build when it has ended with so many phases."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        state = (await http.get(f"/agents/{session_id}")).json()["state"]
        busy = state["status"] in ("drafting", "waiting", "building", "reviewing")
        if not busy and len(state["generatedPhases"]) >= phases:
            return state
        await asyncio.sleep(0.2)
    raise AssertionError(f"the build did not end: {state}")
