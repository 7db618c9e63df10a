"""Workflow instances of what has ended are deleted soon after, whatever dies in between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from littoral.orchestrator import limits
from tests.fakes.sandbox import Script
from tests.unit.run_world import RunWorld

KEPT_SECONDS = limits.INSTANCE_KEPT_MS / 1000


@pytest.fixture
async def world() -> AsyncIterator[RunWorld]:
    made = await RunWorld(scripts={"say": Script(output=(("stdout", "x"),))}).ready()
    yield made
    await made.close()


async def later(world: RunWorld, seconds: float = KEPT_SECONDS) -> None:
    await world.pass_time(seconds)
    await world.breathe()


async def test_the_instance_of_a_run_is_deleted_some_time_after_its_end(world: RunWorld) -> None:
    run_id = await world.start(command="say 42")
    await world.ended(run_id)
    await later(world, KEPT_SECONDS / 2)
    assert run_id in world.workflows.instances

    await later(world)
    assert world.workflows.instances == {}
    assert (await world.run(run_id))["status"] == "completed"

    await later(world)
    assert world.workflows.deletions == [[run_id]]


async def test_the_alarm_is_set_for_the_deletion(world: RunWorld) -> None:
    await world.ended(await world.start(command="say 42"))
    due = world.orchestrator._instances.next_due_at_ms()
    assert due is not None

    await later(world)
    assert world.orchestrator._instances.next_due_at_ms() is None


async def test_instances_that_took_over_are_deleted_too(world: RunWorld) -> None:
    world.workflows.deaf = True
    run_id = await world.start(command="say 42")
    await world.ended(run_id)
    assert len(world.workflows.instances) == limits.MOST_MOTORS

    await later(world)
    assert world.workflows.instances == {}


async def test_the_instance_of_a_session_goes_when_the_session_is_there(world: RunWorld) -> None:
    session_id = (await world.call("session.create"))["sessionId"]
    for _ in range(5):
        await later(world, 2)
    assert session_id in world.workflows.instances

    await later(world)
    assert world.workflows.instances == {}
    found = await world.call("session.describe", sessionId=session_id)
    assert found["status"] in ("ready", "asleep")


async def test_a_deletion_that_fails_is_tried_again_but_not_for_ever(world: RunWorld) -> None:
    world.workflows.undeletable = True
    await world.ended(await world.start(command="say 1"))
    for _ in range(2):
        await later(world)
    world.workflows.undeletable = False
    await later(world)
    assert world.workflows.instances == {}

    world.workflows.undeletable = True
    await world.ended(await world.start(command="say 2"))
    for _ in range(limits.MOST_DELETIONS):
        await later(world)
    assert world.orchestrator._instances.next_due_at_ms() is None


@pytest.mark.parametrize("left", (1, 2))
async def test_a_kill_at_the_deletion_loses_nothing(world: RunWorld, left: int) -> None:
    run_id = await world.start(command="say 42")
    await world.ended(run_id)
    world.fuse.left = left
    await later(world)
    assert world.kills == 1
    world.spare()
    await later(world)

    assert world.workflows.instances == {}
    assert (await world.run(run_id))["status"] == "completed"


async def test_an_instance_that_late_news_began_anew_is_deleted_too(world: RunWorld) -> None:
    run_id = await world.start(command="say 42")
    await world.ended(run_id)
    await later(world)
    world.orchestrator.motors.news("run", run_id)
    await world.breathe()
    assert run_id in world.workflows.instances

    await later(world)
    assert world.workflows.instances == {}
    assert [event["type"] for event in await world.events(run_id)].count("run.completed") == 1


async def test_what_is_noted_anew_during_a_deletion_is_deleted_later(world: RunWorld) -> None:
    note, deleted = world.orchestrator._instances.note, world.workflows.delete
    note("run", "run_1", 0)

    async def noted_meanwhile(kind: str, instance_ids: Sequence[str]) -> None:
        await deleted(kind, instance_ids)
        if len(world.workflows.deletions) == 1:
            note("run", "run_1", 1)

    world.workflows.delete = noted_meanwhile  # type: ignore[method-assign]
    for _ in range(3):
        await later(world)

    assert world.workflows.deletions == [["run_1"], ["run_1", "run_1-m1"]]


async def test_many_ends_are_deleted_in_batches(world: RunWorld) -> None:
    note = world.orchestrator._instances.note
    for number in range(60):
        note("run", f"run_{number}", 3)
    for _ in range(3):
        await later(world)

    assert [len(ids) for ids in world.workflows.deletions] == [100, 100, 40]
    assert world.workflows.deletions[0][:2] == ["run_0", "run_0-m1"]
