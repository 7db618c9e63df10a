"""``VectorIndex`` in the object's own SQLite: exact, immediate, without an account.

It looks at every vector of the space, which is why a memory has a bounded number of passages
(docs/memory.md has figures). The vectors are read in pages, so that memory does not grow with them.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Sequence

from littoral.errors import InvalidInput
from littoral.memory.index import Entry, Match
from littoral.memory.vectors import cosine, dimensions_of, packed, unpacked
from littoral.models.embeddings.embedder import Vector
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

LOCAL = "local"
PAGE = 256
PAUSE_SECONDS = 0.001
"""Between two pages: a timer lets other events of the object in, where a mere turn does not."""

LOCAL_INDEX_SCHEMA = Schema(
    name="memory_vectors",
    steps=(
        "CREATE TABLE memory_vectors (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
        "space TEXT NOT NULL, data TEXT NOT NULL)",
        "CREATE INDEX memory_vectors_space ON memory_vectors (space, number)",
    ),
)


class LocalIndex:
    """``sql`` is the object's database; apply ``LOCAL_INDEX_SCHEMA`` before."""

    name = LOCAL

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    async def put(self, space: str, entries: Sequence[Entry]) -> str:
        """As ``VectorIndex.put``; all or nothing."""
        self._sql.transaction(lambda: self._write(space, entries))
        return ""

    def _write(self, space: str, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._require_fit(space, entry)
            self._sql.run(
                "INSERT INTO memory_vectors (id, space, data) VALUES (?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET space = excluded.space, data = excluded.data",
                entry.id,
                space,
                packed(entry.vector),
            )

    def _require_fit(self, space: str, entry: Entry) -> None:
        known = self._sql.value(
            "SELECT data FROM memory_vectors WHERE space = ? ORDER BY number LIMIT 1", space
        )
        if known is not None and dimensions_of(str(known)) != len(entry.vector):
            raise wrong_dimensions(dimensions_of(str(known)), len(entry.vector))

    async def visible(self, ticket: str) -> bool:
        """As ``VectorIndex.visible``: always."""
        return True

    async def nearest(self, space: str, vector: Vector, count: int) -> list[Match]:
        """As ``VectorIndex.nearest``; equal scores in the order of their first writing."""
        best: list[tuple[float, int, str]] = []
        after = 0
        while page := self._page(space, after):
            for number, vector_id, data in page:
                score = _bounded(cosine(vector, _fitting(unpacked(data), vector)))
                heapq.heappush(best, (score, -number, vector_id))
                if len(best) > count:
                    heapq.heappop(best)
            after = page[-1][0]
            if len(page) < PAGE:
                break
            await asyncio.sleep(PAUSE_SECONDS)
        return [Match(id=vector_id, score=score) for score, _, vector_id in sorted(best)[::-1]]

    def _page(self, space: str, after: int) -> list[tuple[int, str, str]]:
        rows = self._sql.rows(
            "SELECT number, id, data FROM memory_vectors WHERE space = ? AND number > ? "
            "ORDER BY number LIMIT ?",
            space,
            after,
            PAGE,
        )
        return [(int(number or 0), str(vector_id), str(data)) for number, vector_id, data in rows]

    async def remove(self, ids: Sequence[str]) -> None:
        """As ``VectorIndex.remove``."""
        for vector_id in ids:
            self._sql.run("DELETE FROM memory_vectors WHERE id = ?", vector_id)


def wrong_dimensions(have: int, got: int) -> InvalidInput:
    """The error for vectors of another length than those that are there."""
    return InvalidInput(
        f"The embedding model gives vectors of {got} dimensions, the index holds {have}.",
        next_step="Set EMBEDDING_MODEL to a model that fits the index, or make a new index.",
    )


def _fitting(stored: Sequence[float], asked: Vector) -> Sequence[float]:
    if len(stored) != len(asked):
        raise wrong_dimensions(len(stored), len(asked))
    return stored


def _bounded(score: float) -> float:
    return max(-1.0, min(1.0, score))
