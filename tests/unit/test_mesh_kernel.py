"""One agent of the mesh and its neighbours: what is taken, refused, retried, remembered."""

from __future__ import annotations

from typing import Any

from littoral.mesh.kernel.behaviour import (
    Decision,
    Effect,
    Incoming,
    State,
)
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.upgrades import NO_UPGRADES
from tests.fakes.mesh import MeshWorld


class Echo:
    kind = "worker"
    version = 1
    capabilities = ("echo",)
    accepts = {"echo.ask": {"type": "object"}}
    upgrades = NO_UPGRADES
    effects_at_once = 4

    def initial(self) -> State:
        return {"asked": 0}

    def apply(self, state: State, event: MeshEvent) -> State:
        state["asked"] += 1
        return state

    def decide(self, state: State, incoming: Incoming, now: int) -> Decision:
        return Decision(events=(("echo.asked", {}),), reply={"n": state["asked"] + 1})

    async def perform(self, effect: Effect) -> Any:
        return {}

    def status(self, state: State) -> Any:
        return {}


async def test_a_message_is_taken_once():
    world = MeshWorld({"worker-1": Echo()})
    assert await world.send("worker-1", "echo.ask", {}, message_id="one") == {"n": 1}
    assert await world.send("worker-1", "echo.ask", {}, message_id="one") == {"n": 1}
    assert world.types("worker-1") == ["agent.started", "message.received", "echo.asked"]
    await world.run(seconds=30)
    world.check()
    assert len(world.home.events["worker-1"]) == 3
    await world.close()
