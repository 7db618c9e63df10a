"""The coordinator's Durable Object: hands the platform's events to the mesh's host."""

from __future__ import annotations

from typing import Any

from workers import DurableObject

from littoral.mesh.work.live import live_methods
from littoral.platform.mesh_object import MeshHost
from littoral.platform.mesh_work import QueuedTransport, make_coordinator


class CoordinatorAgent(DurableObject):
    """The coordinator of one owner's mesh. Its name is ``<owner>/coordinator``."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._host = MeshHost(
            ctx,
            env,
            make_coordinator,
            methods=lambda _, agent: live_methods(agent),
            wrap_transport=QueuedTransport,
        )

    async def rpc(self, text: str) -> str:
        """One call of the agent's methods, as an envelope in and out."""
        return await self._host.rpc(text)

    async def alarm(self, *_: Any) -> None:
        await self._host.alarm()
