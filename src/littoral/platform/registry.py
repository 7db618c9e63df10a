"""What executions get from the platform: models by name, and the way to the owner's live view."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pyodide.ffi import JsException

from littoral.api.envelope import Call, result_of
from littoral.clock import Clock
from littoral.errors import LittoralError
from littoral.models.model import Model
from littoral.platform.models import build_model
from littoral.platform.runtime import Background
from littoral.registry.skill import RegistrySkill
from littoral.settings import Settings

TELL_SECONDS = 5.0

_log = logging.getLogger(__name__)


def models_by_name(env: Any, settings: Settings, clock: Clock) -> Callable[[str], Model]:
    """The chain that begins with a model and goes on with the deployment's fallbacks."""

    def named(model_id: str) -> Model:
        own = replace(settings, default_model=model_id)
        return build_model(env, own, clock, (RegistrySkill(),))

    return named


class DurableEar:
    """``Ear`` over the owner's registry object; ``background`` keeps what is on its way."""

    def __init__(self, env: Any, background: Background) -> None:
        self._env = env
        self._background = background

    def tell(self, owner: str) -> None:
        """As ``Ear.tell``."""
        self._background.spawn(lambda: self._tell(owner))

    async def _tell(self, owner: str) -> None:
        stub = self._env.REGISTRY_AGENT.getByName(owner)
        call = Call(method="registry.told", owner=owner)
        try:
            async with asyncio.timeout(TELL_SECONDS):
                result_of(await stub.rpc(call.text()))
        except (JsException, TimeoutError, LittoralError) as error:
            _log.info("the registry could not be told: %s", error)
