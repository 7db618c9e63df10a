"""A model within a round's budget: every call is counted before it is made, and paid for after.

A call that is closed early, or cut off, is paid for by what was read and said until then.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from littoral.builder.budget import Amounts
from littoral.builder.build import Build
from littoral.builder.charges import Charges
from littoral.builder.round_changes import RoundChanges
from littoral.clock import Clock
from littoral.credits.prices import of_tokens
from littoral.errors import ModelUnavailable
from littoral.models.estimate import request_tokens, tokens_of
from littoral.models.model import (
    Chosen,
    Finished,
    Model,
    ModelEvent,
    ModelRequest,
    ReasoningDelta,
    TextDelta,
    Usage,
)
from littoral.models.reply_stream import close

MOST_CHARACTERS_PER_TOKEN = 10
"""A model that says more than that for each token that it was allowed is cut off."""


@dataclass(kw_only=True)
class _Call:
    """One call while it lasts."""

    number: int
    begun_ms: int
    inputs: int
    most: int
    characters: int = 0
    model: str = ""
    usage: Usage | None = None


class MeteredModel:
    """``Model`` for the round that a build is in; made anew for every step of work."""

    def __init__(
        self, model: Model, build: Build, rounds: RoundChanges, charges: Charges, clock: Clock
    ) -> None:
        assert build.round is not None
        self._model = model
        self._number = build.round.number
        self._rounds = rounds
        self._charges = charges
        self._clock = clock

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]:
        """As ``Model.stream``; raises ``BudgetExceeded`` before a call that would not fit."""
        build = self._rounds.of_round(self._number)
        assert build.round is not None
        inputs = request_tokens(request)
        most = self._charges.output_tokens(build, inputs=inputs, wanted=request.max_output_tokens)
        left = build.round.limit.seconds - build.round.used.seconds
        asking = replace(
            request,
            max_output_tokens=most,
            timeout_seconds=max(1.0, min(request.timeout_seconds, left)),
        )
        self._rounds.calling(self._number)
        call = _Call(number=self._number, begun_ms=self._clock.now_ms(), inputs=inputs, most=most)
        events = self._model.stream(asking)
        try:
            async for event in events:
                self._note(call, event)
                yield event
        finally:
            try:
                await close(events)
            finally:
                self._paid(call)

    def _note(self, call: _Call, event: ModelEvent) -> None:
        if isinstance(event, (TextDelta, ReasoningDelta)):
            call.characters += len(event.text)
            if call.characters > call.most * MOST_CHARACTERS_PER_TOKEN:
                raise ModelUnavailable("The model said far more than it was asked for.")
        elif isinstance(event, Chosen):
            call.model = event.model
            if event.degraded:
                self._rounds.degraded(self._number, event.reason)
        elif isinstance(event, Finished):
            call.usage = event.usage

    def _paid(self, call: _Call) -> None:
        if not call.model and call.usage is None:
            usage = Usage()  # No model answered.
        else:
            usage = call.usage or Usage(
                input_tokens=call.inputs, output_tokens=min(call.most, tokens_of(call.characters))
            )
        seconds = max(0, self._clock.now_ms() - call.begun_ms) / 1000
        self._rounds.used(
            call.number,
            Amounts(
                tokens=usage.input_tokens + usage.output_tokens,
                seconds=seconds,
                cost=of_tokens(call.model, usage.input_tokens, usage.output_tokens),
            ),
            inputs=usage.input_tokens,
            outputs=usage.output_tokens,
            model=call.model,
        )
