"""Proves the ledger against everything that was derived from it, and finds what nobody closed.

A healthy database gives no findings, at any moment: every write of credits is one transaction. The
statements read whole tables, so this is for tests and for an operator, not for requests.
"""

from __future__ import annotations

from dataclasses import dataclass

from littoral.store.database import Database

CHECKS: dict[str, str] = {
    "the balance differs from the sum of the entries": (
        "SELECT user_id, available, (SELECT coalesce(sum(amount), 0) FROM ledger "
        "WHERE user_id = balances.user_id) AS summed FROM balances WHERE available <> summed"
    ),
    "a user has entries and no balance": (
        "SELECT DISTINCT user_id FROM ledger WHERE user_id NOT IN (SELECT user_id FROM balances)"
    ),
    "an open reservation is not what the ledger says": (
        "SELECT user_id, ref, -amount AS amount FROM ledger AS opening WHERE entry = 'reserve' "
        "AND NOT EXISTS (SELECT 1 FROM ledger WHERE user_id = opening.user_id "
        "AND ref = opening.ref AND closes = 1) EXCEPT SELECT user_id, ref, amount FROM reservations"
    ),
    "a reservation is open that the ledger does not know": (
        "SELECT user_id, ref, amount FROM reservations EXCEPT SELECT user_id, ref, -amount "
        "FROM ledger AS opening WHERE entry = 'reserve' AND NOT EXISTS (SELECT 1 FROM ledger "
        "WHERE user_id = opening.user_id AND ref = opening.ref AND closes = 1)"
    ),
    "more came back than was reserved": (
        "SELECT user_id, ref, sum(amount) AS amount FROM ledger WHERE entry <> 'grant' "
        "GROUP BY user_id, ref HAVING sum(amount) > 0"
    ),
    "the spending of a day differs from its entries": (
        "SELECT user_id, day, amount, (SELECT -coalesce(sum(amount), 0) FROM ledger WHERE "
        "user_id = spending.user_id AND day = spending.day AND entry <> 'grant') AS summed "
        "FROM spending WHERE amount <> summed"
    ),
    "usage was charged that the ledger does not have": (
        "SELECT user_id, ref, cost, (SELECT -coalesce(sum(amount), 0) FROM ledger WHERE "
        "user_id = usage.user_id AND ref = usage.ref AND entry <> 'grant') AS charged FROM usage "
        "WHERE cost <> charged"
    ),
    "a charge has no usage": (
        "SELECT user_id, ref FROM ledger AS closing WHERE entry = 'settle' AND NOT EXISTS "
        "(SELECT 1 FROM usage WHERE user_id = closing.user_id AND day = closing.day "
        "AND ref = closing.ref)"
    ),
    "work is in the usage twice": (
        "SELECT user_id, ref, count(*) AS times FROM usage GROUP BY user_id, ref HAVING times > 1"
    ),
}
"""What must not be, and the query that finds it."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One row that should not be there."""

    what: str
    row: tuple[object, ...]


@dataclass(frozen=True, kw_only=True)
class OpenReservation:
    """Credits (milli) that are set aside since ``at_ms``."""

    user_id: str
    ref: str
    kind: str
    amount: int
    at_ms: int


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Millicredits of everybody: ``granted == available + reserved + used`` always."""

    granted: int
    available: int
    reserved: int
    used: int


async def audit(database: Database, *, most: int = 100) -> list[Finding]:
    """Everything that is wrong, at most ``most`` rows of each kind; empty when all is right."""
    found: list[Finding] = []
    for what, query in CHECKS.items():
        rows = await database.rows(f"SELECT * FROM ({query}) LIMIT ?", most)
        found += [Finding(what=what, row=row) for row in rows]
    sums = await totals(database)
    if sums.granted != sums.available + sums.reserved + sums.used:
        row = (sums.granted, sums.available, sums.reserved, sums.used)
        found.append(Finding(what="grants differ from balances, reservations and usage", row=row))
    return found


async def totals(database: Database) -> Sums:
    """The sums of all users at one moment (one statement)."""
    rows = await database.rows(
        "SELECT (SELECT coalesce(sum(amount), 0) FROM ledger WHERE entry = 'grant'), "
        "(SELECT coalesce(sum(available), 0) FROM balances), "
        "(SELECT coalesce(sum(amount), 0) FROM reservations), "
        "(SELECT coalesce(sum(cost), 0) FROM usage)"
    )
    granted, available, reserved, used = (int(each or 0) for each in rows[0])
    return Sums(granted=granted, available=available, reserved=reserved, used=used)


async def forgotten(
    database: Database, *, before_ms: int, user_id: str = "", limit: int = 100
) -> list[OpenReservation]:
    """Reservations that are open since before ``before_ms``, oldest first; of one user or of all.

    Whoever owns the work settles or releases them (``Ledger``): only they know whether it goes on.
    """
    rows = await database.rows(
        "SELECT user_id, ref, kind, amount, at_ms FROM reservations WHERE at_ms < ? "
        "AND (? = '' OR user_id = ?) ORDER BY at_ms, ref LIMIT ?",
        *(before_ms, user_id, user_id, limit),
    )
    return [
        OpenReservation(
            user_id=str(user),
            ref=str(ref),
            kind=str(kind),
            amount=int(amount or 0),
            at_ms=int(at_ms or 0),
        )
        for user, ref, kind, amount, at_ms in rows
    ]
