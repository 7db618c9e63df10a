"""Agents of the mesh through kills, lost answers, copies and disorder: one effect per message.

After every story ``MeshWorld.check`` holds: numbers without a gap, no message taken twice, what the
owner's mesh heard equal to what was recorded, and replay equal to the live state.
"""

from __future__ import annotations

import pytest

from littoral.agent.alarm import AlarmClock
from littoral.errors import DependencyUnavailable
from littoral.mesh.directory.feed import Wanted
from littoral.mesh.directory.owner_mesh import OwnerMesh
from littoral.mesh.directory.ports import MeshPlace
from littoral.mesh.kernel.ports import Heard, Report
from tests.fakes.connections import FakeConnections
from tests.fakes.mesh import OWNER, Chaos, FakeHome, MeshWorld
from tests.fakes.mesh_objects import MeshObjects
from tests.fakes.session_object import SilentAlarm
from tests.fakes.sqlite import Sqlite
from tests.unit.mesh_pair import Adder, Squarer

PARTS = 3
SUM = 14
STORM = {"lose": 0.1, "lose_answer": 0.15, "duplicate": 0.2, "late": 0.15, "kill": 0.02}


async def story(chaos: Chaos, *, parts: int = PARTS) -> MeshWorld:
    """One task with some parts, until every part is added up."""
    world = MeshWorld(
        {
            "coordinator": Adder(capability="square"),
            "worker-1": Squarer(),
            "worker-2": Squarer(),
        },
        chaos=chaos,
    )
    assert await world.send("coordinator", "task.start", {"parts": parts}, message_id="t") == {
        "parts": parts
    }
    total = sum(number**2 for number in range(1, parts + 1))
    await world.run_until(lambda: world.state("coordinator")["sum"] >= total)
    await world.run(seconds=120)
    assert world.state("coordinator")["sum"] == total
    world.check()
    return world


def once_each(world: MeshWorld, parts: int) -> None:
    """Every part was taken by one worker, once, and counted once."""
    finished = [e for e in world.events("coordinator") if e.type == "part.finished"]
    assert len({each.body["part"] for each in finished}) == len(finished) == parts
    taken = [
        each.body["part"]
        for name in ("worker-1", "worker-2")
        for each in world.events(name)
        if each.type == "part.taken"
    ]
    assert len(set(taken)) == len(taken) == parts
    for name in ("coordinator", "worker-1", "worker-2"):
        assert world.home.events.get(name, []) == world.events(name)


async def test_a_kill_at_any_point_neither_loses_nor_doubles_anything():
    calm = await story(Chaos())
    points = calm.points
    once_each(calm, PARTS)
    await calm.close()
    assert points > 60
    for moment in range(1, points + 1):
        world = await story(Chaos(kill_at=moment))
        assert world.killed == 1 or moment > world.points, moment
        once_each(world, PARTS)
        await world.close()


@pytest.mark.parametrize("seed", range(20))
async def test_a_storm_of_losses_copies_disorder_and_kills_changes_nothing(seed: int):
    world = await story(Chaos(seed=seed, kills=12, **STORM), parts=15)
    once_each(world, 15)
    assert world.killed > 0
    await world.close()


async def test_a_message_of_a_user_that_is_sent_again_and_again_begins_one_task():
    world = await story(Chaos(seed=3, lose=0.3, kill=0.05, kills=5))
    for _ in range(3):
        again = await world.send("coordinator", "task.start", {"parts": PARTS}, message_id="t")
        assert again == {"parts": PARTS}
    assert world.types("coordinator").count("task.begun") == 1
    world.check()
    await world.close()


class MortalMesh(FakeHome):
    """The real mesh of an owner, which often dies before or after it has heard something."""

    def __init__(self, world: MeshWorld) -> None:
        super().__init__(world)
        self.sqlite = Sqlite()
        self.deaths = 0
        self.mesh = self._begun()

    def _begun(self) -> OwnerMesh:
        nobody = MeshObjects(OWNER, self._world.clock, self._world.ids)
        place = MeshPlace(
            owner=OWNER,
            sql=self.sqlite,
            connections=FakeConnections(),
            alarm=AlarmClock(SilentAlarm()),
            agents=nobody,
        )
        nobody.close()
        mesh = OwnerMesh(place, clock=self._world.clock, spawn=lambda work: None)
        mesh.on_start()
        return mesh

    def _dies(self) -> None:
        if self._world.chaos.random.random() < 0.3:
            self.deaths += 1
            self.mesh = self._begun()
            raise DependencyUnavailable("It died.")

    def report(self, report: Report) -> Heard:
        self._dies()
        heard = self.mesh.hear(report)
        self._dies()
        return heard


@pytest.mark.parametrize("seed", range(4))
async def test_the_feed_has_every_event_once_though_the_mesh_dies_again_and_again(seed: int):
    world = MeshWorld(
        {"coordinator": Adder(to="worker-1"), "worker-1": Squarer()},
        chaos=Chaos(seed=seed, kills=6, **STORM),
    )
    world.home = home = MortalMesh(world)
    await world.send("coordinator", "task.start", {"parts": 20}, message_id="t")
    await world.run_until(lambda: world.state("coordinator")["sum"] >= 2_870)
    await world.run(seconds=600)
    feed = home.mesh.feed.after(0, Wanted(), 500)
    assert [each["position"] for each in feed] == list(range(1, len(feed) + 1))
    for name in world.nodes:
        told = [(each["number"], each["type"]) for each in feed if each["agent"] == name]
        assert told == [(each.number, each.type) for each in world.events(name)]
    assert home.deaths > 2
    home.sqlite.close()
    await world.close()
