"""Timers of the event loop that are really gone when they are cancelled.

Pyodide's loop sets a JavaScript timer for ``call_later`` and never clears it: cancelling only makes
it do nothing. Every deadline that was kept would hold its object in memory until the time is up,
without hibernation (seen in Pyodide 314.0, November 2026). What waits is left to the callers.
"""

from __future__ import annotations

import asyncio
import contextvars
import math
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import create_once_callable
from pyodide.webloop import WebLoop

_LONGEST_MS = 2**31 - 1
_plain_call_later = WebLoop.call_later  # also what ``call_soon`` is made of


def clear_cancelled_timers() -> None:
    """Makes every loop clear its timers. Call it before the first timer; repeatable."""
    WebLoop.call_later = _call_later


class _Timer(asyncio.Handle):
    """One JavaScript timer; ``cancel`` clears it."""

    _loop: asyncio.AbstractEventLoop
    _pending: Any = None

    def start(self, delay_seconds: float) -> None:
        """Begins to wait; once."""
        self._pending = create_once_callable(self._strike)
        milliseconds = min(delay_seconds * 1000, _LONGEST_MS)
        self._number = js.setTimeout(self._pending, milliseconds)

    def _strike(self) -> None:
        self._pending = None
        # A turn of the loop later, because only the loop's own callbacks may run coroutines.
        self._loop.call_soon(self._run_late)

    def _run_late(self) -> None:
        if not self.cancelled():
            self._run()

    def cancel(self) -> None:
        super().cancel()
        if self._pending is not None:
            js.clearTimeout(self._number)
            self._pending.destroy()
            self._pending = None


def _call_later(
    loop: Any,
    delay: float,
    callback: Callable[..., Any],
    *args: Any,
    context: contextvars.Context | None = None,
) -> asyncio.Handle:
    """As ``WebLoop.call_later``; a delay below zero is none."""
    if delay <= 0:
        soon: asyncio.Handle = _plain_call_later(loop, 0, callback, *args, context=context)
        return soon
    timer = _Timer(callback, args, loop, context=context)
    if delay != math.inf:
        timer.start(delay)
    return timer
