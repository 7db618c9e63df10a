"""What one round of work may use and has used: tokens, calls of models, seconds, credits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from littoral.builder import limits
from littoral.credits.amount import MILLI, credits_of, millicredits_of
from littoral.errors import InvalidInput


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """Tokens read and written, calls, seconds of work, and millicredits."""

    tokens: int = 0
    calls: int = 0
    seconds: float = 0.0
    cost: int = 0

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(
            tokens=self.tokens + other.tokens,
            calls=self.calls + other.calls,
            seconds=round(self.seconds + other.seconds, 3),
            cost=self.cost + other.cost,
        )


DEFAULT_BUDGET = Amounts(
    tokens=limits.BUDGET_TOKENS,
    calls=limits.BUDGET_CALLS,
    seconds=limits.BUDGET_SECONDS,
    cost=limits.BUDGET_CREDITS * MILLI,
)
_MOST = {
    "tokens": limits.MOST_TOKENS,
    "calls": limits.MOST_CALLS,
    "seconds": limits.MOST_SECONDS,
    "credits": limits.MOST_CREDITS,
}


def read_budget(raw: Any) -> Amounts:
    """Limits that a caller chose, the usual ones for the rest. Raises ``InvalidInput``."""
    if raw is None:
        return DEFAULT_BUDGET
    if not isinstance(raw, Mapping):
        raise InvalidInput("budget must be an object with tokens, calls, seconds or credits.")
    unknown = sorted(set(map(str, raw)) - set(_MOST))
    if unknown:
        raise InvalidInput(f"budget has {unknown[0][:40]!r}: use one of {', '.join(_MOST)}.")
    return Amounts(
        tokens=int(_number(raw, "tokens", DEFAULT_BUDGET.tokens)),
        calls=int(_number(raw, "calls", DEFAULT_BUDGET.calls)),
        seconds=_number(raw, "seconds", DEFAULT_BUDGET.seconds),
        cost=millicredits_of(_number(raw, "credits", limits.BUDGET_CREDITS)),
    )


def budget_json(used: Amounts, limit: Amounts) -> dict[str, Any]:
    """Each of the four as ``{used, limit}``."""
    return {
        "tokens": {"used": used.tokens, "limit": limit.tokens},
        "calls": {"used": used.calls, "limit": limit.calls},
        "seconds": {"used": round(used.seconds, 1), "limit": limit.seconds},
        "credits": {"used": credits_of(used.cost), "limit": credits_of(limit.cost)},
    }


def _number(raw: Mapping[str, Any], name: str, default: float) -> float:
    value = raw.get(name)
    if value is None:
        return default
    most = _MOST[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= most:
        raise InvalidInput(
            f"budget.{name} must be a number over 0, at most {most}.",
            fields=[{"field": f"budget.{name}", "message": f"over 0, at most {most}"}],
        )
    return value
