"""What a round of a build may cost, what it did cost, and what one more call may say for that.

A round costs its start, once files are written or reviewed, and the tokens of its calls. Prices are
``littoral.credits.prices``'.
"""

from __future__ import annotations

from dataclasses import replace

from littoral.builder.budget import Amounts
from littoral.builder.build import Build, Round
from littoral.builder.limits import LEAST_OUTPUT_TOKENS
from littoral.credits.amount import credits_of
from littoral.credits.prices import PRICES, is_free, of_tokens
from littoral.credits.usage import Usage
from littoral.errors import BudgetExceeded, InvalidInput

DRAFT_TOKENS = 60_000
"""Limit of a round that only plans."""

_MANY = 1_000_000


class Charges:
    """``model`` is the id of the first model of the chain."""

    def __init__(self, model: str) -> None:
        self._model = model

    def round_of(self, limit: Amounts, *, builds: bool) -> tuple[Amounts, int]:
        """The limits of a round and the millicredits to reserve: the most that it may cost.

        Raises ``InvalidInput`` for a budget that does not even pay for the start.
        """
        if not builds:
            limit = replace(limit, tokens=min(limit.tokens, DRAFT_TOKENS))
        start = PRICES["build.start"] if builds else 0
        if limit.cost < start:
            message = f"must be at least {credits_of(start)}: a build costs that to begin"
            raise InvalidInput(
                f"budget.credits: {message}.",
                fields=[{"field": "budget.credits", "message": message}],
            )
        most = start + of_tokens(self._model, 0, limit.tokens)
        reserved = min(limit.cost, most)
        return replace(limit, cost=reserved), reserved

    def output_tokens(self, build: Build, *, inputs: int, wanted: int) -> int:
        """How much the next call may say, at most ``wanted``, within the round's budget.

        ``inputs`` are the tokens that it reads. Raises ``BudgetExceeded`` that names the limit when
        it is not worth asking.
        """
        assert build.round is not None
        used, limit = build.round.used, build.round.limit
        if used.calls >= limit.calls:
            raise _over("calls", limit.calls)
        if used.seconds >= limit.seconds:
            raise _over("seconds", limit.seconds)
        least = min(LEAST_OUTPUT_TOKENS, wanted)
        most = min(wanted, limit.tokens - used.tokens - inputs)
        if most < least:
            raise _over("tokens", limit.tokens)
        if not is_free(self._model):
            left = limit.cost - used.cost - of_tokens(self._model, inputs, 0)
            most = min(most, left * _MANY // max(1, of_tokens(self._model, 0, _MANY)))
            if most < least:
                raise _over("credits", credits_of(limit.cost))
        return most

    def usage(self, build: Build, at_ms: int) -> Usage:
        """What the round used, for the ledger."""
        assert build.round is not None
        return Usage(
            kind="build",
            model=build.model,
            input_tokens=build.round.inputs,
            output_tokens=build.round.outputs,
            cost=min(build.round.used.cost, build.round.reserved),
            latency_ms=max(0, at_ms - build.round.asked_at_ms),
            outcome=build.round.outcome or "completed",
            at_ms=at_ms,
        )


def begun(of: Round | None) -> Round | None:
    """The round when its first phase or review begins: from then on it costs its start."""
    if of is None or of.started:
        return of
    return replace(of, started=True, used=of.used + Amounts(cost=PRICES["build.start"]))


def _over(what: str, limit: float) -> BudgetExceeded:
    return BudgetExceeded(
        f"The budget of {limit:g} {what} is used up.",
        next_step="Resume the build with a higher budget, or take it as it is.",
    )
