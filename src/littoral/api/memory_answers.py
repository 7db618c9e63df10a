"""What answers about an agent's memory look like, for the API description."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from littoral.api.answers import Answer


class MemoryFailure(Answer):
    """Why a document is not searchable. Sending it again tries again."""

    code: str
    detail: str


class MemoryDocumentAnswer(Answer):
    """A document that is remembered. ``chunks`` are its passages, ``embedded`` those with a vector.

    ``embedding``: vectors are being made; ``indexing``: they are written and not found everywhere
    yet; ``ready``: searchable; ``failed``: given up, see ``error``.
    """

    document_id: str
    title: str
    source: str
    bytes: int
    characters: int
    chunks: int
    embedded: int
    status: Literal["embedding", "indexing", "ready", "failed"]
    error: MemoryFailure | None
    created_at: str
    updated_at: str


class MemoryDocumentText(MemoryDocumentAnswer):
    """The same with its text, in which the offsets of citations count."""

    text: str


class MemoryAdded(Answer):
    """The documents of a request. Sent as one, the document's fields stand here too."""

    documents: list[MemoryDocumentAnswer]
    document_id: str = ""
    title: str = ""
    chunks: int = 0
    status: str = ""


class MemoryCounts(Answer):
    """What a memory holds. ``embedded`` are passages that searches find."""

    documents: int
    bytes: int
    passages: int
    embedded: int


class PassageAnswer(Answer):
    """``text`` is the document's from ``start`` to ``end``, in code points; ``score`` a cosine."""

    document_id: str
    title: str
    text: str
    start: int
    end: int
    score: float


class MemoryAnswer(Answer):
    """With ``q`` the nearest passages, best first, else a page of documents, newest first.

    ``pending`` passages have no vector of the present model yet, so that no search finds them.
    """

    embedding_model: str
    passages: list[PassageAnswer] = Field(default_factory=list)
    pending: int = 0
    documents: list[MemoryDocumentAnswer] = Field(default_factory=list)
    cursor: str | None = None
    counts: MemoryCounts | None = None
    index: str = ""


class MemoryRemoved(Answer):
    """A document is deleted."""

    document_id: str
    deleted: bool
