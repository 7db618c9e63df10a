"""What the models of this process have used so far, by model id.

Memory only: what must survive (a turn's usage, a user's budget) is kept in rows by those who own
it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from littoral.models.model import Usage
from littoral.ops.here import observer


@dataclass(kw_only=True)
class Total:
    """Sums since the process began. ``failures`` counts attempts, ``calls`` finished answers."""

    calls: int = 0
    failures: int = 0
    usage: Usage = field(default_factory=Usage)


class Meter:
    """Counts calls, failures, tokens and cost."""

    def __init__(self) -> None:
        self._totals: dict[str, Total] = {}

    def finished(
        self, model: str, usage: Usage, *, begun_ms: int = 0, breaker: str = "closed"
    ) -> None:
        """One answer came to its end; ``breaker`` is the state of the model's after it."""
        total = self._total(model)
        total.calls += 1
        total.usage += usage
        observer().model(
            model=model,
            begun_ms=begun_ms,
            breaker=breaker,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
        )

    def failed(
        self, model: str, *, begun_ms: int = 0, breaker: str = "closed", code: str = ""
    ) -> None:
        """One attempt failed, with an error of that code."""
        self._total(model).failures += 1
        observer().model(model=model, begun_ms=begun_ms, breaker=breaker, code=code or "failed")

    def totals(self) -> dict[str, Total]:
        """A copy, by model id."""
        return {model: replace(total) for model, total in self._totals.items()}

    def _total(self, model: str) -> Total:
        found = self._totals.get(model)
        if found is None:
            found = self._totals[model] = Total()
        return found
