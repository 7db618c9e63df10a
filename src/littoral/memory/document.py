"""The values of a memory: a document as it was sent, as it is kept, and a piece of it."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any, Literal

from littoral.clock import iso

Status = Literal["embedding", "indexing", "ready", "failed"]
"""Vectors are being made; they are written but not found everywhere yet; all is there; given up."""

DOCUMENT_PREFIX = "doc"


@dataclass(frozen=True, kw_only=True)
class NewDocument:
    """A document as somebody sent it, checked. ``source`` says where it is from, or is empty."""

    title: str
    text: str
    source: str = ""

    def id_in(self, memory: str) -> str:
        """The document's id in the memory of that name: same document, same id, nowhere else."""
        said = "\n".join((memory, self.title, self.source, self.text))
        digest = hashlib.sha256(said.encode()).digest()[:16]
        return f"{DOCUMENT_PREFIX}_{urlsafe_b64encode(digest).decode().rstrip('=')}"


@dataclass(frozen=True, kw_only=True)
class Document:
    """One row, its text aside.

    ``passages`` is how many there are, ``embedded`` how many of them have a vector of the present
    model. ``ticket`` is the index's (``littoral.memory.index``), ``charge`` the reference of the
    credits.
    """

    id: str
    title: str
    source: str
    size_bytes: int
    characters: int
    passages: int
    embedded: int
    status: Status
    error_code: str
    error_detail: str
    ticket: str
    charge: str
    created_at_ms: int
    updated_at_ms: int

    def to_json(self) -> dict[str, Any]:
        """As callers see it."""
        error = {"code": self.error_code, "detail": self.error_detail} if self.error_code else None
        return {
            "documentId": self.id,
            "title": self.title,
            "source": self.source,
            "bytes": self.size_bytes,
            "characters": self.characters,
            "chunks": self.passages,
            "embedded": self.embedded,
            "status": self.status,
            "error": error,
            "createdAt": iso(self.created_at_ms),
            "updatedAt": iso(self.updated_at_ms),
        }


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One passage of a document that wants a vector. ``tag`` is of the one it has, or empty."""

    document_id: str
    number: int
    title: str
    text: str
    tag: str

    def vector_id(self, tag: str) -> str:
        """The id of its vector: at most 60 bytes."""
        return vector_id(self.document_id, self.number, tag)


def vector_id(document_id: str, number: int, tag: str) -> str:
    """The id of the vector of one passage, made by the model and for the index of a tag."""
    return f"{document_id}.{number}.{tag}"


def place_of(vector: str) -> tuple[str, int, str] | None:
    """Document, number and tag of a vector's id; ``None`` when it is none of ours."""
    parts = vector.split(".")
    if len(parts) != 3 or not parts[1].isdecimal():
        return None
    return parts[0], int(parts[1]), parts[2]
