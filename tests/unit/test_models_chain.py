"""The chain: fallbacks, retries, breakers, deadlines, and what a person is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import cast

import pytest

from littoral.errors import DeadlineExceeded, ModelRefused, ModelUnavailable
from littoral.models.breaker import Breaker
from littoral.models.chain import Link, ModelChain
from littoral.models.deployment import build
from littoral.models.model import (
    Chosen,
    Finished,
    ModelEvent,
    ModelMessage,
    ModelRequest,
    TextDelta,
    Usage,
)
from littoral.models.offline import OfflineModel
from littoral.models.retry import RetryPolicy
from littoral.settings import Settings
from tests.fakes.clock import ManualClock
from tests.fakes.scripted_provider import Part, ScriptedProvider, answer

BUSY = ModelUnavailable("There is no capacity.")
REQUEST = ModelRequest(messages=[ModelMessage(role="user", text="hi")], timeout_seconds=60)


class Bench:
    """A chain with a clock that moves only when the chain sleeps or a test moves it."""

    def __init__(self, *providers: ScriptedProvider, offline: bool = True) -> None:
        self.clock = ManualClock()
        self.slept: list[float] = []
        links = [self._link(f"m{n}", each) for n, each in enumerate(providers)]
        if offline:
            links.append(Link(id="offline", model=OfflineModel(), breaker=Breaker(self.clock)))
        self.chain = ModelChain(
            links, clock=self.clock, random=lambda: 1.0, sleep=self._sleep, retry=RetryPolicy()
        )

    def _link(self, name: str, provider: ScriptedProvider) -> Link:
        return Link(id=name, model=provider, breaker=Breaker(self.clock))

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(seconds=seconds)

    async def ask(self, request: ModelRequest = REQUEST) -> list[ModelEvent]:
        return [event async for event in self.chain.stream(request)]


def provider(*parts: Part) -> ScriptedProvider:
    return ScriptedProvider(*parts)


async def test_the_first_model_answers_and_is_named_first() -> None:
    first = provider(answer("Hello", " there"))
    bench = Bench(first)
    events = await bench.ask()
    assert events == [
        Chosen(model="m0"),
        TextDelta(text="Hello"),
        TextDelta(text=" there"),
        Finished(),
    ]
    assert first.requests[0].model == "m0"
    assert first.requests[0].timeout_seconds == 60


async def test_a_retry_with_growing_waits_does_not_degrade_the_answer() -> None:
    first = provider([BUSY], [BUSY], answer("Hello"))
    bench = Bench(first)
    events = await bench.ask()
    assert events[:2] == [Chosen(model="m0"), TextDelta(text="Hello")]
    assert bench.slept == [0.25, 0.5]
    assert first.closed == 3


async def test_the_next_model_answers_when_the_first_is_given_up_and_the_person_is_told() -> None:
    events = await Bench(provider([BUSY]), provider(answer("Hello"))).ask()
    chosen = events[0]
    assert isinstance(chosen, Chosen)
    assert chosen.model == "m1"
    assert chosen.degraded
    assert chosen.reason == "m0 did not answer: There is no capacity."


async def test_a_refusal_is_not_retried() -> None:
    first = provider([ModelRefused("No such model.")])
    bench = Bench(first, provider(answer("Hello")))
    await bench.ask()
    assert len(first.requests) == 1
    assert bench.slept == []


async def test_offline_comes_last_and_says_so() -> None:
    events = await Bench(provider([BUSY])).ask()
    chosen = events[0]
    assert isinstance(chosen, Chosen)
    assert (chosen.model, chosen.degraded) == ("offline", True)
    assert isinstance(events[-1], Finished)


async def test_a_chosen_offline_model_is_not_degraded() -> None:
    events = await Bench().ask()
    assert events[0] == Chosen(model="offline")


async def test_without_any_answer_the_last_error_is_raised() -> None:
    bench = Bench(provider([BUSY]), provider([ModelRefused("Bad key.")]), offline=False)
    with pytest.raises(ModelRefused, match="Bad key"):
        await bench.ask()


@pytest.mark.parametrize("error", [BUSY, ModelRefused("Stopped by a filter.")])
async def test_a_failure_after_the_first_words_is_not_hidden(error: Exception) -> None:
    bench = Bench(provider([TextDelta(text="Hel"), error]), provider(answer("Other")))
    seen: list[ModelEvent] = []
    with pytest.raises(ModelUnavailable):
        async for event in bench.chain.stream(REQUEST):
            seen.append(event)
    assert seen == [Chosen(model="m0"), TextDelta(text="Hel")]


async def test_a_stream_that_just_stops_is_a_failure() -> None:
    with pytest.raises(ModelUnavailable, match="cut off"):
        await Bench(provider([TextDelta(text="Hel")])).ask()
    events = await Bench(provider([])).ask()
    assert isinstance(events[0], Chosen)
    assert events[0].degraded


async def test_an_exceeded_deadline_leaves_only_the_offline_model() -> None:
    class Slow(ScriptedProvider):
        async def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]:
            self.requests.append(request)
            bench.clock.advance(seconds=60)
            raise DeadlineExceeded("Too slow.")
            yield

    second = provider(answer("Hello"))
    bench = Bench(Slow([]), second)
    events = await bench.ask()
    assert isinstance(events[0], Chosen)
    assert events[0].model == "offline"
    assert second.requests == []


async def test_a_silent_model_leaves_time_for_the_next_one() -> None:
    class Silent(ScriptedProvider):
        async def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]:
            await asyncio.Event().wait()
            yield Finished()

    bench = Bench(Silent([]), provider(answer("Hello")))
    events = await bench.ask(replace(REQUEST, timeout_seconds=0.05))
    assert events[1] == TextDelta(text="Hello")
    assert isinstance(events[0], Chosen)
    assert events[0].degraded


async def test_each_attempt_gets_the_time_that_is_left() -> None:
    first = provider([BUSY], answer("Hello"))
    await Bench(first).ask()
    assert [each.timeout_seconds for each in first.requests] == [60, 59.75]


async def test_a_provider_that_asks_for_a_long_wait_is_given_up() -> None:
    first = provider([ModelUnavailable("Busy.", retry_after_seconds=30)])
    bench = Bench(first)
    await bench.ask()
    assert len(first.requests) == 1


async def test_a_provider_that_asks_for_a_short_wait_gets_it() -> None:
    bench = Bench(provider([ModelUnavailable("Busy.", retry_after_seconds=2)], answer("Hi")))
    await bench.ask()
    assert bench.slept == [2]


async def test_a_failure_that_cannot_pass_is_not_retried() -> None:
    first = provider([ModelUnavailable("No account.", retryable=False)])
    await Bench(first).ask()
    assert len(first.requests) == 1


async def test_a_model_that_keeps_failing_is_given_a_pause_and_then_a_trial() -> None:
    first = provider(*[[BUSY]] * 6, answer("Back"))
    bench = Bench(first)
    await bench.ask()
    await bench.ask()
    assert len(first.requests) == 5
    assert bench.chain.breakers()["m0"].state == "open"
    events = await bench.ask()
    assert len(first.requests) == 5
    assert isinstance(events[0], Chosen)
    assert "pause" in events[0].reason
    bench.clock.advance(seconds=31)
    await bench.ask()
    assert len(first.requests) == 6
    assert bench.chain.breakers()["m0"].state == "open"
    bench.clock.advance(seconds=31)
    assert (await bench.ask())[0] == Chosen(model="m0")
    assert bench.chain.breakers()["m0"].state == "closed"


async def test_refusals_do_not_open_the_breaker() -> None:
    bench = Bench(provider([ModelRefused("Too long.")]))
    for _ in range(10):
        await bench.ask()
    assert bench.chain.breakers()["m0"].state == "closed"


async def test_closing_the_stream_ends_the_call_at_the_provider() -> None:
    first = provider(answer("a", "b", "c"))
    bench = Bench(first)
    events = cast("AsyncGenerator[ModelEvent, None]", bench.chain.stream(REQUEST))
    async with aclosing(events):
        async for event in events:
            if isinstance(event, TextDelta):
                break
    assert first.closed == 1
    assert bench.chain.breakers()["m0"].recent_failures == 0


async def test_the_meter_counts_calls_failures_and_usage_by_model() -> None:
    used = Usage(input_tokens=3, output_tokens=2, cost_usd=0.5)
    bench = Bench(provider([BUSY], answer("a", usage=used), answer("b", usage=used)))
    await bench.ask()
    await bench.ask()
    total = bench.chain.meter.totals()["m0"]
    assert (total.calls, total.failures) == (2, 1)
    assert total.usage == used + used


def built(**fields: object) -> list[str]:
    settings = Settings(**fields)  # type: ignore[arg-type]
    chain = build(settings, ai=None, http=None, skills=(), clock=ManualClock())
    return list(chain.breakers())


def test_the_settings_give_the_default_then_the_fallbacks_then_offline() -> None:
    order = built(default_model="@cf/a", fallback_models=("openai/b", "@cf/a", "@cf/c"))
    assert order == ["@cf/a", "openai/b", "@cf/c", "offline"]
    assert built(default_model="offline", fallback_models=("@cf/a",)) == ["offline"]
    assert built(default_model="@cf/a", fallback_models=("offline", "@cf/b")) == [
        "@cf/a",
        "offline",
    ]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"default_model": "gpt-4"}, "DEFAULT_MODEL has 'gpt-4'"),
        ({"default_model": "openai/"}, "DEFAULT_MODEL"),
        ({"fallback_models": ("@cf/a", "claude")}, "FALLBACK_MODELS has 'claude'"),
    ],
)
def test_an_unknown_id_is_refused_with_the_setting_that_has_it(
    fields: dict[str, object], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        built(**fields)


async def test_a_model_without_its_provider_falls_back_at_once() -> None:
    settings = Settings(default_model="@cf/a", fallback_models=("openai/b",))
    chain = build(settings, ai=None, http=None, skills=(), clock=ManualClock())
    events = [event async for event in chain.stream(REQUEST)]
    assert isinstance(events[0], Chosen)
    assert events[0].degraded
    assert "AI binding" in events[0].reason
