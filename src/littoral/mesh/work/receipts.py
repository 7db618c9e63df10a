"""What came of a part, written once in the database that all share: the first outcome stands.

Two workers may do the same part when one of them fell silent. Both then report the same outcome,
and a worker that finds one does nothing again: a model is asked, and paid, once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, Protocol

from littoral.clock import Clock
from littoral.jsontext import dumps
from littoral.mesh.work.limits import RECEIPT_DAYS
from littoral.store.database import Database, Statement

DAY_MS: Final = 86_400_000
Outcome = Mapping[str, Any]


class Receipts(Protocol):
    """Outcomes by part. Every call may be repeated safely; raises ``DependencyUnavailable``."""

    async def find(self, part_id: str) -> Outcome | None:
        """What came of the part, if it was done."""
        ...

    async def keep(self, part_id: str, worker: str, outcome: Outcome) -> Outcome:
        """Writes an outcome unless there is one; gives the one that stands."""
        ...

    async def forget_old(self) -> None:
        """Deletes those of tasks that are long over."""
        ...


class DatabaseReceipts:
    """``Receipts`` of one owner in D1. ``times`` counts how often a part was done."""

    def __init__(self, database: Database, clock: Clock, owner: str) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner

    async def find(self, part_id: str) -> Outcome | None:
        rows = await self._database.rows(
            "SELECT outcome FROM mesh_receipts WHERE owner = ? AND part_id = ?",
            *(self._owner, part_id),
        )
        return json.loads(str(rows[0][0])) if rows else None

    async def keep(self, part_id: str, worker: str, outcome: Outcome) -> Outcome:
        now = self._clock.now_ms()
        outcomes = await self._database.batch(
            [
                Statement(
                    text="INSERT INTO mesh_receipts (owner, part_id, worker, outcome, times, at_ms)"
                    " VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (owner, part_id) "
                    "DO UPDATE SET times = times + 1",
                    values=(self._owner, part_id, worker, dumps(dict(outcome)), now),
                ),
                Statement(
                    text="SELECT outcome FROM mesh_receipts WHERE owner = ? AND part_id = ?",
                    values=(self._owner, part_id),
                ),
            ]
        )
        stands: Outcome = json.loads(str(outcomes[1].rows[0][0]))
        return stands

    async def forget_old(self) -> None:
        before = self._clock.now_ms() - RECEIPT_DAYS * DAY_MS
        await self._database.rows(
            "DELETE FROM mesh_receipts WHERE owner = ? AND at_ms < ?", *(self._owner, before)
        )
