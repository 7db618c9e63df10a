"""What a Worker or an object is made of: settings, clock, ids, the model, background work."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from pyodide.webloop import PyodideTask

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


def at_once(work: Coroutine[Any, Any, None]) -> asyncio.Task[None] | None:
    """Begins a coroutine without waiting for a turn of the loop; gives its task unless it ended.

    What never waits then costs no hop of Pyodide's loop; the usual way takes three, of about 40 µs
    each (measured 2026-11). Raises what a coroutine raised that ended.
    """
    task: asyncio.Task[None] = PyodideTask(work, loop=asyncio.get_running_loop(), eager_start=True)
    if not task.done():
        return task
    task.result()
    return None


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
