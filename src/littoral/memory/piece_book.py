"""The rows of a memory's passages: which have a vector, what they say, what is to be forgotten.

The tables are made by ``littoral.memory.book``; vectors lie in an index.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from littoral.memory.document import Piece
from littoral.memory.passages import Passage
from littoral.store.sql import Sql


class PieceBook:
    """``tag`` names the present model and index; a passage with another tag wants a new vector."""

    def __init__(self, sql: Sql, *, tag: str) -> None:
        self._sql = sql
        self._tag = tag

    def unembedded(self, document_id: str, limit: int) -> list[Piece]:
        """Passages of a document that want a vector, in order."""
        found = self._sql.rows("SELECT title, text FROM memory_documents WHERE id = ?", document_id)
        rows = self._sql.rows(
            "SELECT number, start, end, tag FROM memory_chunks WHERE document_id = ? AND tag <> ? "
            "ORDER BY number LIMIT ?",
            document_id,
            self._tag,
            limit,
        )
        return [
            Piece(
                document_id=document_id,
                number=int(number or 0),
                title=str(found[0][0]),
                text=str(found[0][1])[int(start or 0) : int(end or 0)],
                tag=str(tag),
            )
            for number, start, end, tag in rows
        ]

    def embedded(self, pieces: Sequence[Piece]) -> bool:
        """These passages have vectors now; their older ones, and those of a document that was
        deleted meanwhile, are to be forgotten. Whether the document is there."""
        return self._sql.transaction(lambda: self._embedded(pieces))

    def _embedded(self, pieces: Sequence[Piece]) -> bool:
        there = bool(
            self._sql.rows("SELECT 1 FROM memory_documents WHERE id = ?", pieces[0].document_id)
        )
        for piece in pieces:
            self._sql.run(
                "UPDATE memory_chunks SET tag = ? WHERE document_id = ? AND number = ?",
                self._tag,
                piece.document_id,
                piece.number,
            )
            if piece.tag not in ("", self._tag):
                self._forget_later(piece.vector_id(piece.tag))
            if not there:
                self._forget_later(piece.vector_id(self._tag))
        return there

    def passage(self, document_id: str, number: int, score: float) -> Passage | None:
        """A passage as it is shown; ``None`` when it is not there or has no vector of this tag."""
        rows = self._sql.rows(
            "SELECT d.title, c.start, c.end, substr(d.text, c.start + 1, c.end - c.start) "
            "FROM memory_chunks c JOIN memory_documents d ON d.id = c.document_id "
            "WHERE c.document_id = ? AND c.number = ? AND c.tag = ?",
            document_id,
            number,
            self._tag,
        )
        if not rows:
            return None
        title, start, end, text = rows[0]
        return Passage(
            document_id=document_id,
            title=str(title),
            text=str(text),
            start=int(start or 0),
            end=int(end or 0),
            score=round(score, 6),
        )

    # --- what the index is to forget -------------------------------------------------------------

    def _forget_later(self, vector: str) -> None:
        self._sql.run("INSERT OR IGNORE INTO memory_removals VALUES (?)", vector)

    def removals(self, limit: int) -> list[str]:
        """Ids of vectors that are to be forgotten."""
        rows = self._sql.rows("SELECT id FROM memory_removals LIMIT ?", limit)
        return [str(found) for (found,) in rows]

    def removed(self, ids: Sequence[str]) -> None:
        """These are forgotten."""
        self._sql.run(
            "DELETE FROM memory_removals WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(list(ids)),
        )
