"""Makes documents searchable, in the background, whatever is killed in between.

One step at a time: forget what was deleted, embed some passages of one document, look whether the
index shows them. Every step may be repeated: vectors have the ids of their passages, and a passage
is marked after its vector is written. When to work is the memory's.
"""

from __future__ import annotations

import asyncio
import hashlib

from littoral.clock import Clock
from littoral.errors import DeadlineExceeded, LittoralError
from littoral.memory.book import DocumentBook
from littoral.memory.charges import MemoryCharges
from littoral.memory.document import Document, Piece
from littoral.memory.index import Entry, VectorIndex
from littoral.memory.piece_book import PieceBook
from littoral.models.embeddings.embedder import Embedder

BATCH_PASSAGES = 32
BATCH_REMOVALS = 500
SHOWN_AFTER_MS = 120_000
"""A document counts as searchable after so long, also when the index did not show it yet."""


def tag_of(model: str, index: str) -> str:
    """Eight characters for a model and an index: vectors of another tag are of no use."""
    return hashlib.sha256(f"{model}\n{index}".encode()).hexdigest()[:8]


class Embedding:
    """``memory`` is the object's name; its vectors lie in a space of that name and the tag."""

    def __init__(
        self,
        memory: str,
        *,
        documents: DocumentBook,
        pieces: PieceBook,
        charges: MemoryCharges,
        embedder: Embedder,
        index: VectorIndex,
        clock: Clock,
    ) -> None:
        self.space = f"{memory}#{documents.tag}"
        self._documents = documents
        self._pieces = pieces
        self._charges = charges
        self._embedder = embedder
        self._index = index
        self._clock = clock
        self._lock = asyncio.Lock()

    async def step(self) -> bool:
        """Does one piece of the work; whether there is more to do at once.

        Raises ``LittoralError`` when something outside failed that may work later.
        """
        async with self._lock:
            if await self._forget() or await self._embed():
                return True
            await self._charges.close()
            await self._look()
            return False

    def waits_for_index(self) -> bool:
        """Whether something is written that the index does not show yet."""
        return bool(self._documents.in_status("indexing", 1))

    def give_up(self, error: Exception) -> None:
        """Every document that still wants vectors fails, and says why."""
        while document_id := self._documents.next_to_embed():
            self._fail(document_id, error)

    async def _forget(self) -> bool:
        ids = self._pieces.removals(BATCH_REMOVALS)
        if ids:
            await self._index.remove(ids)
            self._pieces.removed(ids)
        return bool(ids)

    async def _embed(self) -> bool:
        document_id = self._documents.next_to_embed()
        if document_id is None:
            return False
        pieces = self._pieces.unembedded(document_id, BATCH_PASSAGES)
        try:
            ticket = await self._write(pieces) if pieces else ""
        except LittoralError as error:
            if error.retryable or isinstance(error, DeadlineExceeded):
                raise
            self._fail(document_id, error)
            return True
        self._done(document_id, pieces, ticket)
        return True

    async def _write(self, pieces: list[Piece]) -> str:
        """The passages' vectors into the index; a title says what a passage is about."""
        texts = [f"{each.title}\n{each.text}" for each in pieces]
        vectors = await self._embedder.embed(texts)
        tag = self._documents.tag
        entries = [
            Entry(id=piece.vector_id(tag), vector=vector)
            for piece, vector in zip(pieces, vectors, strict=True)
        ]
        return await self._index.put(self.space, entries)

    def _done(self, document_id: str, pieces: list[Piece], ticket: str) -> None:
        if pieces and not self._pieces.embedded(pieces):
            return
        found = self._documents.find(document_id)
        if found is not None and found.embedded == found.passages:
            self._documents.mark(document_id, "indexing" if ticket else "ready", ticket=ticket)
            self._charges.decide(found.charge, spent=True)

    def _fail(self, document_id: str, error: Exception) -> None:
        known = error if isinstance(error, LittoralError) else LittoralError()
        found = self._documents.get(document_id)
        self._documents.mark(document_id, "failed", code=known.code, detail=known.detail)
        self._charges.decide(found.charge, spent=False)

    async def _look(self) -> None:
        """Documents that the index shows are ready."""
        for document in self._documents.in_status("indexing"):
            if await self._shown(document):
                self._documents.mark(document.id, "ready")

    async def _shown(self, document: Document) -> bool:
        waited = self._clock.now_ms() - document.updated_at_ms
        return waited > SHOWN_AFTER_MS or await self._index.visible(document.ticket)
