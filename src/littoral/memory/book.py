"""The rows of a memory's documents. Their passages are ``littoral.memory.piece_book``'s.

Nothing is awaited here; who calls decides what belongs into one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from littoral.clock import Clock
from littoral.errors import InvalidInput, NotFound
from littoral.memory.chunks import Chunk
from littoral.memory.document import Document, NewDocument, Status
from littoral.store.migrations import Schema
from littoral.store.sql import Row, Sql

MEMORY_SCHEMA = Schema(
    name="memory",
    steps=(
        "CREATE TABLE memory_documents (id TEXT PRIMARY KEY, title TEXT NOT NULL, "
        "source TEXT NOT NULL, size_bytes INTEGER NOT NULL, characters INTEGER NOT NULL, "
        "passages INTEGER NOT NULL, status TEXT NOT NULL, error_code TEXT NOT NULL DEFAULT '', "
        "error_detail TEXT NOT NULL DEFAULT '', ticket TEXT NOT NULL DEFAULT '', "
        "charge TEXT NOT NULL DEFAULT '', created_at_ms INTEGER NOT NULL, "
        "updated_at_ms INTEGER NOT NULL, text TEXT NOT NULL) WITHOUT ROWID",
        "CREATE INDEX memory_documents_time ON memory_documents (created_at_ms, id)",
        "CREATE TABLE memory_chunks (document_id TEXT NOT NULL, number INTEGER NOT NULL, "
        "start INTEGER NOT NULL, end INTEGER NOT NULL, tag TEXT NOT NULL DEFAULT '', "
        "PRIMARY KEY (document_id, number)) WITHOUT ROWID",
        "CREATE TABLE memory_removals (id TEXT PRIMARY KEY) WITHOUT ROWID",
        "CREATE TABLE memory_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    ),
)

_COLUMNS = (
    "id, title, source, size_bytes, characters, passages, (SELECT count(*) FROM memory_chunks "
    "WHERE document_id = memory_documents.id AND tag = ?), status, error_code, error_detail, "
    "ticket, charge, created_at_ms, updated_at_ms"
)


class DocumentBook:
    """``tag`` names the present model and index; a passage with another tag wants a new vector."""

    def __init__(self, sql: Sql, clock: Clock, *, tag: str) -> None:
        self._sql = sql
        self._clock = clock
        self.tag = tag

    # --- documents -------------------------------------------------------------------------------

    def add(
        self, document_id: str, new: NewDocument, chunks: Sequence[Chunk], *, charge: str
    ) -> None:
        """Writes a document and its passages; they want vectors. One transaction, once."""
        self._sql.transaction(lambda: self._add(document_id, new, chunks, charge))

    def _add(
        self, document_id: str, new: NewDocument, chunks: Sequence[Chunk], charge: str
    ) -> None:
        now = self._clock.now_ms()
        self._sql.run(
            "INSERT INTO memory_documents (id, title, source, size_bytes, characters, passages, "
            "status, charge, created_at_ms, updated_at_ms, text) "
            "VALUES (?, ?, ?, ?, ?, ?, 'embedding', ?, ?, ?, ?)",
            document_id,
            new.title,
            new.source,
            len(new.text.encode()),
            len(new.text),
            len(chunks),
            charge,
            now,
            now,
            new.text,
        )
        rows = [[number, each.start, each.end] for number, each in enumerate(chunks)]
        self._sql.run(
            "INSERT INTO memory_chunks (document_id, number, start, end) SELECT ?, "
            "json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') "
            "FROM json_each(?)",
            document_id,
            json.dumps(rows),
        )
        # An earlier document of this id was deleted: its vectors are written anew, not forgotten.
        self._sql.run("DELETE FROM memory_removals WHERE id GLOB ?", f"{document_id}.*")

    def find(self, document_id: str) -> Document | None:
        rows = self._sql.rows(
            f"SELECT {_COLUMNS} FROM memory_documents WHERE id = ?", self.tag, document_id
        )
        return _document(rows[0]) if rows else None

    def get(self, document_id: str) -> Document:
        """The document; raises ``NotFound``."""
        found = self.find(document_id)
        if found is None:
            raise NotFound(f"This memory has no document {document_id[:40]!r}.")
        return found

    def text(self, document_id: str) -> str:
        """A document's text as it was sent, with line ends as ``\\n``."""
        return str(self._sql.value("SELECT text FROM memory_documents WHERE id = ?", document_id))

    def page(self, cursor: str, limit: int) -> tuple[list[Document], str | None]:
        """Documents, newest first, and where the next page begins."""
        at_ms, _, after = (cursor or "9007199254740990.~").partition(".")
        if not at_ms.isdecimal():
            raise InvalidInput("This cursor is not one of ours.")
        rows = self._sql.rows(
            f"SELECT {_COLUMNS} FROM memory_documents WHERE (created_at_ms, id) < (?, ?) "
            "ORDER BY created_at_ms DESC, id DESC LIMIT ?",
            self.tag,
            int(at_ms),
            after,
            limit + 1,
        )
        found = [_document(row) for row in rows[:limit]]
        more = len(rows) > limit
        return found, f"{found[-1].created_at_ms}.{found[-1].id}" if more else None

    def remove(self, document_id: str) -> None:
        """Deletes a document and its passages; its vectors are to be forgotten."""
        self._sql.transaction(lambda: self._remove(document_id))

    def _remove(self, document_id: str) -> None:
        # Also the vectors that may be written at this moment and are not marked yet.
        self._sql.run(
            "INSERT OR IGNORE INTO memory_removals SELECT document_id || '.' || number || '.' || ? "
            "FROM memory_chunks WHERE document_id = ?",
            self.tag,
            document_id,
        )
        self._sql.run(
            "INSERT OR IGNORE INTO memory_removals SELECT document_id || '.' || number || '.' || "
            "tag FROM memory_chunks WHERE document_id = ? AND tag NOT IN ('', ?)",
            document_id,
            self.tag,
        )
        self._sql.run("DELETE FROM memory_chunks WHERE document_id = ?", document_id)
        self._sql.run("DELETE FROM memory_documents WHERE id = ?", document_id)

    def mark(
        self,
        document_id: str,
        status: Status,
        *,
        ticket: str = "",
        code: str = "",
        detail: str = "",
    ) -> None:
        """A document's new status."""
        self._sql.run(
            "UPDATE memory_documents SET status = ?, ticket = ?, error_code = ?, error_detail = ?, "
            "updated_at_ms = ? WHERE id = ?",
            status,
            ticket,
            code,
            detail,
            self._clock.now_ms(),
            document_id,
        )

    def charge_with(self, document_id: str, charge: str) -> None:
        """The credits of a document that is tried again."""
        self._sql.run("UPDATE memory_documents SET charge = ? WHERE id = ?", charge, document_id)

    def in_status(self, status: Status, limit: int = 20) -> list[Document]:
        """Documents of a status, oldest first."""
        rows = self._sql.rows(
            f"SELECT {_COLUMNS} FROM memory_documents WHERE status = ? "
            "ORDER BY created_at_ms, id LIMIT ?",
            self.tag,
            status,
            limit,
        )
        return [_document(row) for row in rows]

    def next_to_embed(self) -> str | None:
        """The oldest document that wants vectors."""
        found = self._sql.value(
            "SELECT id FROM memory_documents WHERE status = 'embedding' "
            "ORDER BY created_at_ms, id LIMIT 1"
        )
        return None if found is None else str(found)

    def counts(self) -> dict[str, int]:
        """Documents, passages, passages with a vector of the present tag, bytes."""
        documents, size = self._sql.rows(
            "SELECT count(*), coalesce(sum(size_bytes), 0) FROM memory_documents"
        )[0]
        passages, embedded = self._sql.rows(
            "SELECT count(*), coalesce(sum(tag = ?), 0) FROM memory_chunks", self.tag
        )[0]
        return {
            "documents": int(documents or 0),
            "bytes": int(size or 0),
            "passages": int(passages or 0),
            "embedded": int(embedded or 0),
        }

    # --- the model and the index that the vectors are of -----------------------------------------

    def take_tag(self) -> bool:
        """Notes the present tag; when it is a new one, every document wants vectors again."""
        known = self.state("tag")
        if known == self.tag:
            return False
        self._sql.transaction(self._retag)
        return known != ""

    def _retag(self) -> None:
        self.set_state("tag", self.tag)
        self._sql.run(
            "UPDATE memory_documents SET status = 'embedding', ticket = '', error_code = '', "
            "error_detail = '' WHERE EXISTS (SELECT 1 FROM memory_chunks "
            "WHERE document_id = memory_documents.id AND tag <> ?)",
            self.tag,
        )

    def state(self, name: str) -> str:
        return str(self._sql.value("SELECT value FROM memory_state WHERE name = ?", name) or "")

    def set_state(self, name: str, value: str) -> None:
        self._sql.run("INSERT OR REPLACE INTO memory_state VALUES (?, ?)", name, value)


def _document(row: Row) -> Document:
    values: list[Any] = list(row)
    return Document(
        id=values[0],
        title=values[1],
        source=values[2],
        size_bytes=values[3],
        characters=values[4],
        passages=values[5],
        embedded=values[6],
        status=values[7],
        error_code=values[8],
        error_detail=values[9],
        ticket=values[10],
        charge=values[11],
        created_at_ms=values[12],
        updated_at_ms=values[13],
    )
