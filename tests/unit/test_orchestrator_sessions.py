"""Sandbox sessions: opened, paid, used by runs, stopped; and what is kept of old runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from littoral.errors import Conflict, InsufficientCredits, InvalidInput, NotFound
from littoral.orchestrator import limits
from littoral.orchestrator.retention import Retention
from littoral.orchestrator.sandbox_sessions import PERIOD_MINUTES
from tests.fakes.sandbox import Script
from tests.unit.run_world import GRANT, RunWorld


@pytest.fixture
async def world() -> AsyncIterator[RunWorld]:
    made = await RunWorld(scripts={"say": Script(output=(("stdout", "x" * 100),))}).ready()
    yield made
    await made.close()


async def opened(world: RunWorld, **args: Any) -> str:
    session_id: str = (await world.call("session.create", **args))["sessionId"]
    for _ in range(30):
        await world.breathe()
        found = await world.call("session.describe", sessionId=session_id)
        if found["status"] != "starting":
            break
        await world.pass_time(2)
    assert found["status"] == "ready"
    return session_id


async def test_a_session_is_opened_listed_and_stopped(world: RunWorld) -> None:
    session_id = await opened(world, name=" my  desk ", network=["api.example.org"])
    listed = (await world.call("session.list"))["sessions"]

    assert [(each["id"], each["name"], each["network"]) for each in listed] == [
        (session_id, "my desk", ["api.example.org"])
    ]
    assert world.sandbox(session_id).network == ["api.example.org"]
    for _ in range(2):
        stopped = await world.call("session.stop", sessionId=session_id)
        assert stopped["status"] == "stopped"
    assert not world.sandbox(session_id).running
    assert (await world.balance())[1] == 0


async def test_a_session_survives_a_kill_while_it_begins(world: RunWorld) -> None:
    session_id = (await world.call("session.create"))["sessionId"]
    world.kill()
    world.restart()
    for _ in range(30):
        await world.breathe()
        await world.pass_time(2)

    found = await world.call("session.describe", sessionId=session_id)
    assert found["status"] == "ready"


async def test_a_session_is_paid_while_it_lasts_and_stopped_when_it_cannot_be() -> None:
    world = await RunWorld().ready(granted=3_000)  # a start and 25 minutes
    session_id = await opened(world)
    for _ in range(3):
        await world.pass_time(PERIOD_MINUTES * 60)

    found = await world.call("session.describe", sessionId=session_id)
    assert found["status"] == "stopped"
    assert found["error"]["code"] == "insufficient_credits"
    available, reserved = await world.balance()
    assert 0 <= available < 1_000
    assert reserved == 0
    await world.close()


async def test_without_credits_no_session_is_opened() -> None:
    world = await RunWorld().ready(granted=100)
    with pytest.raises(InsufficientCredits):
        await world.call("session.create")

    assert (await world.call("session.list"))["sessions"] == []
    await world.close()


async def test_a_run_in_a_session_uses_its_sandbox_and_leaves_it_running(world: RunWorld) -> None:
    session_id = await opened(world)
    run_id = await world.start(command="say", sessionId=session_id)
    run = await world.ended(run_id)

    assert run["status"] == "completed"
    assert world.sandbox(session_id).starts == [f"{run_id}-0"]
    assert world.sandbox(session_id).running
    with pytest.raises(InvalidInput):
        await world.start(command="say", sessionId=session_id, network=["api.example.org"])
    await world.call("session.stop", sessionId=session_id)
    with pytest.raises(Conflict):
        await world.start(command="say", sessionId=session_id)
    with pytest.raises(NotFound):
        await world.start(command="say", sessionId="box_nobody")


async def test_old_output_is_let_go_and_its_events_keep_their_numbers(world: RunWorld) -> None:
    run_id = await world.start(command="say")
    await world.ended(run_id)
    before = await world.events(run_id)
    world.clock.advance(seconds=limits.OLD_OUTPUT_MS / 1000 + 1)
    orchestrator = world.orchestrator
    retention = Retention(world.sql, orchestrator.book, orchestrator.events, world.clock)

    assert retention.forget_output() == 1
    assert retention.forget_output() == 0
    after = await world.events(run_id)
    assert [e["number"] for e in after] == [e["number"] for e in before]
    told = next(e["data"] for e in after if e["type"] == "step.output")
    assert (told["text"], told["letGo"]) == ("", 100)
    assert (await world.run(run_id))["output"] == "x" * 100


async def test_a_draft_that_nobody_comes_back_for_is_swept(world: RunWorld) -> None:
    world.database.lose_answers = 1
    with pytest.raises(Exception, match="lost"):
        await world.start(command="say", idempotencyKey="k")
    assert (await world.balance())[1] > 0

    await world.pass_time(limits.DRAFT_MS / 1000 + 5)
    assert await world.balance() == (GRANT, 0)
    assert (await world.call("run.list"))["runs"] == []
    with pytest.raises(Conflict, match="given up"):
        await world.start(command="say", idempotencyKey="k")
    assert world.orchestrator.book.active_count() == 0
