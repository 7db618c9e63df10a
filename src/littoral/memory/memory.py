"""The memory of one agent: documents in, the nearest passages out.

Puts the parts together and says when there is work. Who may call is decided before; what passages
are used for is the executions'.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from littoral.agent.alarm import AlarmClock
from littoral.clock import Clock, Ids
from littoral.credits.till import Till
from littoral.errors import Conflict, LittoralError, QueueFull, TooLarge
from littoral.memory import limits
from littoral.memory.book import MEMORY_SCHEMA, DocumentBook
from littoral.memory.charges import CHARGES_SCHEMA, MemoryCharges
from littoral.memory.chunks import chunks_of
from littoral.memory.document import Document, NewDocument, place_of
from littoral.memory.embedding import Embedding, tag_of
from littoral.memory.index import VectorIndex
from littoral.memory.keys import KEYS_SCHEMA, MemoryKeys
from littoral.memory.local_index import LOCAL_INDEX_SCHEMA
from littoral.memory.passages import Passage
from littoral.memory.piece_book import PieceBook
from littoral.models.embeddings.embedder import Embedder
from littoral.models.estimate import tokens_of
from littoral.store.jobs import JOBS_SCHEMA, Job, Jobs
from littoral.store.migrations import migrate
from littoral.store.sql import Sql

WORK = "embed"
SPAN_MS = 20_000
"""How long one run of the alarm works before it lets the next one go on."""

LOOK_AGAIN_MS = 2_000
MARGIN = 20
"""More matches are asked for than wanted: some may be of documents that are deleted."""

SCHEMAS = (MEMORY_SCHEMA, CHARGES_SCHEMA, KEYS_SCHEMA, LOCAL_INDEX_SCHEMA, JOBS_SCHEMA)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a memory stands. ``name`` is the object's, ``<owner>/<agent id>``."""

    name: str
    sql: Sql
    alarm: AlarmClock
    till: Till
    embedder: Embedder
    index: VectorIndex
    clock: Clock
    ids: Ids
    jobs_per_hour: int


