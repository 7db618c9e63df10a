"""Credits for making vectors: set aside when a document is taken, closed when it is searchable.

A charge is a row before it is asked of the ledger, so that a kill leaves nothing set aside for
ever. A document that fails costs nothing; making vectors anew after a change of the model is not
charged, nor are searches (docs/memory.md says why). Prices are ``littoral.credits.prices``'.
"""

from __future__ import annotations

from typing import Final, Literal

from littoral.clock import Clock, Ids
from littoral.credits.prices import of_tokens
from littoral.credits.till import Till
from littoral.credits.usage import Usage
from littoral.errors import Conflict, LittoralError
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

KIND: Final = "memory"
ABANDONED_AFTER_MS: Final = 600_000

CHARGES_SCHEMA = Schema(
    name="memory_charges",
    steps=(
        "CREATE TABLE memory_charges (ref TEXT PRIMARY KEY, user_id TEXT NOT NULL, "
        "tokens INTEGER NOT NULL, amount INTEGER NOT NULL, state TEXT NOT NULL, "
        "opened_at_ms INTEGER NOT NULL) WITHOUT ROWID",
    ),
)


class MemoryCharges:
    """``model`` is the embedding model's id. A model that costs nothing makes no rows."""

    def __init__(self, sql: Sql, till: Till, clock: Clock, ids: Ids, *, model: str) -> None:
        self._sql = sql
        self._till = till
        self._clock = clock
        self._ids = ids
        self._model = model

    async def open(self, payer: str, tokens: int) -> str:
        """Sets credits aside; gives the reference, empty when nothing is to be paid.

        Raises ``InsufficientCredits`` and ``BudgetExceeded``.
        """
        amount = of_tokens(self._model, tokens, 0)
        if not amount:
            return ""
        ref, user_id = self._ids.new("mem"), payer.partition(".")[0]
        self._sql.run(
            "INSERT INTO memory_charges VALUES (?, ?, ?, ?, 'open', ?)",
            ref,
            user_id,
            tokens,
            amount,
            self._clock.now_ms(),
        )
        try:
            await self._till.reserve(user_id, amount, ref=ref, kind=KIND)
        except LittoralError as error:
            if isinstance(error, Conflict) or error.http_status in (402, 429):
                self._sql.run("DELETE FROM memory_charges WHERE ref = ?", ref)
            raise
        return ref

    def decide(self, ref: str, *, spent: bool) -> None:
        """How a charge ends; the first decision stands, an unknown or empty one is passed over."""
        state: Literal["spent", "unspent"] = "spent" if spent else "unspent"
        self._sql.run(
            "UPDATE memory_charges SET state = ? WHERE ref = ? AND state = 'open'", state, ref
        )

    async def close(self) -> None:
        """Tells the ledger what was decided. Repeating is safe."""
        before = self._clock.now_ms() - ABANDONED_AFTER_MS
        self._sql.run(
            "UPDATE memory_charges SET state = 'unspent' WHERE state = 'open' AND opened_at_ms < ? "
            "AND NOT EXISTS (SELECT 1 FROM memory_documents WHERE charge = memory_charges.ref)",
            before,
        )
        rows = self._sql.rows(
            "SELECT ref, user_id, tokens, amount, state, opened_at_ms FROM memory_charges "
            "WHERE state <> 'open' LIMIT 20"
        )
        for ref, user_id, tokens, amount, state, opened in rows:
            if state == "spent":
                usage = self._usage(int(tokens or 0), int(amount or 0), int(opened or 0))
                await self._till.settle(str(user_id), ref=str(ref), usage=usage)
            else:
                await self._till.release(str(user_id), ref=str(ref))
            self._sql.run("DELETE FROM memory_charges WHERE ref = ?", ref)

    def any(self) -> bool:
        """Whether a charge is not closed yet."""
        return self._sql.value("SELECT 1 FROM memory_charges LIMIT 1") is not None

    def _usage(self, tokens: int, amount: int, opened_at_ms: int) -> Usage:
        now = self._clock.now_ms()
        return Usage(
            kind=KIND,
            model=self._model,
            input_tokens=tokens,
            cost=amount,
            latency_ms=max(0, now - opened_at_ms),
            at_ms=now,
        )
