"""What those who charge for work need of the ledger; ``Ledger`` is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from littoral.credits.usage import Usage


class Till(Protocol):
    """See ``littoral.credits.ledger.Ledger`` for the contract of each."""

    async def reserve(self, user_id: str, amount: int, *, ref: str, kind: str) -> None: ...

    async def settle(self, user_id: str, *, ref: str, usage: Usage) -> int: ...

    async def release(self, user_id: str, *, ref: str) -> None: ...

    async def record(self, user_id: str, rows: Mapping[str, Usage]) -> None: ...
