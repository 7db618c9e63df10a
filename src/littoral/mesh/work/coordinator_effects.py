"""What the coordinator does in the world: has a goal planned, settles what a task cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from littoral.clock import Clock
from littoral.credits.till import Till
from littoral.credits.usage import Usage
from littoral.mesh.kernel.behaviour import Effect
from littoral.mesh.work.planner import Planner
from littoral.mesh.work.receipts import Receipts

KIND: Final = "mesh"


class CoordinatorEffects:
    """``littoral.mesh.work.coordinator.Performing``. Every effect may be repeated safely."""

    def __init__(self, planner: Planner, till: Till, receipts: Receipts, clock: Clock) -> None:
        self._planner = planner
        self._till = till
        self._receipts = receipts
        self._clock = clock

    async def perform(self, effect: Effect) -> Mapping[str, Any]:
        if effect.kind == "plan":
            return await self._planner.plan(effect.body["taskId"], effect.body["goal"])
        return await self._settle(effect.body)

    async def _settle(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Charges what was used and frees the rest; the task's id names the reservation."""
        user_id, used = user_of(body["payer"]), body["usage"]
        await self._receipts.forget_old()
        if not used["cost"]:
            await self._till.release(user_id, ref=body["taskId"])
            return {"charged": 0}
        now = self._clock.now_ms()
        usage = Usage(
            kind=KIND,
            model=used["model"],
            input_tokens=used["inputTokens"],
            output_tokens=used["outputTokens"],
            cost=used["cost"],
            latency_ms=max(0, now - body["createdAt"]),
            at_ms=now,
        )
        return {"charged": await self._till.settle(user_id, ref=body["taskId"], usage=usage)}


def user_of(payer: str) -> str:
    """The user in ``Call.payer``."""
    return payer.partition(".")[0]
