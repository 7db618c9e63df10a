"""Parts that a language model does: an instruction, and data that is fenced off from it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from littoral.credits.prices import of_tokens
from littoral.errors import ModelUnavailable
from littoral.models.fenced import fenced
from littoral.models.model import (
    Chosen,
    Finished,
    Model,
    ModelMessage,
    ModelRequest,
    TextDelta,
    Usage,
)
from littoral.models.offline import OFFLINE
from littoral.models.reply_stream import close


class ModelWork:
    """Asks the configured model. ``degraded`` in the result says that another one answered, or the
    offline model, whose words then say so themselves."""

    def __init__(self, model: Model, *, max_output_tokens: int, timeout_seconds: float) -> None:
        self._model = model
        self._max_output_tokens = max_output_tokens
        self._timeout_seconds = timeout_seconds

    async def do(self, part: Mapping[str, Any]) -> dict[str, Any]:
        """``{result: {text, model, degraded}, usage}``; raises what the model raises."""
        request = ModelRequest(
            messages=(
                ModelMessage(role="system", text=_instructions()),
                ModelMessage(role="user", text=_asked(part["input"])),
            ),
            max_output_tokens=self._max_output_tokens,
            temperature=0.0,
            affinity=part["taskId"],
            timeout_seconds=self._timeout_seconds,
        )
        text, chosen, used = await self._answer(request)
        if not text.strip():
            raise ModelUnavailable("The model gave no words.")
        degraded = chosen.degraded or chosen.model == OFFLINE
        return {
            "result": {"text": text.strip(), "model": chosen.model, "degraded": degraded},
            "usage": {
                "model": chosen.model,
                "inputTokens": used.input_tokens,
                "outputTokens": used.output_tokens,
                "cost": of_tokens(chosen.model, used.input_tokens, used.output_tokens),
            },
        }

    async def _answer(self, request: ModelRequest) -> tuple[str, Chosen, Usage]:
        words: list[str] = []
        chosen = Chosen(model=request.model)
        events = self._model.stream(request)
        try:
            async for event in events:
                if isinstance(event, TextDelta):
                    words.append(event.text)
                elif isinstance(event, Chosen):
                    chosen = event
                elif isinstance(event, Finished):
                    return "".join(words), chosen, event.usage
        finally:
            await close(events)
        raise ModelUnavailable("The model's answer was cut off before its end.")


def _asked(given: Mapping[str, Any]) -> str:
    instruction = str(given.get("instruction") or "")
    data = given.get("data")
    return instruction if data is None else f"{instruction}\n\n{fenced('data', data)}"


def _instructions() -> str:
    return files("littoral.mesh.work").joinpath("model_work.txt").read_text(encoding="utf-8")
