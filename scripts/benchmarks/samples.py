"""Owns what is said of a list of measured values: medians, percentiles, ratios."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

median = statistics.median


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of the values do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * percent / 100) - 1)]


def times(value: float, floor: float) -> str:
    """How many times as much as the floor, for people: `×2.4`."""
    return f"×{value / floor:.1f}" if floor else "×?"
