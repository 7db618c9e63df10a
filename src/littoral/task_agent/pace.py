"""How many turns of a session a model with a price answers: asked once for each turn, before it.

Paying is ``littoral.task_agent.charging``'s; how much is allowed is ``littoral.limits.turns``'.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from littoral.chat.gate import Gate
from littoral.errors import LittoralError
from littoral.limits.turns import TurnRate
from littoral.models.model import ModelRequest, Usage


class PacedGate:
    """``Gate`` of one turn that counts it first and then asks the gate behind, if there is one.

    A turn over the limit still has its command carried out, where no model is needed for it
    (``understands``). ``user_id`` is empty for a guest.
    """

    def __init__(
        self,
        rate: TurnRate,
        user_id: str,
        behind: Gate | None,
        *,
        understands: Callable[[ModelRequest], bool],
    ) -> None:
        self._rate = rate
        self._user_id = user_id
        self._behind = behind
        self._understands = understands
        self._counted = False
        self._refused = ""

    async def admit(self, request: ModelRequest) -> ModelRequest:
        """As ``Gate.admit``; raises ``RateLimited``, and ``DependencyUnavailable`` for no count."""
        if not self._counted:
            await self._count(request)
        if self._refused:
            return replace(request, free_because=self._refused)
        return await self._behind.admit(request) if self._behind else request

    async def _count(self, request: ModelRequest) -> None:
        try:
            await self._rate.admit(self._user_id)
        except LittoralError as error:
            if not self._understands(request):
                raise
            self._refused = f"No model was asked: {error.detail} The command was carried out."
        self._counted = True

    def cost_of(self, model: str, usage: Usage) -> int | None:
        return self._behind.cost_of(model, usage) if self._behind else None
