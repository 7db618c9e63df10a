"""What the event loop must do for everybody else. Runs under CPython, and inside workerd on ours.

Each check is a coroutine function without arguments.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

Check = Callable[[], Awaitable[None]]
BUDGET_SECONDS = 5.0
"""What goes wrong here waits for ever."""

_place: contextvars.ContextVar[str] = contextvars.ContextVar("place", default="outside")


async def callbacks_run_in_the_order_in_which_they_were_asked_for() -> None:
    loop, seen = asyncio.get_running_loop(), []
    for number in range(20):
        loop.call_soon(seen.append, number)
    assert seen == [], "none runs at once"
    await _turns(3)
    assert seen == list(range(20))


async def a_cancelled_callback_does_not_run() -> None:
    loop, seen = asyncio.get_running_loop(), []
    soon, later = loop.call_soon(seen.append, "soon"), loop.call_later(0.01, seen.append, "later")
    soon.cancel()
    later.cancel()
    await asyncio.sleep(0.05)
    assert seen == []
    assert soon.cancelled() and later.cancelled()


async def timers_strike_in_the_order_of_their_times() -> None:
    loop, seen = asyncio.get_running_loop(), []
    for delay in (0.06, 0.02, 0.0, 0.04):
        loop.call_later(delay, seen.append, delay)
    await asyncio.sleep(0.2)
    assert seen == [0.0, 0.02, 0.04, 0.06]


async def a_task_begins_later_and_keeps_its_own_context() -> None:
    seen: list[str] = []

    async def work() -> None:
        seen.append(_place.get())
        _place.set("inside")
        await asyncio.sleep(0)
        seen.append(_place.get())

    task = asyncio.get_running_loop().create_task(work())
    assert seen == [], "it has not begun"
    await task
    assert (seen, _place.get()) == (["outside", "inside"], "outside")


async def a_cancelled_task_cleans_up_and_says_so() -> None:
    seen: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            seen.append("cleaned up")

    task = asyncio.create_task(work())
    await _turns(1)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        seen.append("cancelled")
    assert seen == ["cleaned up", "cancelled"]


async def a_deadline_ends_what_waits() -> None:
    try:
        async with asyncio.timeout(0.02):
            await asyncio.get_running_loop().create_future()
    except TimeoutError:
        return
    raise AssertionError("it went on waiting")


async def an_error_that_nobody_looks_at_is_told() -> None:
    told: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, about: told.append(about))
    try:
        task = loop.create_task(_failing())
        del task
        await _turns(3)
        gc.collect()
        loop.call_soon(_fail)
        await _turns(3)
    finally:
        loop.set_exception_handler(None)
    assert sorted(str(about["exception"]) for about in told) == ["in a callback", "in a task"]


async def a_generator_that_was_left_is_closed() -> None:
    seen: list[str] = []

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            seen.append("closed")

    async for _ in numbers():
        break
    gc.collect()
    await _turns(3)
    assert seen == ["closed"]


async def results_come_back_in_the_order_of_the_asking() -> None:
    async def number(value: int) -> int:
        await asyncio.sleep((5 - value) / 500)
        return value

    assert await asyncio.gather(*(number(value) for value in range(5))) == [0, 1, 2, 3, 4]


async def _failing() -> None:
    raise LookupError("in a task")


def _fail() -> None:
    raise LookupError("in a callback")


async def _turns(number: int) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def within_budget(check: Check) -> None:
    """Runs a check, which may wait for ever when the loop does not do what it must."""
    await asyncio.wait_for(check(), BUDGET_SECONDS)


CHECKS: tuple[Check, ...] = (
    callbacks_run_in_the_order_in_which_they_were_asked_for,
    a_cancelled_callback_does_not_run,
    timers_strike_in_the_order_of_their_times,
    a_task_begins_later_and_keeps_its_own_context,
    a_cancelled_task_cleans_up_and_says_so,
    a_deadline_ends_what_waits,
    an_error_that_nobody_looks_at_is_told,
    a_generator_that_was_left_is_closed,
    results_come_back_in_the_order_of_the_asking,
)
