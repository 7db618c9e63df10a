"""Amounts of credits: whole millicredits inside, decimal credits in JSON and in settings.

1 credit is one US cent of list price, so a dollar is 100 credits or 100,000 millicredits. Whole
numbers, because sums of a ledger have to come out even.
"""

from __future__ import annotations

import math
from typing import Final

MILLI: Final = 1_000
"""Millicredits in a credit."""

MILLI_PER_USD: Final = 100 * MILLI


def credits_of(millicredits: int) -> float | int:
    """Credits as JSON has them: at most three decimals, a whole number where it is one."""
    whole, rest = divmod(millicredits, MILLI)
    return millicredits / MILLI if rest else whole


def millicredits_of(credits_: float) -> int:
    """Millicredits for an amount that a person wrote, rounded."""
    return round(credits_ * MILLI)


def of_usd(cost_usd: float) -> int:
    """Millicredits for a price in USD, rounded up: what costs something is never free."""
    return math.ceil(round(cost_usd * MILLI_PER_USD, 6))
