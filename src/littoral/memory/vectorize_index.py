"""``VectorIndex`` on Cloudflare Vectorize, through the binding of the Worker.

Facts (Cloudflare's pages "Vectorize: limits" and "client API", seen 2026-11): ids and namespaces
have at most 64 bytes, a write at most 1,000 vectors, an index one number of dimensions (at most
1,536) for ever. Writes are queued and found some seconds later, in order. A space is a namespace;
no metadata is kept there, so that texts stay in the object and matches may be up to 100.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Awaitable, Sequence
from typing import Any, Protocol

from pydantic_core import from_json

from littoral.errors import DependencyUnavailable, InvalidInput
from littoral.memory.index import MOST_MATCHES, Entry, Match
from littoral.memory.local_index import wrong_dimensions
from littoral.models.embeddings.embedder import Vector

VECTORIZE = "vectorize"
WRITE_VECTORS = 500
MOST_DIMENSIONS = 1_536
CALL_SECONDS = 10.0


class VectorizeFailed(Exception):
    """The binding refused or failed; the text is the platform's."""


class VectorizeBinding(Protocol):
    """``env.VECTORIZE`` with everything that crosses the border as JSON text.

    Each raises ``VectorizeFailed``.
    """

    async def upsert(self, vectors_json: str) -> str:
        """``[{id, values, namespace}]`` → ``{"mutationId"}``."""
        ...

    async def query(self, vector_json: str, options_json: str) -> str:
        """Numbers and ``{topK, namespace}`` → ``{"matches": [{id, score}]}``."""
        ...

    async def delete_by_ids(self, ids_json: str) -> str:
        """``[id]`` → ``{"mutationId"}``."""
        ...

    async def get_by_ids(self, ids_json: str) -> str:
        """``[id]`` → ``[{id, values, namespace}]`` of those that are there."""
        ...

    async def describe(self) -> str:
        """``{dimensions, vectorCount, …}``."""
        ...


class VectorizeIndex:
    """All memories of a deployment share the index; spaces keep them apart."""

    name = VECTORIZE

    def __init__(self, binding: VectorizeBinding, *, call_seconds: float = CALL_SECONDS) -> None:
        self._binding = binding
        self._call_seconds = call_seconds
        self._dimensions = 0

    async def put(self, space: str, entries: Sequence[Entry]) -> str:
        """As ``VectorIndex.put``. The ticket is the last vector's id: writes are taken in order."""
        if not entries:
            return ""
        await self._require_fit(len(entries[0].vector))
        for at in range(0, len(entries), WRITE_VECTORS):
            rows = [_row(each, namespace_of(space)) for each in entries[at : at + WRITE_VECTORS]]
            await self._asked(self._binding.upsert(_json(rows)))
        return entries[-1].id

    async def visible(self, ticket: str) -> bool:
        """As ``VectorIndex.visible``: whether the ticket's vector is there.

        ``describe`` names the last write that was processed, but the index is everybody's: at every
        look that may be somebody else's.
        """
        if not ticket:
            return True
        found = await self._asked(self._binding.get_by_ids(_json([ticket])))
        return any(each.get("id") == ticket for each in found)

    async def nearest(self, space: str, vector: Vector, count: int) -> list[Match]:
        """As ``VectorIndex.nearest``."""
        await self._require_fit(len(vector))
        options = {"topK": min(count, MOST_MATCHES), "namespace": namespace_of(space)}
        answer = await self._asked(self._binding.query(_json(vector), _json(options)))
        found = answer.get("matches") or []
        matches = [Match(id=str(each["id"]), score=_score(each)) for each in found]
        return sorted(matches, key=lambda each: -each.score)[:count]

    async def remove(self, ids: Sequence[str]) -> None:
        """As ``VectorIndex.remove``."""
        for at in range(0, len(ids), WRITE_VECTORS):
            some = list(ids[at : at + WRITE_VECTORS])
            await self._asked(self._binding.delete_by_ids(_json(some)))

    async def _require_fit(self, dimensions: int) -> None:
        """The platform refuses late and in its own words: we look before."""
        if not self._dimensions:
            found = await self._asked(self._binding.describe())
            self._dimensions = int(found.get("dimensions") or 0)
        if self._dimensions and self._dimensions != dimensions:
            raise wrong_dimensions(self._dimensions, dimensions)
        if dimensions > MOST_DIMENSIONS:
            raise InvalidInput(f"Vectorize holds at most {MOST_DIMENSIONS} dimensions.")

    async def _asked(self, call: Awaitable[str]) -> Any:
        try:
            async with asyncio.timeout(self._call_seconds):
                return from_json(await call)
        except VectorizeFailed as error:
            raise failure_of(str(error)) from None
        except TimeoutError:
            raise DependencyUnavailable(
                f"Vectorize did not answer within {self._call_seconds:.3g} seconds."
            ) from None
        except ValueError:
            raise DependencyUnavailable("Vectorize's answer is no JSON.") from None


def failure_of(text: str) -> DependencyUnavailable:
    """The error of ours for the platform's text, which is not passed on."""
    if "run remotely" in text:
        return DependencyUnavailable(
            "The Vectorize binding has no account here: it only works when it runs remotely.",
            next_step="Deploy, or set MEMORY_INDEX to auto or local.",
            retryable=False,
        )
    return DependencyUnavailable("Vectorize failed.")


def namespace_of(space: str) -> str:
    """A name of 43 letters, digits, ``-`` and ``_`` for any space: names may have 64 bytes."""
    digest = hashlib.sha256(space.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _row(entry: Entry, namespace: str) -> dict[str, Any]:
    return {"id": entry.id, "values": entry.vector, "namespace": namespace}


def _score(match: dict[str, Any]) -> float:
    return max(-1.0, min(1.0, float(match["score"])))


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
