"""Bodies of requests about an agent's memory. Sizes in bytes are checked where documents are
accepted (``littoral.memory.request``)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from littoral.api.bodies import Body, Line, Text
from littoral.memory import limits

DocumentText = Annotated[Text, Field(min_length=1, max_length=limits.MAX_DOCUMENT_BYTES)]
DocumentTitle = Annotated[Line, Field(min_length=1, max_length=limits.MAX_TITLE_CHARACTERS)]
DocumentSource = Annotated[Line, Field(min_length=1, max_length=limits.MAX_SOURCE_CHARACTERS)]


class MemoryDocument(Body):
    """A document to remember. Without a ``title`` its first words are one."""

    title: DocumentTitle | None = None
    text: DocumentText
    source: DocumentSource | None = None


class MemoryAddition(Body):
    """One document, as ``text`` with a ``title``, or several as ``documents``."""

    title: DocumentTitle | None = Field(default=None, examples=["Tides"])
    text: DocumentText | None = Field(default=None, examples=["The moon pulls the sea."])
    source: DocumentSource | None = Field(default=None, examples=["https://example.com/tides"])
    documents: (
        Annotated[list[MemoryDocument], Field(min_length=1, max_length=limits.MAX_AT_ONCE)] | None
    ) = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> MemoryAddition:
        if (self.text is None) == (self.documents is None):
            raise PydanticCustomError("one_or_several", "Send either text or documents")
        if self.documents is not None and (self.title or self.source):
            raise PydanticCustomError(
                "one_or_several", "With documents, each has a title and a source of its own"
            )
        return self
