"""The most that a task may cost, which is set aside before it begins."""

from __future__ import annotations

from typing import Final

from littoral.credits.prices import PRICES, of_tokens
from littoral.mesh.work.limits import MAX_PLANNED
from littoral.mesh.work.request import TaskRequest

MOST_INPUT_TOKENS: Final = 4_000
MOST_ASKS: Final = 3
"""A plan that does not fit its schema is asked for again, twice."""

_BY_MODEL: Final = ("model", "analyse")


def reservation(asked: TaskRequest, *, model: str, max_output_tokens: int) -> int:
    """Millicredits, more than 0. A goal without items is planned by the model first."""
    asking = of_tokens(model, MOST_INPUT_TOKENS, max_output_tokens)
    if not asked.items:
        return MOST_ASKS * asking + MAX_PLANNED * (PRICES["mesh.part"] + asking)
    each = PRICES["mesh.part"] + (asking if asked.work in _BY_MODEL else 0)
    return len(asked.items) * each
