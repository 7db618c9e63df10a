"""What a function call may cost and did cost, and the charges that are open, in rows.

A charge is opened before anything costs anything, decided in the transaction that ends the work,
and closed at the ledger afterwards: whoever is killed in between leaves a row that says how to go
on. Prices are ``littoral.credits.prices``'.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from littoral.clock import Clock
from littoral.credits.prices import of_function, of_tokens
from littoral.credits.usage import Usage
from littoral.errors import Conflict, LittoralError
from littoral.functions import job_limits
from littoral.functions.job import Job
from littoral.functions.ports import Purse
from littoral.jsontext import dumps
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

CHARGES_SCHEMA = Schema(
    name="function_charges",
    steps=(
        "CREATE TABLE function_charges (ref TEXT PRIMARY KEY, user_id TEXT NOT NULL, "
        "amount INTEGER NOT NULL, opened_at_ms INTEGER NOT NULL, decided TEXT) WITHOUT ROWID",
    ),
)
KIND = "function"
MOST_INPUT_TOKENS = 8_000
MOST_ASKS = 4
MOST_SECONDS = 30
RELEASE = "release"


@dataclass(frozen=True, kw_only=True)
class OpenCharge:
    """``usage`` is ``None`` when everything is to be freed; look at ``decided`` first."""

    ref: str
    user_id: str
    opened_at_ms: int
    decided: bool
    usage: Usage | None


class Charges:
    """``model`` is the id that is asked, ``max_output_tokens`` what one answer of it may have."""

    def __init__(
        self, sql: Sql, purse: Purse, clock: Clock, *, model: str, max_output_tokens: int
    ) -> None:
        self._sql = sql
        self._purse = purse
        self._clock = clock
        self._model = model
        self._max_output_tokens = max_output_tokens

    # --- sums ------------------------------------------------------------------------------------

    def reservation(self) -> int:
        """The most that one call may cost, in millicredits."""
        return MOST_ASKS * self.asking() + of_function(MOST_SECONDS)

    def asking(self) -> int:
        """The most that one question to the model may cost."""
        return of_tokens(self._model, MOST_INPUT_TOKENS, self._max_output_tokens)

    def usage(self, job: Job, outcome: str) -> Usage | None:
        """What a job used; ``None`` when it cost nothing and nothing was asked."""
        if not job.cost and not job.input_tokens:
            return None
        now = self._clock.now_ms()
        return Usage(
            kind=KIND,
            model=job.model,
            input_tokens=job.input_tokens,
            output_tokens=job.output_tokens,
            cost=job.cost,
            latency_ms=max(0, now - job.created_at_ms),
            outcome=outcome,
            at_ms=now,
        )

    # --- rows ------------------------------------------------------------------------------------

    async def open(self, ref: str, user_id: str, amount: int) -> None:
        """Sets credits aside. Raises ``InsufficientCredits``, ``BudgetExceeded``, ``Conflict``."""
        self._sql.run(
            "INSERT OR IGNORE INTO function_charges VALUES (?, ?, ?, ?, NULL)",
            ref,
            user_id,
            amount,
            self._clock.now_ms(),
        )
        try:
            await self._purse.reserve(user_id, amount, ref=ref, kind=KIND)
        except LittoralError as error:
            if isinstance(error, Conflict) or error.http_status in (402, 429):
                self._forget(ref)
            raise

    def decide(self, ref: str, usage: Usage | None) -> None:
        """How the charge ends. Call it inside the transaction of the work's end; first one wins."""
        decided = RELEASE if usage is None else dumps(asdict(usage))
        self._sql.run(
            "UPDATE function_charges SET decided = ? WHERE ref = ? AND decided IS NULL",
            decided,
            ref,
        )

    async def close(self, ref: str) -> int | None:
        """Tells the ledger what was decided; gives what it charged, ``None`` without a charge."""
        row = self._sql.rows(
            "SELECT user_id, decided FROM function_charges WHERE ref = ? AND decided IS NOT NULL",
            ref,
        )
        if not row:
            return None
        user_id, decided = str(row[0][0]), str(row[0][1])
        charged = 0
        if decided == RELEASE:
            await self._purse.release(user_id, ref=ref)
        else:
            usage = Usage(**json.loads(decided))
            charged = await self._purse.settle(user_id, ref=ref, usage=usage)
        self._forget(ref)
        return charged

    def undecided(self, ref: str) -> bool:
        """Whether credits are set aside for something whose cost is not known yet."""
        found = self._sql.value(
            "SELECT 1 FROM function_charges WHERE ref = ? AND decided IS NULL", ref
        )
        return found is not None

    def decided(self) -> list[str]:
        """Refs whose charge is decided and not closed yet."""
        rows = self._sql.rows("SELECT ref FROM function_charges WHERE decided IS NOT NULL LIMIT 50")
        return [str(ref) for (ref,) in rows]

    def abandoned(self) -> list[str]:
        """Refs that are open for longer than any request without a job takes."""
        before = self._clock.now_ms() - job_limits.DRAFT_MS
        rows = self._sql.rows(
            "SELECT ref FROM function_charges WHERE decided IS NULL AND opened_at_ms < ? AND NOT "
            "EXISTS (SELECT 1 FROM function_jobs WHERE function_jobs.id = function_charges.ref)",
            before,
        )
        return [str(ref) for (ref,) in rows]

    def any_open(self) -> bool:
        return self._sql.value("SELECT 1 FROM function_charges LIMIT 1") is not None

    def _forget(self, ref: str) -> None:
        self._sql.run("DELETE FROM function_charges WHERE ref = ?", ref)
