"""What the models of this process have used so far, by model id.

Memory only: what must survive (a turn's usage, a user's budget) is kept in rows by those who own
it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from littoral.models.model import Usage


@dataclass(frozen=True, kw_only=True)
class Total:
    """Sums since the process began. ``failures`` counts attempts, ``calls`` finished answers."""

    calls: int = 0
    failures: int = 0
    usage: Usage = field(default_factory=Usage)


class Meter:
    """Counts calls, failures, tokens and cost."""

    def __init__(self) -> None:
        self._totals: dict[str, Total] = {}

    def finished(self, model: str, usage: Usage) -> None:
        """One answer came to its end."""
        total = self._totals.get(model, Total())
        self._totals[model] = replace(total, calls=total.calls + 1, usage=total.usage + usage)

    def failed(self, model: str) -> None:
        """One attempt failed."""
        total = self._totals.get(model, Total())
        self._totals[model] = replace(total, failures=total.failures + 1)

    def totals(self) -> dict[str, Total]:
        """A copy, by model id."""
        return dict(self._totals)
