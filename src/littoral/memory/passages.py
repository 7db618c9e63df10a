"""A passage of an agent's memory, and the one question that executions ask of a memory.

How passages are found is left to ``littoral.memory.memory``; the way to an agent's object is the
platform's (``littoral.platform.memory``). A passage's text is what somebody uploaded: data that may
be hostile. Who shows it to a model fences it (``littoral.models.fenced``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A piece of one document: ``text`` is ``document[start:end]``, counted in code points.

    ``score`` is the cosine of the angle to the question, from -1 to 1; higher is nearer.
    """

    document_id: str
    title: str
    text: str
    start: int
    end: int
    score: float

    def to_json(self) -> dict[str, Any]:
        """As callers see it."""
        return {
            "documentId": self.document_id,
            "title": self.title,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "score": self.score,
        }

    @classmethod
    def of_json(cls, raw: Mapping[str, Any]) -> Passage:
        """Reads what ``to_json`` wrote."""
        return cls(
            document_id=str(raw["documentId"]),
            title=str(raw["title"]),
            text=str(raw["text"]),
            start=int(raw["start"]),
            end=int(raw["end"]),
            score=float(raw["score"]),
        )


class PassageSource(Protocol):
    """The memories of all agents, as an execution asks them."""

    async def nearest(self, owner: str, agent_id: str, text: str, count: int) -> list[Passage]:
        """The ``count`` (1 to 20) passages nearest to ``text``, best first; empty without memory.

        Raises ``DependencyUnavailable`` and ``ModelUnavailable`` when the memory or its embedder do
        not answer. Asking writes nothing; repeating is safe.
        """
        ...
