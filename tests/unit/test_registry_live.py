"""The live view: what it shows, and that many changes make few frames."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from littoral.api.envelope import Call, result_of
from littoral.registry.live import LiveRegistry
from littoral.registry.live_doors import LiveDoors
from tests.fakes.connections import FakeConnections
from tests.unit.registry_world import OWNER, RegistryWorld


class Page:
    """An open page and the view behind it; pauses end when the test says so."""

    def __init__(self, world: RegistryWorld) -> None:
        self.connections = FakeConnections()
        self.rested = asyncio.Event()
        self.tasks: list[asyncio.Task[Any]] = []
        self.live = LiveRegistry(
            OWNER,
            world.database,
            self.connections,
            world.clock,
            spawn=self._spawn,
            pause=self._pause,
        )
        self.doors = LiveDoors(self.live)

    def _spawn(self, work: Callable[[], Awaitable[Any]]) -> None:
        self.tasks.append(asyncio.ensure_future(work()))

    async def _pause(self, seconds: float) -> None:
        await self.rested.wait()

    async def tell(self) -> None:
        call = Call(method="registry.told", owner=OWNER)
        assert result_of(await self.doors.answer(call.text())) == {"told": True}


async def test_many_changes_make_few_frames_and_the_last_one_is_shown() -> None:
    world = await RegistryWorld().ready(prompt_template="{{input}}" + "x" * 3_000)
    page = Page(world)
    await page.tell()
    assert page.tasks == []

    socket = page.connections.connect("one")
    for number in range(5):
        await world.execute(f"exe_{number}")
        await page.tell()
        await asyncio.sleep(0)
    page.rested.set()
    await asyncio.wait_for(asyncio.gather(*page.tasks), 5)

    assert 1 <= len(socket.frames) <= 3
    state = socket.last("cf_agent_state")["state"]
    assert [each["id"] for each in state["executions"]] == [f"exe_{n}" for n in (0, 1, 2, 3, 4)]
    assert state["counts"] == {"agents": 1, "executions": 5, "failed": 0, "running": 0}
    assert len(state["agents"][0]["promptTemplate"]) == 1_000 and state["agents"][0]["cut"]
    assert "variables" not in state["executions"][0]
    await world.close()


async def test_a_call_that_is_none_is_answered_as_such() -> None:
    world = await RegistryWorld().ready()
    page = Page(world)

    answer = await page.doors.answer(Call(method="x", owner=OWNER).text())
    broken = await page.doors.answer("{")

    assert '"not_found"' in answer and '"invalid_input"' in broken
    await world.close()
