"""What a run may cost, what it did cost, and how long its budget lets it run.

A run costs its start, the time in which its commands ran, and its planner's tokens; one whose
sandbox was never asked for costs nothing. Prices are ``littoral.credits.prices``'.
"""

from __future__ import annotations

from collections.abc import Sequence

from littoral.credits.prices import PRICES, of_run, of_tokens
from littoral.credits.usage import Usage
from littoral.errors import InvalidInput
from littoral.orchestrator.run import Run, RunInput, Step

PLAN_INPUT_TOKENS = 3_000
PLAN_ASKS = 3


class Charges:
    """``model`` is the id that plans, ``max_output_tokens`` what one answer of it may have."""

    def __init__(self, *, model: str, max_output_tokens: int) -> None:
        self._model = model
        self._max_output_tokens = max_output_tokens

    def planning(self, asked: RunInput) -> int:
        """The most that planning may cost, in millicredits."""
        if asked.kind != "task":
            return 0
        return PLAN_ASKS * of_tokens(self._model, PLAN_INPUT_TOKENS, self._max_output_tokens)

    def reservation(self, asked: RunInput) -> int:
        """What is set aside: the whole time, or the run's own budget if that is less.

        Raises ``InvalidInput`` for a budget that does not even pay for a second.
        """
        full = self.planning(asked) + of_run(asked.timeout_seconds)
        if asked.max_credits is None:
            return full
        least = self.planning(asked) + of_run(1)
        if asked.max_credits < least:
            message = f"must be at least {least / 1000:g}: a run of one second costs that"
            raise InvalidInput(
                f"maxCredits: {message}.", fields=[{"field": "maxCredits", "message": message}]
            )
        return min(full, asked.max_credits)

    def seconds_left(self, run: Run, steps: Sequence[Step]) -> tuple[float, bool]:
        """Running time that is left, and whether it is the budget that ends it."""
        used = _running_seconds(steps)
        by_time = run.input.timeout_seconds - used
        paid = (run.reserved - run.plan_cost - PRICES["run.start"]) / PRICES["run.second"] - used
        return (by_time, False) if by_time <= paid + 0.001 else (paid, True)

    def usage(self, run: Run, steps: Sequence[Step], at_ms: int) -> Usage | None:
        """What the run used; ``None`` when it cost nothing."""
        if run.started_at_ms is None and not run.plan_cost:
            return None
        cost = run.plan_cost
        if run.started_at_ms is not None:
            cost += of_run(_running_seconds(steps))
        inputs, outputs = run.plan_tokens
        return Usage(
            kind="run",
            model=run.model,
            input_tokens=inputs,
            output_tokens=outputs,
            cost=cost,
            latency_ms=at_ms - run.created_at_ms,
            outcome=run.outcome or "completed",
            at_ms=at_ms,
        )


def _running_seconds(steps: Sequence[Step]) -> float:
    return sum(step.running_ms for step in steps) / 1000
