"""What a Worker or an object is made of: settings, clock, ids, the model, background work."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from littoral.settings import Settings

_log = logging.getLogger(__name__)


def read_settings(env: Any) -> Settings:
    """The settings in a raw environment; raises ``ValueError`` that names a bad one."""

    def lookup(name: str) -> str | None:
        value = getattr(env, name, None)
        return value if isinstance(value, str) else None

    settings = Settings.read(lookup)
    logging.getLogger().setLevel(settings.log_level.upper())
    return settings


class Background:
    """Coroutines that run on beside the event that began them; failures go to the log."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Callable[[], Awaitable[Any]]) -> None:
        """Begins ``work()`` and keeps a reference to it until it ends."""
        task = asyncio.get_running_loop().create_task(_watched(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _watched(work: Callable[[], Awaitable[Any]]) -> None:
    try:
        await work()
    except Exception:  # noqa: BLE001 - nobody awaits it: the log is the only place to say so
        _log.exception("background work failed")
