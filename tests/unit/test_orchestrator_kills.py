"""A run is killed at every point between two things that happen in the world, one point a time."""

from __future__ import annotations

from typing import Any

import pytest

from littoral.errors import DependencyUnavailable
from littoral.orchestrator.run import OUTCOMES
from tests.fakes.sandbox import Script
from tests.unit.run_world import GRANT, RunWorld

SCRIPTS = {
    "one": Script(output=(("stdout", "1\n"), ("stderr", "e\n"))),
    "two": Script(output=(("stdout", "2\n"),)),
}
REQUEST: dict[str, Any] = {"commands": ["one", "two"], "idempotencyKey": "key"}
MOST_POINTS = 200


async def driven(world: RunWorld, request: dict[str, Any]) -> dict[str, Any]:
    """Starts the run as a stubborn client would, approves what waits, and sees its end."""
    for _ in range(5):
        try:
            run_id = await world.start(**request)
            break
        except DependencyUnavailable:
            world.restart()
    found = await world.until(
        lambda run: run["endedAt"] is not None or run["status"] == "waiting_for_approval", run_id
    )
    while found["endedAt"] is None:
        try:
            await world.call("run.approve", runId=run_id)
        except DependencyUnavailable:
            world.restart()
        found = await world.ended(run_id)
    return found


async def check(world: RunWorld, run: dict[str, Any]) -> None:
    """What must be true whenever it was killed."""
    world.spare()
    run_id = run["id"]
    events = await world.events(run_id)
    assert [each["number"] for each in events] == list(range(1, len(events) + 1))
    assert events[-1]["type"] == f"run.{run['status']}"
    ends = [e for e in events if e["type"].removeprefix("run.") in OUTCOMES]
    assert len(ends) == 1
    starts = world.sandbox(run_id).starts
    assert len(starts) == len(set(starts)), "a command ran twice"
    for kind in ("step.started", "step.completed"):
        told = [e["data"]["step"] for e in events if e["type"] == kind]
        assert len(told) == len(set(told)), f"{kind} was told twice"
    settled = round(run["credits"]["settled"] * 1000)
    assert await world.balance() == (GRANT - settled, 0)


@pytest.mark.parametrize("approval", [False, True], ids=["plain", "with approval"])
async def test_a_run_killed_at_any_point_ends_completed_with_nothing_done_twice(
    approval: bool,
) -> None:
    request = {**REQUEST, "requireApproval": approval}
    killed_at = 0
    for point in range(1, MOST_POINTS):
        world = await RunWorld(scripts=SCRIPTS).ready()
        world.fuse.left = point
        run = await driven(world, request)

        assert run["status"] == "completed", (point, run)
        assert run["output"] == "1\n2\n", point
        await check(world, run)
        await world.close()
        if world.kills == 0:
            break
        killed_at = point
    assert killed_at > 30, "the fuse met too few points"


async def test_a_run_killed_again_while_it_recovers_ends_as_well() -> None:
    for first in range(2, 60, 5):
        for second in range(1, 20, 4):
            world = await RunWorld(scripts=SCRIPTS).ready()
            world.fuse.left, world.further_kills = first, [second, second + 3]
            run = await driven(world, REQUEST)

            assert run["status"] == "completed", (first, second)
            await check(world, run)
            await world.close()


async def test_a_sandbox_that_dies_with_the_runtime_is_unknown_or_never_begun() -> None:
    for point in range(1, MOST_POINTS):
        world = await RunWorld(scripts={"one": Script(hold=True)}).ready()
        world.fuse.left = point
        run_id = ""
        for _ in range(3):
            try:
                run_id = await world.start(command="one", idempotencyKey="key")
                break
            except DependencyUnavailable:
                world.restart()
        for _ in range(30):
            await world.breathe()
            if world.kills:
                break
            await world.pass_time(1)
        if not world.kills:
            await world.close()
            break
        if world._life is None:
            world.restart()
        begun = list(world.sandbox(run_id).starts)
        await world.sandbox(run_id).lose()
        if not begun:
            world.sandbox(run_id).scripts.clear()
        run = await world.ended(run_id)

        expected = ("failed", "unknown") if begun else ("completed", 0)
        assert (run["status"], run["exitCode"]) == expected, point
        await check(world, run)
        await world.close()
