"""The embedder of a deployment, made from its settings."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence

from littoral.errors import ModelUnavailable
from littoral.models.deployment import WORKERS_AI
from littoral.models.embeddings.embedder import Embedder, Vector
from littoral.models.embeddings.offline import OFFLINE, OfflineEmbedder
from littoral.models.embeddings.openai_compatible import OpenAiEmbedder
from littoral.models.embeddings.patient import PatientEmbedder
from littoral.models.embeddings.workers_ai import WorkersAiEmbedder
from littoral.models.http_client import HttpClient
from littoral.models.openai_compatible import PREFIX as OPENAI
from littoral.models.workers_ai import AiBinding
from littoral.settings import Settings


def build_embedder(
    settings: Settings,
    *,
    ai: AiBinding | None,
    http: HttpClient,
    random: Callable[[], float] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Embedder:
    """The embedder that ``EMBEDDING_MODEL`` names; there is no fallback to another model.

    Vectors of two models cannot be compared, so a model that fails is waited for. Raises
    ``ValueError`` for an id that no provider serves.
    """
    model = settings.embedding_model
    if model == OFFLINE:
        return OfflineEmbedder()
    return PatientEmbedder(
        _provider(settings, model, ai, http),
        timeout_seconds=settings.model_timeout_seconds,
        random=random or _random,
        sleep=sleep,
    )


def _provider(settings: Settings, model: str, ai: AiBinding | None, http: HttpClient) -> Embedder:
    if model.startswith(WORKERS_AI):
        if ai is None:
            return _Missing(model)
        return WorkersAiEmbedder(ai, model=model, gateway_id=settings.ai_gateway_id)
    if model.startswith(OPENAI) and model != OPENAI:
        return OpenAiEmbedder(
            http,
            model=model,
            base_url=settings.openai_base_url,
            api_key=settings.openai_api_key,
            timeout_seconds=settings.model_timeout_seconds,
        )
    raise ValueError(
        f"EMBEDDING_MODEL is {model!r}: it must be {WORKERS_AI}…, {OPENAI}<model> or {OFFLINE}"
    )


class _Missing:
    """Stands where there is no binding to call."""

    def __init__(self, model: str) -> None:
        self.model = model

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        raise ModelUnavailable("There is no AI binding in wrangler.toml.", retryable=False)


def _random() -> float:
    """From 0 to 1, read from the platform when called (never at import)."""
    return secrets.randbelow(1_000_000) / 1_000_000
