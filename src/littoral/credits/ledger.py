"""The ledger: every movement of a user's credits, and the rules that it keeps.

    grant ─► available ─► reserve(ref) ─► work ─► settle(ref): the cost stays gone, the rest is back
                                             └──► release(ref): everything is back

Each method is one batch on the database, so one transaction, and is idempotent by ``ref``: whoever
is killed, or does not know whether a call arrived, makes it again. A balance cannot fall below zero
however many spend at once: the write itself looks (and a CHECK stands behind it). Amounts are whole
millicredits. How much work costs is ``credits.prices``' business; finding reservations that
nobody closed is ``credits.audit``'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from littoral.clock import Clock, iso
from littoral.credits.amount import credits_of
from littoral.credits.usage import Usage, day_of, record, settled_row
from littoral.errors import BudgetExceeded, Conflict, InsufficientCredits, NotFound
from littoral.store.database import Database, Outcome, Statement
from littoral.store.sql import Row, Value

MAX_PAGE: Final = 200
LARGEST: Final = 10**12
"""No single movement is larger (a billion credits), so that sums stay whole in JavaScript."""

_INSERT = "INSERT INTO ledger (user_id, entry, ref, kind, amount, day, note, at_ms, closes) "
_SPENT = "coalesce((SELECT amount FROM spending WHERE user_id = ? AND day = ?), 0)"
_LIMIT = "coalesce((SELECT budget_per_day FROM balances WHERE user_id = ?), ?)"


@dataclass(frozen=True, kw_only=True)
class Balance:
    """Millicredits: free to be spent, and set aside for work that goes on."""

    available: int
    reserved: int


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What a user may spend on a day (UTC) and has spent or reserved, in millicredits."""

    day: str
    limit: int
    spent: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row. ``amount`` changes what is available: negative for a reservation."""

    id: int
    entry: str
    ref: str
    kind: str
    amount: int
    note: str
    at_ms: int

    def to_json(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "entry": self.entry,
            "ref": self.ref,
            "kind": self.kind,
            "credits": credits_of(self.amount),
            "note": self.note,
            "at": iso(self.at_ms),
        }


def grant_statement(
    user_id: str, amount: int, *, ref: str, note: str = "", now_ms: int
) -> Statement:
    """What ``Ledger.grant`` writes, for a batch that does more at once (making an account)."""
    _require_amount(amount)
    return Statement(
        text=_INSERT + "SELECT ?, 'grant', ?, '', ?, ?, ?, ?, 0 WHERE NOT EXISTS "
        "(SELECT 1 FROM ledger WHERE user_id = ? AND ref = ? AND closes = 0)",
        values=(user_id, ref, amount, day_of(now_ms), note, now_ms, user_id, ref),
    )


class Ledger:
    """Moves credits. ``daily_budget`` (millicredits) holds for users without one of their own."""

    def __init__(self, database: Database, clock: Clock, *, daily_budget: int) -> None:
        self._database = database
        self._clock = clock
        self._daily_budget = daily_budget

    async def grant(self, user_id: str, amount: int, *, ref: str, note: str = "") -> None:
        """Gives credits (more than 0), once for each ``ref``."""
        statement = grant_statement(
            user_id, amount, ref=ref, note=note, now_ms=self._clock.now_ms()
        )
        await self._database.batch([statement])

    async def reserve(self, user_id: str, amount: int, *, ref: str, kind: str) -> None:
        """Sets ``amount`` (more than 0) aside for the work named ``ref``, before it begins.

        The first reservation of a ref stands, whatever amount comes later. Raises
        ``InsufficientCredits``, ``BudgetExceeded`` when the day's budget does not cover it, and
        ``Conflict`` for a ref that was settled or released: that work is over.
        """
        _require_amount(amount)
        now = self._clock.now_ms()
        day = day_of(now)
        limit = (user_id, self._daily_budget)
        outcomes = await self._database.batch(
            [
                Statement(
                    text=_INSERT + "SELECT ?, 'reserve', ?, ?, -?, ?, '', ?, 0 "
                    "WHERE NOT EXISTS (SELECT 1 FROM ledger WHERE user_id = ? AND ref = ?) "
                    "AND (SELECT available FROM balances WHERE user_id = ?) >= ? "
                    f"AND {_SPENT} + ? <= {_LIMIT}",
                    values=(
                        *(user_id, ref, kind, amount, day, now),
                        *(user_id, ref),
                        *(user_id, amount),
                        *(user_id, day, amount, *limit),
                    ),
                ),
                Statement(
                    text="SELECT (SELECT count(*) FROM ledger WHERE user_id = ? AND ref = ?) "
                    "AS entries, (SELECT count(*) FROM reservations WHERE user_id = ? AND ref = ?) "
                    "AS open, coalesce((SELECT available FROM balances WHERE user_id = ?), 0) "
                    f"AS available, {_SPENT} AS spent, {_LIMIT} AS most",
                    values=(user_id, ref, user_id, ref, user_id, user_id, day, *limit),
                ),
            ]
        )
        _require_reserved(outcomes[1], amount, ref)

    async def settle(self, user_id: str, *, ref: str, usage: Usage) -> int:
        """Ends the work named ``ref``: charges its cost, at most what was reserved; gives that.

        The rest is available again, and the usage is written. The first end of a ref stands: after
        a release nothing is charged any more, after a settlement the same sum is given again.
        Raises ``NotFound`` when nothing was reserved.
        """
        now = self._clock.now_ms()
        outcomes = await self._database.batch(
            [
                Statement(
                    text=_INSERT + "SELECT user_id, 'settle', ref, kind, max(0, -amount - ?), day, "
                    "'', ?, 1 FROM ledger AS opening WHERE user_id = ? AND ref = ? AND closes = 0 "
                    "AND entry = 'reserve' AND NOT EXISTS (SELECT 1 FROM ledger "
                    "WHERE user_id = opening.user_id AND ref = opening.ref AND closes = 1)",
                    values=(max(0, usage.cost), now, user_id, ref),
                ),
                settled_row(user_id, ref, usage),
                Statement(
                    text="SELECT count(*) AS entries, -sum(amount) AS charged, "
                    "max(entry = 'reserve') AS reserved FROM ledger WHERE user_id = ? AND ref = ?",
                    values=(user_id, ref),
                ),
            ]
        )
        _entries, charged, reserved = outcomes[2].rows[0]
        if not reserved:
            raise NotFound(f"Nothing was reserved for {ref!r}.")
        return int(charged or 0)

    async def release(self, user_id: str, *, ref: str) -> None:
        """Ends the work named ``ref`` without a charge; what ended stays as it ended.

        A ref that nothing was reserved for is closed as well: a reservation that was lost on the
        way, and arrives late, is then refused instead of staying open for ever.
        """
        now = self._clock.now_ms()
        await self._database.rows(
            _INSERT + "SELECT ?1, 'release', ?2, coalesce(max(kind), ''), coalesce(-sum(amount), "
            "0), coalesce(max(day), ?3), '', ?4, 1 FROM ledger WHERE user_id = ?1 AND ref = ?2 "
            "AND entry = 'reserve' HAVING NOT EXISTS "
            "(SELECT 1 FROM ledger WHERE user_id = ?1 AND ref = ?2 AND closes = 1)",
            *(user_id, ref, day_of(now), now),
        )

    async def set_budget(self, user_id: str, per_day: int | None) -> None:
        """Gives a user a budget of their own (millicredits), or the general one (``None``)."""
        await self._database.rows(
            "INSERT INTO balances (user_id, budget_per_day) VALUES (?, ?) "
            "ON CONFLICT (user_id) DO UPDATE SET budget_per_day = excluded.budget_per_day",
            *(user_id, per_day),
        )

    async def record(self, user_id: str, rows: Mapping[str, Usage]) -> None:
        """Writes usage that cost nothing, by ref; safe to repeat with the same ``at_ms``."""
        await record(self._database, user_id, rows)

    # --- reading ---------------------------------------------------------------------------------

    async def balance(self, user_id: str) -> Balance:
        """What the user has; zeros for somebody unknown."""
        rows = await self._database.rows(
            "SELECT coalesce((SELECT available FROM balances WHERE user_id = ?), 0), "
            "coalesce((SELECT sum(amount) FROM reservations WHERE user_id = ?), 0)",
            *(user_id, user_id),
        )
        return Balance(available=_whole(rows[0][0]), reserved=_whole(rows[0][1]))

    async def budget(self, user_id: str) -> Budget:
        """Today's budget."""
        day = day_of(self._clock.now_ms())
        rows = await self._database.rows(
            f"SELECT {_LIMIT}, {_SPENT}", user_id, self._daily_budget, user_id, day
        )
        return Budget(day=day, limit=_whole(rows[0][0]), spent=_whole(rows[0][1]))

    async def entries(
        self, user_id: str, *, cursor: str = "", limit: int = 50
    ) -> tuple[list[Entry], str]:
        """A user's entries, newest first, and the cursor of the next page (empty: no more)."""
        size = max(1, min(limit, MAX_PAGE))
        rows = await self._database.rows(
            "SELECT id, entry, ref, kind, amount, note, at_ms FROM ledger "
            "WHERE user_id = ? AND id < ? ORDER BY id DESC LIMIT ?",
            *(user_id, int(cursor) if cursor.isdecimal() else LARGEST, size + 1),
        )
        found = [_entry(row) for row in rows[:size]]
        return found, str(found[-1].id) if len(rows) > size else ""


def _require_amount(amount: int) -> None:
    if not 0 < amount <= LARGEST:
        raise ValueError(f"{amount} millicredits cannot be moved: more than 0, at most {LARGEST}")


def _require_reserved(state: Outcome, amount: int, ref: str) -> None:
    entries, is_open, available, spent, limit = (_whole(each) for each in state.rows[0])
    if is_open:
        return
    if entries:
        raise Conflict(f"What was reserved for {ref!r} is settled or released already.")
    if available < amount:
        raise InsufficientCredits(
            f"This may cost {credits_of(amount)} credits; you have {credits_of(available)}."
        )
    raise BudgetExceeded(
        f"This may cost {credits_of(amount)} credits; of today's budget of {credits_of(limit)} "
        f"credits {credits_of(max(0, limit - spent))} are left.",
        next_step="Wait until tomorrow (UTC) or ask for a higher budget.",
    )


def _whole(value: Value) -> int:
    return int(value or 0)


def _entry(row: Row) -> Entry:
    id_, entry, ref, kind, amount, note, at_ms = row
    return Entry(
        id=_whole(id_),
        entry=str(entry),
        ref=str(ref),
        kind=str(kind),
        amount=_whole(amount),
        note=str(note),
        at_ms=_whole(at_ms),
    )
