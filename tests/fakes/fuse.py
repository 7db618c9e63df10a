"""Things behind a network that a fuse may cut on either way."""

from __future__ import annotations

from collections.abc import Mapping

from littoral.credits.ledger import Ledger
from littoral.credits.usage import Usage
from tests.fakes.workflow_engine import Fuse


class FusedPurse:
    """A ledger; a kill may come before or after each of its calls."""

    def __init__(self, ledger: Ledger, fuse: Fuse) -> None:
        self._ledger = ledger
        self._fuse = fuse

    async def reserve(self, user_id: str, amount: int, *, ref: str, kind: str) -> None:
        await self._fuse.point()
        await self._ledger.reserve(user_id, amount, ref=ref, kind=kind)
        await self._fuse.point()

    async def settle(self, user_id: str, *, ref: str, usage: Usage) -> int:
        await self._fuse.point()
        charged = await self._ledger.settle(user_id, ref=ref, usage=usage)
        await self._fuse.point()
        return charged

    async def record(self, user_id: str, rows: Mapping[str, Usage]) -> None:
        await self._fuse.point()
        await self._ledger.record(user_id, rows)
        await self._fuse.point()

    async def release(self, user_id: str, *, ref: str) -> None:
        await self._fuse.point()
        await self._ledger.release(user_id, ref=ref)
        await self._fuse.point()
