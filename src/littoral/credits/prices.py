"""What work costs: one table, in millicredits, and models by their tokens.

A reservation takes the most that a piece of work may cost, a settlement what it did cost. Prices of
models are list prices (``littoral.models.prices``); a model that is not listed there, and is not
free, costs ``UNLISTED_MODEL_USD``.
"""

from __future__ import annotations

import math
from typing import Final

from littoral.credits.amount import of_usd
from littoral.models.offline import OFFLINE
from littoral.models.prices import price_of

WORK: Final = ("chat.turn", "run", "session", "function", "build", "memory", "mesh")
"""Kinds of work that usage tells apart."""

PRICES: Final[dict[str, int]] = {
    "run.start": 500,  # a sandbox is made ready
    "run.second": 5,  # a command runs (18 credits an hour)
    "session.start": 500,
    "session.minute": 100,  # a sandbox with a terminal is awake (6 credits an hour)
    "function.call": 20,
    "function.second": 2,  # a function's code runs
    "mesh.part": 2,  # a part of a task of the mesh is done
    "build.start": 500,  # a build, or more work on it, begins
    "execution.start": 5,  # a registry agent is executed, also when its answer was kept
}
"""Millicredits for each unit of work that is no model's."""

UNLISTED_MODEL_USD: Final = (0.50, 2.00)
"""USD per million tokens (input, output) of a model without a list price."""

FREE_MODELS: Final = frozenset({"", OFFLINE})


def is_free(model: str) -> bool:
    """Whether a model costs nothing, whatever it does."""
    return model in FREE_MODELS


def of_tokens(model: str, input_tokens: int, output_tokens: int) -> int:
    """Millicredits for a call of a model, by its id as the settings have it."""
    if is_free(model):
        return 0
    listed = price_of(model) or UNLISTED_MODEL_USD
    return of_usd((input_tokens * listed[0] + output_tokens * listed[1]) / 1_000_000)


def of_run(seconds: float) -> int:
    """Millicredits for one run whose commands took that long together; a begun second counts."""
    return PRICES["run.start"] + PRICES["run.second"] * math.ceil(seconds)


def of_session(seconds: float) -> int:
    """Millicredits for a sandbox session that was awake for so long; a begun minute counts."""
    return PRICES["session.start"] + PRICES["session.minute"] * math.ceil(seconds / 60)


def of_function(seconds: float) -> int:
    """Millicredits for one call of a function whose code ran that long; a begun second counts."""
    return PRICES["function.call"] + PRICES["function.second"] * math.ceil(seconds)


def of_execution() -> int:
    """Millicredits for one execution of a registry agent, its tokens aside."""
    return PRICES["execution.start"]
