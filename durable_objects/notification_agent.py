"""The notification agent's Durable Object: hands the platform's events to the mesh's host."""

from __future__ import annotations

from typing import Any

from workers import DurableObject

from littoral.platform.mesh_object import MeshHost
from littoral.platform.mesh_watch import make_notification, notification_extras


class NotificationAgent(DurableObject):
    """Tells one owner, live and by webhooks. Its name is ``<owner>/notification``."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self._host = MeshHost(ctx, env, make_notification, methods=notification_extras)

    async def rpc(self, text: str) -> str:
        """One call of the agent's methods, as an envelope in and out."""
        return await self._host.rpc(text)

    async def alarm(self, *_: Any) -> None:
        await self._host.alarm()
