"""What every embedder is: texts in, one vector of length 1 for each out.

How long to wait and how often to try belongs to ``patient``; what vectors are kept for, to the
memory.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from littoral.errors import ModelRefused, ModelUnavailable

Vector = tuple[float, ...]
"""Numbers of length 1 together (L2), so that a dot product is a cosine."""

MOST_DIMENSIONS = 4_096


class Embedder(Protocol):
    """One embedding model. Same text, same vector (as far as the provider keeps that promise)."""

    @property
    def model(self) -> str:
        """The id as the settings have it. Vectors of different models cannot be compared."""
        ...

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector for each text, in order, all of the same dimensions; none for no texts.

        Raises ``ModelUnavailable`` and ``DeadlineExceeded``, where trying again may help, and
        ``ModelRefused``, where it does not. Repeating is safe.
        """
        ...


def vectors_of(found: Any, count: int) -> list[Vector]:
    """The vectors in a provider's answer, made length 1.

    Raises ``ModelUnavailable`` unless they are ``count`` lists of finite numbers of one length, and
    ``ModelRefused`` for a vector without a direction or of more than ``MOST_DIMENSIONS``.
    """
    if not isinstance(found, list) or len(found) != count:
        raise ModelUnavailable("The embedding model did not answer with one vector for each text.")
    made = [_unit(each) for each in found]
    if len({len(each) for each in made}) > 1:
        raise ModelUnavailable("The embedding model answered with vectors of different lengths.")
    return made


def unit(values: Sequence[float]) -> Vector:
    """The values scaled to length 1; all zeros stay as they are."""
    length = math.sqrt(sum(value * value for value in values))
    return tuple(value / length for value in values) if length else tuple(values)


def _unit(values: Any) -> Vector:
    if not isinstance(values, list) or not values or not all(map(_is_number, values)):
        raise ModelUnavailable("The embedding model's answer is no list of numbers.")
    if len(values) > MOST_DIMENSIONS:
        raise ModelRefused(
            f"The embedding model's vectors have {len(values)} dimensions; at most "
            f"{MOST_DIMENSIONS} are kept.",
            next_step="Set EMBEDDING_MODEL to a smaller model.",
        )
    made = unit(values)
    if not any(made):
        raise ModelRefused("The embedding model answered with a vector of zeros.")
    return made


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
