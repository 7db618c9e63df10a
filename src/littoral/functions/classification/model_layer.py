"""Asks a language model for the type of a description, with a closed schema and fenced data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from littoral.functions.classification.classification import Alternative
from littoral.functions.function_type import FUNCTION_TYPES, MEANINGS, risk_of
from littoral.models.fenced import fenced
from littoral.models.json_output import ask_json
from littoral.models.json_schema import JsonSchema
from littoral.models.model import Chosen, Model, ModelMessage, ModelRequest, Usage

VERSION: Final = "1"
"""Grows with the prompt or the schema: answers to older ones are not reused."""

DATA: Final = "request"
TITLE: Final = "classification"
MOST_SENT: Final = 6_000
"""Characters of the arguments, and of the schema, that a model is shown."""

SCHEMA: Final[dict[str, Any]] = {
    "title": TITLE,
    "type": "object",
    "properties": {
        "ranked": {
            "type": "array",
            "minItems": 1,
            "maxItems": len(FUNCTION_TYPES),
            "items": {
                "type": "object",
                "properties": {
                    "type": {"type": "string", "enum": list(FUNCTION_TYPES)},
                    "confidence": {"type": "number", "minimum": 0, "maximum": 1},
                    "why": {"type": "string", "maxLength": 500},
                },
                "required": ["type", "confidence", "why"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["ranked"],
    "additionalProperties": False,
}


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """A model's ranking of all four types, the likeliest first, and what it cost."""

    ranked: tuple[Alternative, ...]
    usage: Usage
    chosen: Chosen


class ModelLayer:
    """Asks one model. The same words may give another answer: keep the one that was given."""

    def __init__(
        self, model: Model, *, max_output_tokens: int = 600, timeout_seconds: float = 20.0
    ) -> None:
        self._model = model
        self._max_output_tokens = max_output_tokens
        self._timeout_seconds = timeout_seconds

    async def ask(
        self,
        description: str,
        args: Any,
        schema: Mapping[str, Any] | None,
        *,
        affinity: str = "",
        free_because: str = "",
    ) -> Opinion:
        """Raises ``ModelUnavailable``, ``ModelRefused`` or ``DeadlineExceeded``."""
        data = {"description": description, "args": _shown(args), "schema": _shown(schema)}
        request = ModelRequest(
            messages=(
                ModelMessage(role="system", text=_instructions()),
                ModelMessage(role="user", text=fenced(DATA, data)),
            ),
            max_output_tokens=self._max_output_tokens,
            temperature=0.0,
            affinity=affinity,
            timeout_seconds=self._timeout_seconds,
            free_because=free_because,
        )
        answer = await ask_json(self._model, request, JsonSchema(SCHEMA))
        ranked = ranking_of(answer.value["ranked"])
        return Opinion(ranked=ranked, usage=answer.usage, chosen=answer.chosen)


def ranking_of(items: list[dict[str, Any]]) -> tuple[Alternative, ...]:
    """Each type once, the likeliest first, together at most 1.

    Of a type that is named twice the smaller confidence counts, and types that are not named get
    none: a model that contradicts itself is not sure. Equal ones stand with the riskier first.
    """
    named: dict[str, tuple[float, str]] = {}
    for each in items:
        confidence, why = float(each["confidence"]), " ".join(str(each["why"]).split())
        if each["type"] not in named or confidence < named[each["type"]][0]:
            named[each["type"]] = confidence, why
    whole = max(1.0, sum(confidence for confidence, _ in named.values()))
    ranked = []
    for function_type in FUNCTION_TYPES:
        confidence, why = named.get(function_type, (0.0, ""))
        why = why or f"The model gave no reason for {MEANINGS[function_type]}."
        share = round(confidence / whole, 3)
        ranked.append(Alternative(type=function_type, confidence=share, why=why))
    ranked.sort(key=lambda each: (-each.confidence, -risk_of(each.type)))
    return tuple(ranked)


def _shown(value: Any) -> Any:
    """Small values as they are, large ones as the beginning of their JSON text."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return value if len(text) <= MOST_SENT else f"{text[:MOST_SENT]}… ({len(text)} characters)"


def _instructions() -> str:
    here = files("littoral.functions.classification")
    return here.joinpath("classifier.txt").read_text(encoding="utf-8")
