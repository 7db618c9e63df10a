"""Operations by HTTP: who may look, what they see, and what a log line never holds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from littoral.api.gateway import DependencyState
from littoral.errors import DependencyUnavailable
from littoral.ops import here
from littoral.ops.noted import models_state, queue_state
from littoral.ops.observer import Observer
from littoral.ops.readiness import KEPT_MS, Readiness
from littoral.ops.recorder import Recorder
from littoral.settings import Settings
from tests.fakes.clock import ManualClock
from tests.unit.api_world import ApiWorld, problem_of

TOKEN = "a token for Prometheus"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass(frozen=True, kw_only=True)
class Noted:
    """A world whose isolate has an observer of its own."""

    world: ApiWorld
    recorder: Recorder

    async def tell(self) -> list[dict[str, Any]]:
        """Tells the telemetry what was noted; gives the log's lines."""
        await self.world.gateway.telemetry_object.tell(self.recorder)
        found = await self.world.gateway.telemetry_object.call("tail", {"since": 0, "limit": 500})
        lines: list[dict[str, Any]] = found["lines"]
        return lines


@pytest.fixture
def noted() -> Iterator[Noted]:
    recorder, before = Recorder(), here.observer()
    world = ApiWorld(operators=frozenset({"ada@example.com"}), metrics_token=TOKEN)
    here.install(Observer(recorder, world.clock, share=0.0))
    yield Noted(world=world, recorder=recorder)
    here.install(before)
    world.close()


@asynccontextmanager
async def account(world: ApiWorld, email: str) -> AsyncIterator[httpx.AsyncClient]:
    """A program with the key of a new account."""
    async with world.visitor() as client:
        made = await client.post("/api/signup", json={"email": email, "name": "A"})
        client.cookies.clear()
        client.headers["x-api-key"] = made.json()["apiKey"]
        yield client


PATHS = (
    "/api/operations/summary",
    "/api/operations/series",
    "/api/operations/traces",
    f"/api/operations/traces/{'a' * 32}",
    "/api/operations/log",
    "/api/metrics",
)


@pytest.mark.parametrize("path", PATHS)
async def test_only_operators_see_operations(noted: Noted, path: str) -> None:
    async with noted.world.guest() as guest, account(noted.world, "eve@example.com") as eve:
        problem_of(await guest.get(path), "not_authenticated")
        refused = problem_of(await eve.get(path), "not_allowed")

    assert "OPERATORS" in refused["nextStep"]


async def test_a_key_of_an_operator_needs_the_scope(noted: Noted) -> None:
    async with account(noted.world, "ada@example.com") as ada:
        made = await ada.post("/api/keys", json={"name": "chat only", "scopes": ["chat"]})
        ada.headers["x-api-key"] = made.json()["apiKey"]

        problem_of(await ada.get("/api/operations/summary"), "insufficient_scope")


async def test_an_operator_may_be_named_by_the_id_of_the_user() -> None:
    world = ApiWorld()
    async with account(world, "ada@example.com") as ada:
        user_id = (await ada.get("/api/me")).json()["user"]["id"]
        problem_of(await ada.get("/api/operations/summary"), "not_allowed")
    settings = Settings.read({"OPERATORS": f" bob@example.com, {user_id}"}.get)
    assert user_id.lower() in settings.operators
    world.close()


async def test_the_summary_counts_requests_by_their_route(noted: Noted) -> None:
    async with account(noted.world, "ada@example.com") as ada:
        for name in ("ses_one", "ses_two"):
            assert (await ada.get(f"/api/sessions/{name}")).status_code == 404
        await noted.tell()
        summary = (await ada.get("/api/operations/summary?minutes=5")).json()
        series = await ada.get("/api/operations/series?metric=http&by=status&minutes=5")
        strange = await ada.get("/api/operations/series?metric=http&by=colour")

    rows = {(row["method"], row["route"]): row for row in summary["routes"]}
    assert rows[("GET", "/api/sessions/{sessionId}")]["count"] == 2
    assert summary["refused"] == 2
    assert summary["requests"]["failed"] == 0
    assert {"code": "not_found", "sum": 2} in summary["errors"]
    assert summary["status"] == "ready"
    assert {line["name"] for line in series.json()["lines"]} == {"201", "404"}
    problem_of(strange, "invalid_input")