class Memory:
    """Call ``on_start`` once after every wake, before anything else."""

    def __init__(self, place: Place) -> None:
        self._place = place
        tag = tag_of(place.embedder.model, place.index.name)
        self._documents = DocumentBook(place.sql, place.clock, tag=tag)
        self._pieces = PieceBook(place.sql, tag=tag)
        self._charges = MemoryCharges(
            place.sql, place.till, place.clock, place.ids, model=place.embedder.model
        )
        self._keys = MemoryKeys(place.sql, place.clock)
        self._jobs = Jobs(place.sql, place.clock, per_hour=place.jobs_per_hour)
        self._embedding = Embedding(
            place.name,
            documents=self._documents,
            pieces=self._pieces,
            charges=self._charges,
            embedder=place.embedder,
            index=place.index,
            clock=place.clock,
        )

    def on_start(self) -> None:
        """Makes the tables; after a change of model or index, plans new vectors for everything."""
        migrate(self._place.sql, SCHEMAS)
        if self._documents.take_tag():
            self._plan(self._place.clock.now_ms())

    # --- documents -------------------------------------------------------------------------------

    async def add(self, new: Sequence[NewDocument], payer: str, *, key: str = "") -> list[Document]:
        """Takes documents; they become searchable in the background (``settled`` waits for it).

        A document that is here already is that document; one that failed is tried again. Raises
        ``Conflict`` for a key that was used for others, ``QueueFull`` and ``TooLarge`` when the
        memory has no room, ``InsufficientCredits``, ``BudgetExceeded``. Repeating is safe.
        """
        ids = [each.id_in(self._place.name) for each in new]
        if key and not self._keys.take(key, ids):
            raise Conflict(
                "This Idempotency-Key was used for other documents.",
                next_step="Use a new key for new documents.",
            )
        for document_id, each in zip(ids, new, strict=True):
            await self._take(document_id, each, payer)
        self._plan(self._place.clock.now_ms())
        return [self._documents.get(each) for each in ids]

    async def _take(self, document_id: str, new: NewDocument, payer: str) -> None:
        known = self._documents.find(document_id)
        if known is not None and known.status != "failed":
            return
        chunks = chunks_of(new.text)
        if known is None:
            self._require_room(len(chunks))
        charge = await self._charges.open(payer, tokens_of(len(new.text)))
        known = self._documents.find(document_id)  # others came in while the ledger was asked
        if known is None:
            self._require_room(len(chunks))
            self._documents.add(document_id, new, chunks, charge=charge)
        elif known.status == "failed":
            self._documents.charge_with(document_id, charge)
            self._documents.mark(document_id, "embedding")
        else:
            self._charges.decide(charge, spent=False)

    def _require_room(self, passages: int) -> None:
        if passages > limits.MAX_DOCUMENT_PASSAGES:
            raise TooLarge(
                f"The document has {passages} passages; at most {limits.MAX_DOCUMENT_PASSAGES} "
                "are taken."
            )
        have = self._documents.counts()
        full = have["documents"] >= limits.MAX_DOCUMENTS
        if full or have["passages"] + passages > limits.MAX_PASSAGES:
            raise QueueFull(
                f"This memory holds {have['documents']} documents with {have['passages']} "
                f"passages; at most {limits.MAX_DOCUMENTS} and {limits.MAX_PASSAGES} are taken.",
                next_step="Delete documents that are not needed.",
                retryable=False,
            )

    async def settled(self, ids: Sequence[str], seconds: float) -> list[Document]:
        """Works on until these documents are searchable or failed, or the time is over.

        What goes wrong is left to the alarm, which tries again.
        """
        try:
            async with asyncio.timeout(seconds):
                while self._open(ids) and await self._embedding.step():
                    pass
                await self._charges.close()
        except (TimeoutError, LittoralError):
            _log.info("documents are embedded later")
        self.plan_alarm()
        return [found for each in ids if (found := self._documents.find(each))]

    def _open(self, ids: Sequence[str]) -> bool:
        found = (self._documents.find(each) for each in ids)
        return any(each is not None and each.status == "embedding" for each in found)

    def page(self, cursor: str, limit: int) -> dict[str, Any]:
        """Documents, newest first, with the counts of the whole memory."""
        found, after = self._documents.page(cursor, limit)
        return {
            "documents": [each.to_json() for each in found],
            "cursor": after,
            **self.about(),
        }

    def about(self) -> dict[str, Any]:
        """Counts, the embedding model and the index."""
        counts = self._documents.counts()
        return {
            "counts": counts,
            "embeddingModel": self._place.embedder.model,
            "index": self._place.index.name,
        }

    def describe(self, document_id: str) -> dict[str, Any]:
        """A document with its text; raises ``NotFound``."""
        found = self._documents.get(document_id).to_json()
        return {**found, "text": self._documents.text(document_id)}

    def remove(self, document_id: str) -> None:
        """Deletes a document: searches do not find it any more. Raises ``NotFound``."""
        found = self._documents.get(document_id)
        self._place.sql.transaction(lambda: self._remove(found))
        self._plan(self._place.clock.now_ms())

    def _remove(self, document: Document) -> None:
        self._documents.remove(document.id)
        self._charges.decide(document.charge, spent=document.embedded > 0)

    # --- search ----------------------------------------------------------------------------------

    async def nearest(self, question: str, count: int) -> dict[str, Any]:
        """The nearest passages, best first, and how many passages could not be searched yet.

        Raises ``ModelUnavailable`` or ``DependencyUnavailable``; nothing is written.
        """
        counts = self._documents.counts()
        found: list[Passage] = []
        if counts["embedded"]:
            [vector] = await self._place.embedder.embed([question])
            matches = await self._place.index.nearest(self._embedding.space, vector, count + MARGIN)
            for match in matches:
                place = place_of(match.id)
                if place and (passage := self._pieces.passage(place[0], place[1], match.score)):
                    found.append(passage)
        return {
            "passages": [each.to_json() for each in found[:count]],
            "pending": counts["passages"] - counts["embedded"],
            "embeddingModel": self._place.embedder.model,
        }

    # --- the alarm -------------------------------------------------------------------------------

    def _plan(self, at_ms: int) -> None:
        self._jobs.schedule(WORK, WORK, at_ms, {})
        self.plan_alarm()

    def plan_alarm(self) -> None:
        """Sets the alarm to the next thing that has to happen."""
        due = self._jobs.next_due_at_ms()
        if due is not None:
            self._place.alarm.at_latest(due)

    async def on_alarm(self) -> None:
        """Works on what is not searchable yet; a failure is tried again later, then given up."""
        self._place.alarm.rang()
        try:
            for failure in await self._jobs.run_due({WORK: self._work}):
                _log.warning("a memory's work failed: %s", failure.error)
                if failure.given_up:
                    self._embedding.give_up(failure.error)
        finally:
            self.plan_alarm()

    async def _work(self, job: Job) -> None:
        until = self._place.clock.now_ms() + SPAN_MS
        while await self._embedding.step():
            if self._place.clock.now_ms() > until:
                self._jobs.schedule(WORK, WORK, job.due_at_ms + 1, {})
                return
        if self._embedding.waits_for_index() or self._charges.any():
            self._jobs.schedule(WORK, WORK, self._place.clock.now_ms() + LOOK_AGAIN_MS, {})
