"""The Worker's entry with a model that answers at once; everything else is the code of a deploy.

It stands where a provider stands: behind the chain with its breaker, retries and meter.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from durable_objects.session_directory import SessionDirectory
from durable_objects.task_agent import TaskAgent as DeployedTaskAgent
from durable_objects.telemetry import Telemetry
from entry import Default
from littoral.models.breaker import Breaker
from littoral.models.chain import Link, ModelChain
from littoral.models.model import Finished, ModelEvent, ModelRequest, TextDelta, Usage

__all__ = ["Default", "SessionDirectory", "TaskAgent", "Telemetry"]


class InstantModel:
    """Says the same to everything, in one delta."""

    def __init__(self, answer: str) -> None:
        self._answer = answer

    async def stream(self, request: ModelRequest) -> AsyncIterator[ModelEvent]:
        yield TextDelta(text=self._answer)
        yield Finished(usage=Usage(input_tokens=1, output_tokens=1))


class TaskAgent(DeployedTaskAgent):
    """The deployed agent with that model."""

    def _model(self, settings: Any) -> ModelChain:
        instant = InstantModel(self._env.ANSWER)
        link = Link(id="instant", model=instant, breaker=Breaker(self._clock))
        return ModelChain([link], clock=self._clock, random=lambda: 0.5)
