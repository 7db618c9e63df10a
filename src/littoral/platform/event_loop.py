"""Pyodide's event loop, mended in two places (Pyodide 314.0, November 2026), and a short way in.

**Timers are gone when they are cancelled.** The loop sets a JavaScript timer for ``call_later`` and
never clears it: cancelling only makes it do nothing. Every deadline that was kept would hold its
object in memory until the time is up, without hibernation.

**A callback is a plain call.** The loop runs each on a stack of its own, so that ``run_sync`` could
wait in it, and counts every future and task, for consoles, by one more callback each. A request
comes to ten such callbacks; without both it takes a twelfth less of the processor. Nothing here may
therefore call ``run_sync``. When a callback comes, and after which others, is as it was.
"""

from __future__ import annotations

import asyncio
import contextvars
import math
import sys
import weakref
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import js
from pyodide.ffi import create_once_callable, create_proxy, jsnull
from pyodide.webloop import PyodideFuture, PyodideTask, WebLoop
from pyodide_js._api import scheduleCallback  # type: ignore[import-not-found]

_LONGEST_MS = 2**31 - 1


def mend_event_loop() -> None:
    """Mends every loop. Call it before the first timer; repeatable."""
    WebLoop.call_later = _call_later  # also what ``call_soon`` is made of
    WebLoop.create_future = _create_future
    WebLoop.create_task = _create_task


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
        soon = asyncio.Handle(callback, args, loop, context)
        scheduleCallback(create_once_callable(partial(_run, loop, soon)), 0)
        return soon
    timer = _Timer(callback, args, loop, context=context)
    if delay != math.inf:
        timer.start(delay)
    return timer


def _run(loop: Any, handle: asyncio.Handle) -> None:
    _claim_thread_state(loop)
    if not handle.cancelled():
        handle._run()


def _claim_thread_state(loop: Any) -> None:
    """The loop and its hooks belong to a thread state: Pyodide makes one for each call that may
    wait."""
    if asyncio._get_running_loop() is not loop:
        asyncio._set_running_loop(loop)
    if sys.get_asyncgen_hooks().firstiter is None:
        loop._install_asyncgen_hooks()


def _create_future(loop: Any) -> asyncio.Future[Any]:
    future: asyncio.Future[Any] = PyodideFuture(loop=loop)
    return future


def _create_task(
    loop: Any,
    coro: Coroutine[Any, Any, Any],
    *,
    name: str | None = None,
    context: contextvars.Context | None = None,
    eager_start: bool | None = None,
) -> asyncio.Task[Any]:
    begun: asyncio.Task[Any] = PyodideTask(
        coro, loop=loop, name=name, context=context, eager_start=bool(eager_start)
    )
    return begun


def plain_call(owner: Any, method: Callable[..., Any]) -> Any:
    """A method as a JavaScript function, for an event that the platform hands to ``owner``.

    The platform looks an event's handler up on the object. What it finds of Python it calls on a
    stack of its own, and inspects its signature; a function of JavaScript it just calls, which
    takes a thirteenth less of the processor for a turn by socket. Keep the result on ``owner``,
    under the name of the event: it does not keep ``owner`` alive.
    """
    loop, seen = asyncio.get_running_loop(), weakref.ref(owner)

    def call(*arguments: Any) -> Any:
        _claim_thread_state(loop)
        return method(seen(), *arguments)

    plain = _function(owner, call)
    # The names by which the platform would call a function of Python; the first has options first.
    plain.callWithOptions = _function(owner, lambda _, *arguments: call(*arguments))
    plain.callRelaxed = plain
    return plain


def _function(owner: Any, call: Callable[..., Any]) -> Any:
    """A function that is no proxy of Python's for those who look; gone with ``owner``."""
    proxy = create_proxy(call)
    weakref.finalize(owner, proxy.destroy)
    kind = js.Function.prototype
    return js.Reflect.apply(kind.bind, kind.call, js.Array.of(proxy, jsnull))
