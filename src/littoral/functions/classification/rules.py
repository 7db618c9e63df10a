"""Plain rules: evidence is summed for each type and becomes a confidence.

The sums are log odds; a softmax over the four types and "none of them" gives the confidences, so
no evidence gives none, and evidence for two types is shared between them. Deterministic, without
I/O, and of bounded work.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from littoral.functions.classification.classification import Alternative
from littoral.functions.classification.evidence import Evidence, evidence_in
from littoral.functions.classification.steering import without_steering
from littoral.functions.classification.wording import bounded, wording_of
from littoral.functions.function_type import FUNCTION_TYPES, MEANINGS, FunctionType, risk_of

NO_TYPE_WEIGHT: Final = 0.7
SHARPNESS: Final = 1.0
MOST_WEIGHT: Final = 10.0
MOST_REASONS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """What the rules make of a description: every type, the likeliest first.

    Equal ones stand with the riskier first. ``steered`` tells that the description also said how to
    classify it; those sentences were not read.
    """

    ranked: tuple[Alternative, ...]
    steered: bool = False

    @property
    def best(self) -> Alternative:
        return self.ranked[0]


def rank(description: str, args: Any = None, schema: Mapping[str, Any] | None = None) -> Ranking:
    """Ranks the four types for a description. Same words, same ranking."""
    text, steered = without_steering(bounded(description))
    found = evidence_in(wording_of(text), args, schema)
    sums = {each: _sum(each, found) for each in FUNCTION_TYPES}
    chances = _chances(sums)
    ranked = [
        Alternative(type=each, confidence=chances[each], why=_why(each, found))
        for each in FUNCTION_TYPES
    ]
    ranked.sort(key=lambda each: (-each.confidence, -risk_of(each.type)))
    return Ranking(ranked=tuple(ranked), steered=steered)


def _sum(function_type: FunctionType, found: tuple[Evidence, ...]) -> float:
    """All that speaks for a type; saying it twice adds nothing, saying much has an end."""
    strongest: dict[str, float] = {}
    for each in found:
        if each.type == function_type:
            strongest[each.why] = max(each.weight, strongest.get(each.why, 0.0))
    return min(sum(strongest.values()), MOST_WEIGHT)


def _chances(sums: Mapping[FunctionType, float]) -> dict[FunctionType, float]:
    """Confidences from 0 to 1 with three decimals; together with "none" they make one."""
    powers = {each: math.exp(SHARPNESS * total) for each, total in sums.items()}
    whole = sum(powers.values()) + math.exp(NO_TYPE_WEIGHT)
    return {each: round(power / whole, 3) for each, power in powers.items()}


def _why(function_type: FunctionType, found: tuple[Evidence, ...]) -> str:
    """The strongest reasons for a type, in a sentence."""
    mine = sorted((e for e in found if e.type == function_type), key=lambda e: -e.weight)
    if not mine:
        return f"Nothing in the words speaks for {MEANINGS[function_type]}."
    reasons = "; ".join(dict.fromkeys(each.why for each in mine[:MOST_REASONS]))
    return f"{reasons[0].upper()}{reasons[1:]}."
