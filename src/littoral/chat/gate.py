"""What stands between a turn and a model that costs something."""

from __future__ import annotations

from typing import Protocol

from littoral.models.model import ModelRequest, Usage


class Gate(Protocol):
    """Decides, before each call of a model, whether and how it is made; one for each turn."""

    async def admit(self, request: ModelRequest) -> ModelRequest:
        """The request as it may be made; raises the error with which the turn ends otherwise.

        Called again after a kill: what was decided once for a turn is decided the same way.
        """
        ...

    def cost_of(self, model: str, usage: Usage) -> int | None:
        """Millicredits for one answer of that model; ``None`` when the turn is not charged."""
        ...
