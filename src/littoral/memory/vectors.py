"""Vectors as they are kept in rows: 32-bit numbers as base64 text, compared exactly.

Text, because a row of ours holds no bytes (``littoral.store.sql``).
"""

from __future__ import annotations

import base64
import math
import operator
import sys
from array import array
from collections.abc import Callable, Iterable, Sequence

from littoral.models.embeddings.embedder import Vector


def packed(vector: Vector) -> str:
    """The vector as text: four bytes a number, little-endian, base64."""
    return base64.b64encode(_little_endian(array("f", vector)).tobytes()).decode()


def unpacked(text: str) -> array[float]:
    """What ``packed`` made, as 32-bit numbers."""
    return _little_endian(array("f", base64.b64decode(text)))


def dimensions_of(text: str) -> int:
    """How many numbers a packed vector has."""
    return len(base64.b64decode(text)) // 4


def _little_endian(values: array[float]) -> array[float]:
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _product(one: Iterable[float], other: Iterable[float]) -> float:
    return math.fsum(map(operator.mul, one, other))


cosine: Callable[[Sequence[float], Sequence[float]], float] = getattr(math, "sumprod", _product)
"""Dot product of two vectors of length 1. ``math.sumprod`` came with Python 3.12."""
