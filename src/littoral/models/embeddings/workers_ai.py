"""Embedding models on Workers AI, through the binding of the Worker.

The binding takes ``{"text": [...]}``, at most 100 texts a call, and answers ``{"shape", "data"}``
(Cloudflare's pages of the bge models, seen 2026-11). Its errors are read as those of the models
that speak.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json

from littoral.errors import ModelUnavailable
from littoral.models.embeddings.embedder import Vector, vectors_of
from littoral.models.workers_ai import AiBinding, AiFailed, failure_of

_POOLED = ("@cf/baai/bge-small-en-v1.5", "@cf/baai/bge-base-en-v1.5", "@cf/baai/bge-large-en-v1.5")
"""Models that were trained for the first token's vector and average by default."""


class WorkersAiEmbedder:
    """``Embedder`` over ``env.AI``. ``model`` is an id ``@cf/…``."""

    def __init__(self, binding: AiBinding, *, model: str, gateway_id: str = "") -> None:
        self._binding = binding
        self._model = model
        self._gateway_id = gateway_id

    @property
    def model(self) -> str:
        return self._model

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        if not texts:
            return []
        try:
            answer = await self._binding.run(self._model, self._inputs(texts), self._options())
        except AiFailed as error:
            raise failure_of(str(error), self._model) from None
        return vectors_of(_data(answer), len(texts))

    def _inputs(self, texts: Sequence[str]) -> str:
        inputs: dict[str, Any] = {"text": list(texts)}
        if self._model in _POOLED:
            inputs["pooling"] = "cls"
        return json.dumps(inputs, separators=(",", ":"))

    def _options(self) -> str:
        return json.dumps({"gateway": {"id": self._gateway_id}} if self._gateway_id else {})


def _data(answer: Any) -> Any:
    if not isinstance(answer, str):
        raise ModelUnavailable("The embedding model answered with a stream.")
    try:
        found = from_json(answer)
    except ValueError:
        raise ModelUnavailable("The embedding model's answer is no JSON.") from None
    return found.get("data") if isinstance(found, dict) else None
