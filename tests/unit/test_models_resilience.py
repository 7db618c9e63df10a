"""The small parts around a call: deadline, breaker, retry policy, meter, prices."""

from __future__ import annotations

import asyncio

import pytest

from littoral.errors import DeadlineExceeded, ModelRefused, ModelUnavailable
from littoral.models.breaker import Breaker
from littoral.models.deadline import Deadline
from littoral.models.meter import Meter
from littoral.models.model import Usage
from littoral.models.prices import PRICES, PRICES_AS_OF, cost_usd
from littoral.models.retry import RetryPolicy
from tests.fakes.clock import ManualClock


async def test_a_deadline_strikes_what_waits() -> None:
    cancelled = asyncio.Event()

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with Deadline(0.01) as deadline, pytest.raises(DeadlineExceeded, match=r"0\.01 seconds"):
        await deadline.wait(hang())
    assert cancelled.is_set()


async def test_a_deadline_does_not_strike_its_user_between_two_waits() -> None:
    with Deadline(0.01) as deadline:
        await asyncio.sleep(0.03)
        with pytest.raises(DeadlineExceeded):
            await deadline.wait(asyncio.sleep(0))


async def test_a_deadline_lets_other_errors_and_results_through() -> None:
    async def fail() -> None:
        raise LookupError("mine")

    with Deadline(5) as deadline:
        with pytest.raises(LookupError, match="mine"):
            await deadline.wait(fail())
        assert await deadline.wait(asyncio.sleep(0, "result")) == "result"


async def test_a_cancellation_from_elsewhere_stays_one_even_when_the_time_is_up() -> None:
    async def work() -> None:
        with Deadline(0) as deadline:
            await asyncio.Event().wait()
            await deadline.wait(asyncio.sleep(0))

    async def both() -> None:
        with Deadline(60) as deadline:
            soon = asyncio.get_running_loop().call_soon
            soon(deadline._pass)
            soon(task.cancel)
            await deadline.wait(asyncio.Event().wait())

    task = asyncio.ensure_future(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    task = asyncio.ensure_future(both())
    with pytest.raises(asyncio.CancelledError):
        await task


def breaker(clock: ManualClock) -> Breaker:
    return Breaker(clock, most_failures=3, window_ms=10_000, pause_ms=5_000)


def test_a_breaker_opens_after_enough_failures_within_its_window() -> None:
    clock = ManualClock()
    given = breaker(clock)
    for _ in range(2):
        given.failed()
    assert given.state == "closed"
    assert given.allow()
    given.failed()
    assert given.state == "open"
    assert not given.allow()
    assert given.view().retry_at_ms == clock.now_ms() + 5_000
    assert given.view().recent_failures == 3


def test_failures_far_apart_leave_a_breaker_closed() -> None:
    clock = ManualClock()
    given = breaker(clock)
    for _ in range(10):
        given.failed()
        clock.advance(seconds=6)
    assert given.state == "closed"


def test_a_success_in_between_clears_the_count() -> None:
    given = breaker(ManualClock())
    for _ in range(2):
        given.failed()
    given.succeeded()
    given.failed()
    assert given.state == "closed"
    assert given.view().recent_failures == 1


def opened(clock: ManualClock) -> Breaker:
    given = breaker(clock)
    for _ in range(3):
        given.failed()
    clock.advance(seconds=5)
    return given


def test_after_the_pause_one_trial_is_let_through() -> None:
    given = opened(ManualClock())
    assert given.state == "half-open"
    assert [given.allow(), given.allow()] == [True, False]
    given.succeeded()
    assert given.state == "closed"
    assert given.allow()


def test_a_failed_trial_opens_again_at_once() -> None:
    given = opened(ManualClock())
    assert given.allow()
    given.failed()
    assert given.state == "open"
    assert not given.allow()


def test_an_abandoned_or_forgotten_trial_does_not_block_the_next() -> None:
    clock = ManualClock()
    given = opened(clock)
    assert given.allow()
    given.abandoned()
    assert given.allow()
    clock.advance(seconds=5)
    assert given.allow()


def pause(error: Exception, **fields: float) -> float | None:
    given = {"attempts": 1, "waited_seconds": 0.0, "timeout_seconds": 60.0, "random": 1.0, **fields}
    return RetryPolicy().pause_seconds(
        error,  # type: ignore[arg-type]
        attempts=int(given["attempts"]),
        waited_seconds=given["waited_seconds"],
        timeout_seconds=given["timeout_seconds"],
        random=lambda: given["random"],
    )


def test_waits_grow_are_random_and_have_a_ceiling() -> None:
    busy = ModelUnavailable()
    assert [pause(busy, attempts=n) for n in (1, 2)] == [0.25, 0.5]
    assert pause(busy, random=0.5) == 0.125
    assert pause(busy, random=0.0) == 0.0
    many = RetryPolicy(most_attempts=99)
    assert (
        many.pause_seconds(
            busy, attempts=50, waited_seconds=0, timeout_seconds=600, random=lambda: 1.0
        )
        == 4.0
    )


def test_attempts_and_waiting_are_limited() -> None:
    busy = ModelUnavailable()
    assert pause(busy, attempts=3) is None
    assert pause(busy, waited_seconds=11.9) is None
    assert pause(busy, timeout_seconds=1) is None


def test_only_what_may_pass_is_tried_again() -> None:
    assert pause(ModelRefused()) is None
    assert pause(DeadlineExceeded()) is None
    assert pause(ModelUnavailable(retryable=False)) is None
    assert pause(ModelUnavailable(retry_after_seconds=3), random=0) == 3
    assert pause(ModelUnavailable(retry_after_seconds=30)) is None


def test_prices_are_found_under_the_ids_of_the_settings() -> None:
    assert PRICES_AS_OF
    assert cost_usd("@cf/meta/llama-3.3-70b-instruct-fp8-fast", 1_000_000, 0) == 0.293
    assert cost_usd("openai/gpt-4o-mini", 0, 1_000_000) == 0.60
    assert cost_usd("openai/openai/gpt-4o-mini", 1_000_000, 1_000_000) == 0.75
    assert cost_usd("openai/llama3.2", 1_000_000, 1_000_000) == 0.0
    assert cost_usd("offline", 1, 1) == 0.0
    embedders = {name for name, (_, written) in PRICES.items() if written == 0}
    assert all("bge" in name or "embedding" in name for name in embedders)
    assert all(0 < PRICES[name][0] <= PRICES[name][1] for name in PRICES.keys() - embedders)


def test_a_meter_starts_empty_and_gives_copies() -> None:
    meter = Meter()
    totals = meter.totals()
    assert totals == {}
    meter.finished("m", Usage(input_tokens=1))
    meter.failed("m")
    assert totals == {}
    assert meter.totals()["m"].usage.input_tokens == 1
    assert meter.totals()["m"].failures == 1
