"""The mesh's projections: each event once, rebuilt equal, whatever is killed or repeated."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest

from littoral.errors import DependencyUnavailable
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.projections.projections import Projections
from tests.fakes.mesh import OWNER
from tests.unit.mesh_work_world import WorkWorld


class WorldSource:
    """The events in the world's agents."""

    def __init__(self, world: WorkWorld) -> None:
        self._world = world

    async def agents(self) -> Mapping[str, int]:
        return {name: len(self._world.events(name)) for name in self._world.nodes}

    async def events(self, agent: str, since: int, limit: int) -> Sequence[MeshEvent]:
        return self._world.events(agent)[since : since + limit]


async def worked() -> tuple[WorkWorld, Projections]:
    """A mesh in which tasks ended in several ways."""
    world = await WorkWorld().ready()
    world.functions.fails = [DependencyUnavailable("Away.") for _ in range(4)]
    tasks = [
        await world.start(goal="Count words", items=[f"item {n}" for n in range(40)]),
        await world.start(goal="Add up", items=[[1], [2]], work="function", retries=1),
        await world.start(goal='Upper case: "abc"'),
    ]
    await world.start(goal="Count words", items=["unpaid"], fund=False)
    await world.until_ended(*tasks)
    await world.run(seconds=120)
    return world, Projections(OWNER, world.database, WorldSource(world), world.clock)


async def test_a_rebuild_gives_the_rows_that_were_there():
    world, projections = await worked()
    taken = await projections.catch_up()

    rebuilt = await projections.rebuild()

    assert rebuilt["equal"] and rebuilt["tasks"] == 3
    assert rebuilt["events"] == taken == sum(len(world.events(name)) for name in world.nodes)
    assert await projections.catch_up() == 0
    await world.close()


async def test_a_rebuild_says_that_rows_were_not_what_the_events_say():
    world, projections = await worked()
    await projections.catch_up()
    await world.database.rows("UPDATE mesh_parts SET status = 'failed' WHERE number = 7")

    rebuilt = await projections.rebuild()

    assert not rebuilt["equal"]
    assert (await projections.rebuild())["equal"]
    await world.close()


async def test_events_in_any_portions_and_repetitions_give_the_same_rows():
    world, projections = await worked()
    await projections.catch_up()
    wanted = await world.projector.digest(OWNER)
    await world.projector.reset(OWNER)
    dice = random.Random(7)

    left = dict.fromkeys(world.nodes, 0)
    while any(left[name] < len(world.events(name)) for name in left):
        name = dice.choice(list(left))
        again = max(0, left[name] - dice.randint(0, 5))
        portion = world.events(name)[again : left[name] + dice.randint(1, 9)]
        await world.projector.apply(OWNER, portion)
        left[name] = max(left[name], again + len(portion))

    assert await world.projector.digest(OWNER) == wanted
    await world.close()


async def test_an_answer_that_is_lost_counts_nothing_twice():
    world, projections = await worked()
    await projections.catch_up()
    wanted = await world.projector.digest(OWNER)
    await world.projector.reset(OWNER)

    events = world.events("coordinator")
    for since in range(0, 50, 10):
        positions = await world.projector.positions(OWNER)
        world.database.lose_answers = 1
        with pytest.raises(DependencyUnavailable):
            await world.projector.apply(OWNER, events[: since + 10], positions)
    await Projections(OWNER, world.database, WorldSource(world), world.clock).catch_up()

    assert await world.projector.digest(OWNER) == wanted
    await world.close()


async def test_a_gap_is_refused_and_nothing_of_it_kept():
    world, _ = await worked()
    events = world.events("coordinator")

    with pytest.raises(DependencyUnavailable):
        await world.projector.apply(OWNER, [events[0], events[2]])
    await world.projector.apply(OWNER, events[:1])
    with pytest.raises(DependencyUnavailable):
        await world.projector.apply(OWNER, events[5:9])

    assert await world.projector.positions(OWNER) == {"coordinator": 1}
    await world.close()


async def test_messages_are_counted_by_who_told_whom():
    world, projections = await worked()
    await projections.catch_up()

    rows = await world.database.rows(
        "SELECT sum(sent), sum(received) FROM mesh_messages WHERE kind = 'part.offer'"
    )

    offered = [
        each
        for each in world.events("coordinator")
        if each.type == "message.sent" and each.body["kind"] == "part.offer"
    ]
    assert rows == [(len(offered), len(offered))]
    await world.close()


async def test_tasks_are_listed_newest_first_in_pages():
    world, projections = await worked()
    await projections.catch_up()

    first = await world.rows.page(limit=2)
    rest = await world.rows.page(limit=2, cursor=first["cursor"])

    ids = [each["taskId"] for each in (*first["tasks"], *rest["tasks"])]
    assert len(ids) == len(set(ids)) == 3 and rest["cursor"] is None
    failed = await world.rows.page(status="failed")
    assert [each["counts"]["failed"] for each in failed["tasks"]] == [2]
    await world.close()
