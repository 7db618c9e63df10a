"""The analysis agent's way to the world: asks a model about one change, and pays for it.

Credits are set aside before the model is asked and settled after. Who has none gets the offline
words, and is told so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from littoral.clock import Clock
from littoral.credits.prices import is_free, of_tokens
from littoral.credits.till import Till
from littoral.credits.usage import Usage
from littoral.errors import BudgetExceeded, Conflict, InsufficientCredits, LittoralError
from littoral.mesh.kernel.behaviour import Effect
from littoral.mesh.watch.explanation import MAX_OUTPUT_TOKENS, SCHEMA, explanation_request
from littoral.models.json_output import MOST_ASKS, JsonAnswer, ask_json
from littoral.models.model import Model

MOST_INPUT_TOKENS: Final = 16_000
KIND: Final = "mesh"


class ModelExplaining:
    """Does the effects ``change.explain`` and ``charge.release``, at the cost of the watch's payer.

    ``model_id`` is the deployment's default: what one answer may cost is known by it.
    """

    def __init__(
        self, model: Model, till: Till, clock: Clock, *, model_id: str, seconds: float
    ) -> None:
        self._model = model
        self._till = till
        self._clock = clock
        self._model_id = model_id
        self._seconds = seconds

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        if effect.kind == "charge.release":
            await self._till.release(str(effect.body["payer"]), ref=str(effect.body["ref"]))
            return {}
        payer = str(effect.body["change"]["payer"])
        ref = charge_ref(effect.key, effect.attempt)
        if effect.attempt > 1:
            await self._till.release(payer, ref=charge_ref(effect.key, effect.attempt - 1))
        because = str(effect.body["freeBecause"])
        costs = not because and not is_free(self._model_id)
        if costs:
            because = await self._reserved(payer, ref)
        request = explanation_request(effect.body["change"], timeout_seconds=self._seconds)
        begun = self._clock.now_ms()
        try:
            answer = await ask_json(self._model, replace(request, free_because=because), SCHEMA)
        except LittoralError:
            if costs:
                await self._till.release(payer, ref=ref)
            raise
        if costs and not because:
            await self._settled(payer, ref, answer, begun)
        return {
            **answer.value,
            "model": answer.chosen.model,
            "degraded": answer.chosen.degraded or bool(because),
            "reason": (answer.chosen.reason or because)[:300],
            "asked": not because,
        }

    async def _reserved(self, payer: str, ref: str) -> str:
        """Sets credits aside; gives why the model may not be asked, empty when it may."""
        once = of_tokens(self._model_id, MOST_INPUT_TOKENS, MAX_OUTPUT_TOKENS)
        try:
            await self._till.reserve(payer, once * MOST_ASKS, ref=ref, kind=KIND)
        except (InsufficientCredits, BudgetExceeded) as error:
            return error.detail
        except Conflict:
            return "This explanation was paid for before it was lost."
        return ""

    async def _settled(self, payer: str, ref: str, answer: JsonAnswer, begun: int) -> None:
        now, used = self._clock.now_ms(), answer.usage
        model = answer.chosen.model
        usage = Usage(
            kind=KIND,
            model=model,
            input_tokens=used.input_tokens,
            output_tokens=used.output_tokens,
            cost=of_tokens(model, used.input_tokens, used.output_tokens),
            latency_ms=max(0, now - begun),
            outcome="completed",
            at_ms=now,
        )
        await self._till.settle(payer, ref=ref, usage=usage)


def charge_ref(key: str, attempt: int) -> str:
    """The ledger's name of one try's charge."""
    return f"mesh:{key}:{attempt}"
