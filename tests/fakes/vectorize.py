"""A Vectorize index in memory that keeps the platform's rules: sizes, namespaces, slow writes.

Held to its limits by ``tests/unit/test_memory_vectorize.py``; its twin for workerd is
``mock_vectorize/mock_vectorize.js``.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable, Sequence
from typing import Any

from littoral.memory.vectorize_index import VectorizeFailed

MOST_BYTES = 64
MOST_WRITTEN = 1_000
MOST_ASKED = 100
MOST_READ = 20

Write = Callable[[], None]


class FakeVectorize:
    """``VectorizeBinding``. With ``lag`` above zero a write is seen after so many further calls.

    ``failure`` is raised once in place of the next answer, ``silent`` calls are never answered.
    """

    def __init__(self, dimensions: int = 8, *, lag: int = 0) -> None:
        self.dimensions = dimensions
        self.lag = lag
        self.failure: str = ""
        self.lost: str = ""
        """Raised once after the next call was carried out."""
        self.silent = False
        self.calls: list[str] = []
        self.vectors: dict[str, tuple[str, list[float]]] = {}
        self._writes: list[tuple[int, Write]] = []

    async def upsert(self, vectors_json: str) -> str:
        await self._called("upsert")
        rows = json.loads(vectors_json)
        self._require(0 < len(rows) <= MOST_WRITTEN, "too many vectors")
        for row in rows:
            self._require(len(row["id"].encode()) <= MOST_BYTES, "id too long")
            self._require(len(row["namespace"].encode()) <= MOST_BYTES, "namespace too long")
            self._require(len(row["values"]) == self.dimensions, "40012: invalid vector")
        made = {row["id"]: (row["namespace"], row["values"]) for row in rows}
        return self._write(lambda: self.vectors.update(made))

    async def query(self, vector_json: str, options_json: str) -> str:
        await self._called("query")
        asked, options = json.loads(vector_json), json.loads(options_json)
        self._require(len(asked) == self.dimensions, "40012: invalid vector")
        self._require(1 <= options["topK"] <= MOST_ASKED, "topK out of range")
        space = options["namespace"]
        scored = [
            {"id": vector_id, "score": _cosine(asked, values)}
            for vector_id, (namespace, values) in self.vectors.items()
            if namespace == space
        ]
        scored.sort(key=lambda each: -float(str(each["score"])))
        found = scored[: options["topK"]]
        return self._answer({"count": len(found), "matches": found})

    async def delete_by_ids(self, ids_json: str) -> str:
        await self._called("deleteByIds")
        ids = json.loads(ids_json)
        self._require(0 < len(ids) <= MOST_WRITTEN, "too many ids")
        return self._write(lambda: [self.vectors.pop(each, None) for each in ids])

    async def get_by_ids(self, ids_json: str) -> str:
        await self._called("getByIds")
        ids = json.loads(ids_json)
        self._require(0 < len(ids) <= MOST_READ, "too many ids")
        there = [(each, *self.vectors[each]) for each in ids if each in self.vectors]
        return self._answer(
            [{"id": one, "namespace": space, "values": values} for one, space, values in there]
        )

    async def describe(self) -> str:
        await self._called("describe")
        return self._answer({"dimensions": self.dimensions, "vectorCount": len(self.vectors)})

    def _write(self, write: Callable[[], object]) -> str:
        self._writes.append((len(self.calls) + self.lag, lambda: _done(write)))
        return self._answer({"mutationId": f"mutation-{len(self.calls)}"})

    async def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.silent:
            await asyncio.Event().wait()
        if self.failure:
            failure, self.failure = self.failure, ""
            raise VectorizeFailed(failure)
        self._see()

    def _answer(self, value: Any) -> str:
        if not self.lag:
            self._see()
        if self.lost:
            lost, self.lost = self.lost, ""
            raise VectorizeFailed(lost)
        return json.dumps(value)

    def _see(self) -> None:
        """Carries out the writes whose time has come, in order."""
        while self._writes and self._writes[0][0] <= len(self.calls):
            self._writes.pop(0)[1]()

    def _require(self, holds: bool, words: str) -> None:
        if not holds:
            raise VectorizeFailed(f"VECTOR_ERROR: {words}")


def _done(write: Callable[[], object]) -> None:
    write()


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    lengths = math.hypot(*one) * math.hypot(*other)
    return sum(a * b for a, b in zip(one, other, strict=True)) / lengths if lengths else 0.0
