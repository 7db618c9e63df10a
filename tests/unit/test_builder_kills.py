"""A build is killed at every point between two things that happen, one point a time."""

from __future__ import annotations

from typing import Any

import pytest

from littoral.builder.build import ENDED
from littoral.builder.issue import Issue, found
from tests.unit.build_world import GRANT, BuildWorld

QUERY = "Build a to-do list"
MOST_POINTS = 250
LAST = ("build.completed", "build.failed", "build.cancelled", "build.budget_exceeded")


async def undisturbed() -> dict[str, str]:
    """The hashes of a build that nobody killed."""
    world = await BuildWorld().ready()
    await world.create(QUERY, start=True)
    state = await world.still()
    await world.close()
    return {path: file["hash"] for path, file in state["generatedFilesMap"].items()}


async def check(world: BuildWorld, state: dict[str, Any], hashes: dict[str, str]) -> None:
    """What must be true whenever it was killed."""
    world.spare()
    events = await world.events()
    assert [each["number"] for each in events] == list(range(1, len(events) + 1))
    assert [each["type"] for each in events if each["type"] in LAST] == ["build.completed"]
    saved = [each["data"]["path"] for each in events if each["type"] == "file.saved"]
    assert len(saved) == len(set(saved)), "a file was saved twice"
    found = {path: file["hash"] for path, file in state["generatedFilesMap"].items()}
    assert found == hashes
    texts = await world.texts()
    assert {path: world.store.objects[_key(world, found[path])].decode() for path in texts} == texts
    spent = round(state["budget"]["credits"]["used"] * 1000)
    assert await world.balance() == (GRANT - spent, 0)
    rows = await world.database.rows("SELECT status, active, files FROM builds")
    assert rows == [("completed", 0, len(hashes))]


def _key(world: BuildWorld, content_hash: str) -> str:
    return next(key for key in world.store.objects if key.endswith(content_hash))


@pytest.mark.parametrize("mode", ["deterministic", "smart"])
async def test_a_build_killed_at_any_point_is_the_build_that_nobody_killed(mode: str) -> None:
    hashes = await undisturbed()
    killed_at = 0
    for point in range(1, MOST_POINTS):
        world = await BuildWorld().ready()
        world.fuse.left = point
        await world.create(QUERY, start=True, mode=mode)
        state = await world.still()

        assert state["status"] == "completed", (point, state["error"])
        await check(world, state, hashes)
        await world.close()
        if world.kills == 0:
            break
        killed_at = point
    assert killed_at > 30, "the fuse met too few points"


async def test_a_build_killed_again_while_it_recovers_is_the_same_as_well() -> None:
    hashes = await undisturbed()
    for first in range(2, 60, 5):
        for second in range(1, 20, 4):
            world = await BuildWorld().ready()
            world.fuse.left, world.further_kills = first, [second, second + 3, 7]
            await world.create(QUERY, start=True)
            state = await world.still()

            assert state["status"] == "completed", (first, second)
            await check(world, state, hashes)
            await world.close()


async def test_a_build_stopped_and_resumed_again_and_again_is_the_same_build() -> None:
    hashes = await undisturbed()
    for pause in range(1, 12):
        world = await BuildWorld().ready()
        await world.create(QUERY, start=True)
        for _ in range(3):
            for _ in range(pause):
                await world.pass_time(1)
            state = await world.state()
            if state["status"] in ("drafting", "building", "reviewing"):
                stopped = (await world.call("build.cancel"))["state"]
                assert stopped["status"] == "cancelled"
                assert stopped["currentDevState"] == "idle"
                await world.still()
                await world.call("build.resume")
        state = await world.still()

        assert state["status"] == "completed", state["error"]
        found = {path: file["hash"] for path, file in state["generatedFilesMap"].items()}
        assert found == hashes
        events = await world.events()
        assert [each["number"] for each in events] == list(range(1, len(events) + 1))
        assert (await world.balance())[1] == 0
        await world.close()


async def test_whoever_is_killed_while_asking_leaves_no_place_and_no_credits_behind() -> None:
    for point in range(1, 8):
        world = await BuildWorld().ready()
        world.fuse.left = point
        try:
            await world.call("build.create", query=QUERY, start=True)
        except Exception:  # noqa: BLE001 - the caller goes away for ever
            pass
        for _ in range(80):
            if world._life is None:
                world.restart()
            await world.breathe()
            await world.pass_time(2)
        world.spare()
        rows = await world.database.rows("SELECT status, active FROM builds")
        assert rows in ([], [("completed", 0)]), point
        assert (await world.balance())[1] == 0, point
        await world.close()


class Grumbling:
    """Checks that find something until the file was written twice."""

    def __init__(self) -> None:
        self.looks = 0

    async def run(self, files: Any, blueprint: Any) -> list[Issue]:
        self.looks += 1
        return [found("app.js", "is too quiet", source="parse")] if self.looks < 2 else []


async def test_a_repair_killed_at_any_point_ends_truly() -> None:
    killed_at = 0
    for point in range(40, MOST_POINTS):
        world = await BuildWorld(checks=Grumbling()).ready()
        world.fuse.left = point
        await world.create(QUERY, start=True)
        state = await world.still()

        assert state["status"] in ENDED
        events = await world.events()
        assert [each["number"] for each in events] == list(range(1, len(events) + 1))
        assert sum(each["type"] in LAST for each in events) == 1
        assert state["status"] == "completed"
        await world.close()
        if world.kills == 0:
            break
        killed_at = point
    assert killed_at > 45
