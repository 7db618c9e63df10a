"""Where vectors lie and are searched: one protocol for the local index and for Vectorize.

Which vectors there are and what they mean is the memory's; ``tests/contracts/index_contract.py``
says what every index must do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from littoral.models.embeddings.embedder import Vector

MOST_MATCHES = 100


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A vector under its id: at most 64 bytes, used in one space only."""

    id: str
    vector: Vector


@dataclass(frozen=True, kw_only=True)
class Match:
    """``score`` is the cosine, from -1 to 1."""

    id: str
    score: float


class VectorIndex(Protocol):
    """Vectors in spaces that do not see each other. All of one space have the same dimensions.

    Every call may be repeated safely and raises ``DependencyUnavailable`` when the index does not
    answer (then it is not known whether a write took effect).
    """

    @property
    def name(self) -> str:
        """``local`` or ``vectorize``; vectors do not move between two indexes by themselves."""
        ...

    async def put(self, space: str, entries: Sequence[Entry]) -> str:
        """Writes vectors, in place of those with the same ids; gives a ticket for ``visible``.

        The ticket is empty when all of it can be found at once. Raises ``InvalidInput`` for vectors
        that the index cannot hold.
        """
        ...

    async def visible(self, ticket: str) -> bool:
        """Whether a search finds everything that was written up to this ticket."""
        ...

    async def nearest(self, space: str, vector: Vector, count: int) -> list[Match]:
        """The nearest vectors of a space, best first; at most ``count`` (1 to ``MOST_MATCHES``).

        What was written or removed a moment ago may be missing or still there.
        """
        ...

    async def remove(self, ids: Sequence[str]) -> None:
        """Forgets vectors; unknown ids are passed over."""
        ...
