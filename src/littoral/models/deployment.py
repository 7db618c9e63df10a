"""The models of a deployment, made from its settings.

Which id belongs to which provider is decided here; how they are asked is left to the chain.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping

from littoral.clock import Clock
from littoral.errors import ModelUnavailable
from littoral.models.breaker import Breaker
from littoral.models.chain import Link, ModelChain
from littoral.models.http_client import HttpClient
from littoral.models.model import Model, ModelEvent, ModelRequest
from littoral.models.offline import OFFLINE, AnySkill, OfflineModel
from littoral.models.openai_compatible import PREFIX as OPENAI
from littoral.models.openai_compatible import OpenAiCompatible
from littoral.models.workers_ai import AiBinding, WorkersAi
from littoral.settings import Settings

WORKERS_AI = "@cf/"


def build(
    settings: Settings,
    *,
    ai: AiBinding | None,
    http: HttpClient | None,
    skills: Iterable[AnySkill],
    clock: Clock,
    random: Callable[[], float] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    breakers: Mapping[str, Breaker] | None = None,
) -> ModelChain:
    """The chain that the settings describe: the default, the fallbacks, offline last.

    Raises ``ValueError`` that names the setting for an id that no provider serves. Pass
    ``breakers`` to share their state among chains of one process; else each chain has its own.
    """
    offline = OfflineModel(tuple(skills))
    workers_ai = WorkersAi(ai, gateway_id=settings.ai_gateway_id) if ai else None
    compatible = (
        OpenAiCompatible(http, base_url=settings.openai_base_url, api_key=settings.openai_api_key)
        if http
        else None
    )
    links = []
    for model_id, setting in _ids(settings).items():
        model = _model_for(model_id, setting, offline, workers_ai, compatible)
        breaker = (breakers or {}).get(model_id) or Breaker(clock)
        links.append(Link(id=model_id, model=model, breaker=breaker))
    return ModelChain(links, clock=clock, random=random or _random, sleep=sleep)


def _ids(settings: Settings) -> dict[str, str]:
    """Each model id once, in order, with the setting that names it; nothing follows offline."""
    named = {settings.default_model: "DEFAULT_MODEL"}
    for each in settings.fallback_models:
        named.setdefault(each, "FALLBACK_MODELS")
    named.setdefault(OFFLINE, "DEFAULT_MODEL")
    last = list(named).index(OFFLINE)
    return dict(list(named.items())[: last + 1])


def _model_for(
    model_id: str,
    setting: str,
    offline: OfflineModel,
    workers_ai: WorkersAi | None,
    compatible: OpenAiCompatible | None,
) -> Model:
    if model_id == OFFLINE:
        return offline
    if model_id.startswith(WORKERS_AI):
        return workers_ai or _Missing("There is no AI binding in wrangler.toml.")
    if model_id.startswith(OPENAI) and model_id != OPENAI:
        return compatible or _Missing("There is no HTTP client.")
    raise ValueError(
        f"{setting} has {model_id!r}: it must be {WORKERS_AI}…, {OPENAI}<model> or {OFFLINE}"
    )


class _Missing:
    """Stands where a provider has nothing to call."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]:
        raise ModelUnavailable(self._why, retryable=False)
        yield  # a generator, as every model's stream


def _random() -> float:
    """From 0 to 1, read from the platform when called (never at import)."""
    return secrets.randbelow(1_000_000) / 1_000_000
