"""What a description was found to be, how sure that is, and what else it may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from littoral.functions.function_type import FunctionType
from littoral.models.model import Usage

Layer = Literal["explicit", "override", "rules", "cache", "model"]


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """Another type that a description may mean. ``confidence`` is from 0 to 1."""

    type: FunctionType
    confidence: float
    why: str

    def to_json(self) -> dict[str, Any]:
        return {"type": self.type, "confidence": self.confidence, "why": self.why}


@dataclass(frozen=True, kw_only=True)
class Classification:
    """The answer of the layer that knew it.

    ``type`` is ``None`` exactly when ``needs_clarification``: then ``confidence`` is that of the
    first of ``alternatives``, which hold every type that is possible, the likeliest first.
    Otherwise they hold the types that were not chosen. ``model`` and ``usage`` are those of this
    call, empty when no model was asked; ``degraded`` when another than the first model answered.
    """

    type: FunctionType | None
    confidence: float
    reasoning: str
    layer: Layer
    alternatives: tuple[Alternative, ...] = ()
    model: str = ""
    usage: Usage = field(default_factory=Usage)
    degraded: bool = False

    @property
    def needs_clarification(self) -> bool:
        return self.type is None

    def to_json(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "confidence": self.confidence,
            "reasoning": self.reasoning,
            "layer": self.layer,
            "alternatives": [each.to_json() for each in self.alternatives],
            "needsClarification": self.needs_clarification,
            "model": self.model,
        }
