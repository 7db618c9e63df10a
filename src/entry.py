"""The Worker's entry: makes the doors once and sends every request to one of them."""

from __future__ import annotations

from typing import Any

from workers import WorkerEntrypoint

from durable_objects.key_sockets import KeySockets
from durable_objects.rate_limiter import RateLimiter
from durable_objects.session_directory import SessionDirectory
from durable_objects.task_agent import TaskAgent
from littoral.api.app import build_app
from littoral.clock import RandomIds, SystemClock
from littoral.platform.answer import misconfigured
from littoral.platform.asgi import respond
from littoral.platform.database import D1Database
from littoral.platform.gateway import DurableGateway, raw_env
from littoral.platform.hot_door import HotDoor
from littoral.platform.limiter import DurableLimiter
from littoral.platform.runtime import read_settings

__all__ = ["Default", "KeySockets", "RateLimiter", "SessionDirectory", "TaskAgent"]

_doors: dict[str, Any] = {}


class Default(WorkerEntrypoint):
    """Everything that comes by HTTP."""

    async def fetch(self, request: Any) -> Any:
        """Chat and sockets take the hot door, everything else the framework's."""
        raw = getattr(request, "js_object", request)
        try:
            doors = _open_doors(raw_env(self.env))
        except ValueError as error:
            return misconfigured(error)
        path = "/" + raw.url.split("/", 3)[3].partition("?")[0]
        if doors["hot"].takes(raw.method, path):
            return await doors["hot"].answer(raw, path)
        return await respond(doors["front"], raw, self.ctx.waitUntil)


def _open_doors(env: Any) -> dict[str, Any]:
    """Both doors, made at the first request: bindings cannot be touched before."""
    if not _doors:
        settings, clock, ids = read_settings(env), SystemClock(), RandomIds()
        database, limiter = D1Database(env.DB), DurableLimiter(env)
        _doors["hot"] = HotDoor(env, settings, clock, ids, database=database, limiter=limiter)
        _doors["front"] = build_app(
            DurableGateway(env, clock), settings, clock, ids, database=database, limiter=limiter
        )
    return _doors