async def test_every_answer_names_its_place_in_the_trace_and_the_trace_is_found(
    noted: Noted,
) -> None:
    async with account(noted.world, "ada@example.com") as ada:
        headers = {"traceparent": TRACE}
        created = await ada.post("/api/sessions", json={"title": "T"}, headers=headers)
        await noted.tell()
        trace = await ada.get("/api/operations/traces/0af7651916cd43dd8448eb211c80319c")

    version, trace_id, span_id, flags = created.headers["traceresponse"].split("-")
    assert (version, trace_id, flags) == ("00", TRACE.split("-")[1], "01")
    assert span_id != TRACE.split("-")[2]
    (part,) = (each for each in trace.json()["parts"] if each["kind"] == "http")
    assert part["name"] == "POST /api/sessions"
    assert part["parentId"] == "b7ad6b7169203331"
    assert part["facts"]["requestId"] == created.headers["x-request-id"]


async def test_prometheus_reads_the_metrics_with_the_token_or_an_operators_key(
    noted: Noted,
) -> None:
    noted.world.gateway.states["files"] = DependencyState(status="down", detail="R2 is away.")
    async with noted.world.visitor() as prometheus, account(noted.world, "ada@example.com") as ada:
        await noted.tell()
        read = await prometheus.get("/api/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        wrong = await prometheus.get("/api/metrics", headers={"authorization": "Bearer nothing"})
        by_key = await ada.get("/api/metrics")

    assert read.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = {each.name: each for each in text_string_to_metric_families(read.text)}
    assert families["littoral_http_request_duration_seconds"].type == "histogram"
    up = {s.labels["dependency"]: s.value for s in families["littoral_dependency_up"].samples}
    assert (up["files"], up["settings"]) == (0, 1)
    problem_of(wrong, "not_authenticated")
    assert by_key.status_code == 200


async def test_log_lines_have_ids_and_numbers_and_nothing_that_somebody_wrote(
    noted: Noted,
) -> None:
    secret = "my password is swordfish"
    async with account(noted.world, "ada@example.com") as ada, noted.world.guest() as guest:
        key, cookie = ada.headers["x-api-key"], guest.cookies["littoral"]
        await ada.post("/api/chat", json={"message": f"Add task: {secret}"})
        await ada.get("/api/search", params={"q": secret})
        await ada.post(
            "/api/sessions", json={"title": secret}, headers={"x-request-id": "req-0001"}
        )
        await guest.post("/api/chat", json={"message": secret})
        await guest.post("/api/chat", content=secret)
        await guest.get(f"/api/{secret}")
        noted.world.gateway.broken.add("sessions.list")
        user_id = (await ada.get("/api/me")).json()["user"]["id"]
        await ada.get("/api/sessions")
    lines = await noted.tell()
    text = json.dumps([lines, noted.recorder.take().lines])

    for hidden in ("swordfish", key, cookie, "ada@example.com", cookie.split(".")[0]):
        assert hidden not in text
    turn = next(line for line in lines if line["kind"] == "turn")
    assert (turn["user"], turn["outcome"]) == (user_id, "completed")
    assert turn["inputTokens"] > 0 and turn["outputTokens"] > 0
    request = next(line for line in lines if line.get("requestId") == "req-0001")
    assert {name: request[name] for name in ("method", "route", "status", "user")} == {
        "method": "POST",
        "route": "/api/sessions",
        "status": 201,
        "user": user_id,
    }
    assert {"at", "ms", "traceId"} <= request.keys()
    routes = {line.get("route") for line in lines}
    assert "(nowhere)" in routes
    assert next(line for line in lines if line.get("status") == 500)["code"] == "internal_error"


# --- readiness -----------------------------------------------------------------------------------


async def ok() -> DependencyState:
    return DependencyState(status="ok")


async def test_a_dependency_that_fails_is_told_and_keeps_no_other_from_answering() -> None:
    async def away() -> DependencyState:
        raise DependencyUnavailable("D1 did not answer.")

    async def hangs() -> DependencyState:
        await asyncio.Event().wait()
        return DependencyState(status="ok")

    async def surprises() -> DependencyState:
        raise RuntimeError("a stack trace with a secret")

    probes = {"database": away, "files": hangs, "objects": ok, "queue": surprises}
    ready = Readiness(probes, ManualClock(), optional=frozenset({"queue"}), deadline_seconds=0.01)

    states = await ready.states()

    assert {name: state.status for name, state in states.items()} == {
        "database": "down",
        "files": "down",
        "objects": "ok",
        "queue": "down",
    }
    assert states["database"].detail == "D1 did not answer."
    assert states["files"].detail == "No answer within 0.01 seconds."
    assert "secret" not in states["queue"].detail
    assert not states["queue"].needed and states["database"].needed


async def test_a_look_is_kept_for_a_while_and_its_age_is_told() -> None:
    looks = 0
    clock = ManualClock()

    async def look() -> DependencyState:
        nonlocal looks
        looks += 1
        return DependencyState(status="ok")

    ready = Readiness({"database": look}, clock)
    await ready.states()
    clock.advance(seconds=4)
    states = await ready.states()
    assert (looks, states["database"].age_ms) == (1, 4_000)
    clock.advance(seconds=KEPT_MS / 1000)
    states = await ready.states()
    assert (looks, states["database"].age_ms) == (2, 0)


async def test_nobody_waits_for_another_requests_look() -> None:
    clock, gate, looks = ManualClock(), asyncio.Event(), 0

    async def look() -> DependencyState:
        nonlocal looks
        looks += 1
        if looks > 1:
            await gate.wait()
        return DependencyState(status="ok")

    ready = Readiness({"database": look}, clock)
    await ready.states()
    clock.advance(seconds=60)
    slow = asyncio.create_task(ready.states())
    await asyncio.sleep(0)

    states = await ready.states()

    assert states["database"].age_ms == 60_000
    gate.set()
    assert (await slow)["database"].age_ms == 0


async def test_ready_is_503_while_something_needed_is_down(noted: Noted) -> None:
    states = noted.world.gateway.states
    async with noted.world.visitor() as visitor:
        states["telemetry"] = DependencyState(status="down", needed=False, detail="Away.")
        assert (await visitor.get("/api/ready")).status_code == 200
        states["database"] = DependencyState(status="down", detail="D1 did not answer.", age_ms=7)
        answer = await visitor.get("/api/ready")

    assert answer.status_code == 503
    told = answer.json()
    assert told["status"] == "not_ready"
    assert told["dependencies"]["database"] == {
        "status": "down",
        "latencyMs": 0.0,
        "ageMs": 7,
        "needed": True,
        "detail": "D1 did not answer.",
    }


def test_a_model_whose_last_call_failed_degrades_and_is_forgotten_after_a_while() -> None:
    note = {"atMs": 1_000, "outcome": "failed", "breaker": "open", "code": "model_unavailable"}

    soon = models_state({"model @cf/a": note}, {}, ["@cf/a"], 31_000)
    later = models_state({"model @cf/a": note}, {"@cf/a": "closed"}, ["@cf/a"], 3_600_000)

    assert soon.status == "degraded"
    assert soon.detail == "@cf/a: failed (model_unavailable) 30 s ago, breaker open"
    assert not soon.needed
    assert models_state({}, {}, [], 0).status == "ok"
    assert later.status == "degraded", "its breaker was last seen open and nobody has tried since"


def test_a_queue_tells_what_waits_and_what_its_last_message_came_to() -> None:
    assert queue_state(None, None, 0).detail == "last message never seen"
    found = queue_state({"atMs": 0, "outcome": "failed"}, 3, 5_000)
    assert (found.status, found.detail) == ("degraded", "3 waiting; last message failed 5 s ago")
