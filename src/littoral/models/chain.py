"""The list of models that a deployment uses, behind one ``Model``: first the best, last offline.

Around each model stand a circuit breaker, retries with jitter, and the meter. Before the first
words a failing model is retried and then passed over; after them nothing is, because words cannot
be taken back. What a person is told about a degraded answer is in ``Chosen``.
"""

from __future__ import annotations

import asyncio
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Sequence,
)
from contextlib import aclosing
from dataclasses import dataclass, replace

from littoral.clock import Clock
from littoral.errors import DeadlineExceeded, LittoralError, ModelRefused, ModelUnavailable
from littoral.models.breaker import Breaker, BreakerView
from littoral.models.deadline import Deadline
from littoral.models.meter import Meter
from littoral.models.model import Chosen, Finished, Model, ModelEvent, ModelRequest
from littoral.models.offline import OFFLINE
from littoral.models.reply_stream import close
from littoral.models.retry import RetryPolicy

SHARE_OF_SILENCE = 0.5
"""Part of the time left that a model may be silent while another one could be asked."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """One model of the chain. ``id`` is as the settings have it."""

    id: str
    model: Model
    breaker: Breaker


@dataclass(kw_only=True)
class _Call:
    """One call of the chain while it lasts.

    ``setback`` is what the present link met; it becomes the ``reason`` when the link is given up.
    """

    request: ModelRequest
    begun_ms: int
    asked_ms: int = 0
    attempts: int = 0
    waited_seconds: float = 0.0
    said: bool = False
    setback: str = ""
    reason: str = ""
    error: LittoralError | None = None

    def next_link(self) -> None:
        self.attempts = 0
        self.reason = self.reason or self.setback

    def chosen(self, model: str) -> Chosen:
        return Chosen(model=model, degraded=bool(self.reason), reason=self.reason)


class ModelChain:
    """``Model`` that asks its links in order. Safe to share; it keeps no state of a call."""

    def __init__(
        self,
        links: Sequence[Link],
        *,
        clock: Clock,
        random: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        retry: RetryPolicy | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._links = tuple(links)
        self._clock = clock
        self._random = random
        self._sleep = sleep
        self._retry = retry or RetryPolicy()
        self.meter = meter or Meter()

    def breakers(self) -> dict[str, BreakerView]:
        """The state of each model's breaker, by model id."""
        return {each.id: each.breaker.view() for each in self._links}

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]:
        """As ``Model.stream``; the first event is ``Chosen``.

        ``request.timeout_seconds`` covers all attempts and waits; the offline model, which needs no
        time, may answer after it. Raises the last model's error when none answered.
        """
        call = _Call(request=request, begun_ms=self._clock.now_ms(), setback=request.free_because)
        for at, link in enumerate(self._links):
            call.next_link()
            while self._may_ask(link, call):
                attempt = self._attempt(link, call, patient=not self._remote_after(at))
                try:
                    async with aclosing(attempt):
                        async for event in attempt:
                            yield event
                    return
                except (ModelUnavailable, ModelRefused, DeadlineExceeded) as error:
                    self._note(link, call, error)
                    if call.said:
                        raise _broken(error) from None
                if not await self._wait(call):
                    break
        raise call.error or ModelUnavailable("No model is configured.")

    async def _attempt(
        self, link: Link, call: _Call, *, patient: bool
    ) -> AsyncGenerator[ModelEvent, None]:
        """One call of one model; raises its error, or ``ModelUnavailable`` when it just stops."""
        call.asked_ms = self._clock.now_ms()
        events = link.model.stream(self._request_for(link, call))
        try:
            event = await self._first(events, call, patient=patient)
            call.said = event is not None
            if event is not None:
                yield call.chosen(link.id)
            while event is not None:
                if isinstance(event, Finished):
                    link.breaker.succeeded()
                    self.meter.finished(
                        link.id,
                        event.usage,
                        begun_ms=call.asked_ms,
                        breaker=link.breaker.state,
                    )
                    yield event
                    return
                yield event
                event = await anext(events, None)
            raise ModelUnavailable("The model's answer was cut off before its end.")
        except (GeneratorExit, asyncio.CancelledError):
            link.breaker.abandoned()
            raise
        finally:
            await close(events)

    async def _first(
        self, events: AsyncIterator[ModelEvent], call: _Call, *, patient: bool
    ) -> ModelEvent | None:
        """A model that says nothing must leave time for the next one, if there is one."""
        if patient:
            return await anext(events, None)
        with Deadline(self._seconds_left(call) * SHARE_OF_SILENCE) as deadline:
            return await deadline.wait(anext(events, None))

    def _remote_after(self, at: int) -> bool:
        return any(each.id != OFFLINE for each in self._links[at + 1 :])

    def _may_ask(self, link: Link, call: _Call) -> bool:
        if link.id == OFFLINE:
            return True
        if call.request.free_because or self._seconds_left(call) <= 0:
            return False
        if link.breaker.allow():
            return True
        call.setback = call.setback or f"{link.id} failed repeatedly and is given a pause."
        call.error = call.error or ModelUnavailable(call.setback)
        return False

    def _request_for(self, link: Link, call: _Call) -> ModelRequest:
        if link.id == OFFLINE:
            return replace(call.request, model=link.id)
        return replace(call.request, model=link.id, timeout_seconds=self._seconds_left(call))

    def _seconds_left(self, call: _Call) -> float:
        return call.request.timeout_seconds - (self._clock.now_ms() - call.begun_ms) / 1000

    def _note(self, link: Link, call: _Call, error: LittoralError) -> None:
        """A refusal is about the request or the settings, not about the model's health."""
        call.attempts += 1
        call.error = error
        call.setback = f"{link.id} did not answer: {error.detail}"
        if isinstance(error, ModelRefused):
            link.breaker.abandoned()
        else:
            link.breaker.failed()
        self.meter.failed(
            link.id, begun_ms=call.asked_ms, breaker=link.breaker.state, code=error.code
        )

    async def _wait(self, call: _Call) -> bool:
        """Waits before another attempt at the same model; false when it is given up."""
        assert call.error is not None
        pause = self._retry.pause_seconds(
            call.error,
            attempts=call.attempts,
            waited_seconds=call.waited_seconds,
            timeout_seconds=call.request.timeout_seconds,
            random=self._random,
        )
        if pause is None or pause >= self._seconds_left(call):
            return False
        call.waited_seconds += pause
        await self._sleep(pause)
        return True


def _broken(error: LittoralError) -> LittoralError:
    """The error of an answer that had begun: whether to try again, its reader decides."""
    if isinstance(error, ModelRefused):
        return ModelUnavailable(error.detail)
    return error
