"""The model of this deployment, from the settings and the Worker's environment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from littoral.clock import Clock
from littoral.models.breaker import Breaker
from littoral.models.chain import ModelChain
from littoral.models.deployment import build
from littoral.models.offline import AnySkill
from littoral.platform.ai import EnvAi
from littoral.platform.http import FetchClient
from littoral.settings import Settings

MOST_BREAKERS: Final = 256
"""Models are named by users too: beyond so many, what was learnt is forgotten."""

_breakers: dict[str, Breaker] = {}


def breaker_states() -> dict[str, str]:
    """The state of each model's breaker in this isolate, by the model's id."""
    return {model_id: breaker.state for model_id, breaker in _breakers.items()}


def build_model(
    env: Any, settings: Settings, clock: Clock, skills: Iterable[AnySkill]
) -> ModelChain:
    """The chain for one object. ``env`` is the raw environment.

    Objects that share an isolate share the breakers: what one of them learned about a model that is
    down spares the others the wait.
    """
    if len(_breakers) > MOST_BREAKERS:
        _breakers.clear()
    for model_id in (settings.default_model, *settings.fallback_models):
        _breakers.setdefault(model_id, Breaker(clock))
    binding = getattr(env, "AI", None)
    return build(
        settings,
        ai=EnvAi(binding) if binding else None,
        http=FetchClient(),
        skills=skills,
        clock=clock,
        breakers=_breakers,
    )
