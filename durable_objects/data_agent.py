"""The data agent's Durable Object: hands the platform's events to the mesh's host."""

from __future__ import annotations

from typing import Any

from workers import DurableObject

from littoral.mesh.watch.live import data_methods
from littoral.platform.mesh_object import MeshHost
from littoral.platform.mesh_watch import make_data


class DataAgent(DurableObject):
    """Looks at the watched pages of one owner. Its name is ``<owner>/data``."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._host = MeshHost(ctx, env, make_data, methods=lambda _, agent: data_methods(agent))

    async def rpc(self, text: str) -> str:
        """One call of the agent's methods, as an envelope in and out."""
        return await self._host.rpc(text)

    async def alarm(self, *_: Any) -> None:
        await self._host.alarm()
