"""What the ledger must do on any ``Database``: run on SQLite in unit tests, on D1 inside workerd.

Each check is a coroutine function of a database with the project's tables and a prefix for users.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from littoral.credits.audit import audit, forgotten
from littoral.credits.ledger import Balance, Ledger
from littoral.credits.usage import Usage, record, summarise
from littoral.errors import BudgetExceeded, Conflict, InsufficientCredits, NotFound
from littoral.store.database import ConstraintBroken, Database

Check = Callable[[Database, str], Awaitable[None]]
DAY_MS = 86_400_000
NOON = 1_790_000_000_000 // DAY_MS * DAY_MS + DAY_MS // 2


class Noon:
    """A clock that a check moves."""

    def __init__(self) -> None:
        self.at_ms = NOON

    def now_ms(self) -> int:
        return self.at_ms


def ledger_on(database: Database, clock: Noon | None = None, budget: int = 1_000_000) -> Ledger:
    return Ledger(database, clock or Noon(), daily_budget=budget)


def used(cost: int, **more: Any) -> Usage:
    return Usage(**{"kind": "run", "cost": cost, "at_ms": NOON, **more})


async def refused(kind: type[BaseException], work: Awaitable[Any]) -> BaseException:
    """Awaits ``work`` and gives the exception of that kind that it raised."""
    try:
        await work
    except kind as error:
        return error
    raise AssertionError(f"nothing of {kind.__name__} was raised")


async def work_is_reserved_then_charged_for_what_it_used(database: Database, user: str) -> None:
    ledger = ledger_on(database)
    await ledger.grant(user, 1_000, ref="welcome")
    await ledger.reserve(user, 300, ref="a", kind="run")
    assert await ledger.balance(user) == Balance(available=700, reserved=300)
    assert await ledger.settle(user, ref="a", usage=used(120)) == 120
    assert await ledger.balance(user) == Balance(available=880, reserved=0)
    assert await audit(database) == []


async def everything_may_be_said_again(database: Database, user: str) -> None:
    ledger = ledger_on(database)
    for _ in range(2):
        await ledger.grant(user, 1_000, ref="welcome")
    for _ in range(2):
        await ledger.reserve(user, 300, ref="a", kind="run")
        await ledger.reserve(user, 200, ref="b", kind="run")
    for _ in range(2):
        assert await ledger.settle(user, ref="a", usage=used(120)) == 120
        await ledger.release(user, ref="b")
    assert await ledger.settle(user, ref="a", usage=used(299)) == 120
    await ledger.release(user, ref="a")
    assert await ledger.settle(user, ref="b", usage=used(50)) == 0
    assert await ledger.balance(user) == Balance(available=880, reserved=0)
    assert await audit(database) == []


async def work_that_is_over_cannot_be_reserved_for_again(database: Database, user: str) -> None:
    ledger = ledger_on(database)
    await ledger.grant(user, 1_000, ref="welcome")
    await ledger.reserve(user, 300, ref="a", kind="run")
    await ledger.settle(user, ref="a", usage=used(1))
    await refused(Conflict, ledger.reserve(user, 300, ref="a", kind="run"))
    await ledger.release(user, ref="late")
    await refused(Conflict, ledger.reserve(user, 300, ref="late", kind="run"))
    assert await ledger.balance(user) == Balance(available=999, reserved=0)
    assert await audit(database) == []


async def nothing_is_charged_beyond_what_was_reserved(database: Database, user: str) -> None:
    ledger = ledger_on(database)
    await ledger.grant(user, 100, ref="welcome")
    await ledger.reserve(user, 100, ref="a", kind="run")
    assert await ledger.settle(user, ref="a", usage=used(5_000)) == 100
    assert await ledger.balance(user) == Balance(available=0, reserved=0)
    assert await audit(database) == []


async def who_has_too_little_is_refused(database: Database, user: str) -> None:
    ledger = ledger_on(database)
    await refused(InsufficientCredits, ledger.reserve(user, 1, ref="a", kind="run"))
    await ledger.grant(user, 100, ref="welcome")
    error = await refused(InsufficientCredits, ledger.reserve(user, 101, ref="a", kind="run"))
    assert "0.101 credits; you have 0.1" in str(error)
    await ledger.reserve(user, 100, ref="a", kind="run")
    await refused(NotFound, ledger.settle(user, ref="never", usage=used(1)))
    assert await audit(database) == []


async def a_day_has_a_budget(database: Database, user: str) -> None:
    clock = Noon()
    ledger = ledger_on(database, clock, budget=500)
    await ledger.grant(user, 10_000, ref="welcome")
    await ledger.reserve(user, 400, ref="a", kind="run")
    await refused(BudgetExceeded, ledger.reserve(user, 101, ref="b", kind="run"))
    clock.at_ms += DAY_MS
    await ledger.settle(user, ref="a", usage=used(100))  # counts for the day of the reservation
    await ledger.reserve(user, 500, ref="c", kind="run")
    assert (await ledger.budget(user)).spent == 500
    await refused(BudgetExceeded, ledger.reserve(user, 1, ref="d", kind="run"))
    await ledger.set_budget(user, 600)
    await ledger.reserve(user, 100, ref="d", kind="run")
    await ledger.set_budget(user, None)
    await refused(BudgetExceeded, ledger.reserve(user, 1, ref="e", kind="run"))
    clock.at_ms -= DAY_MS
    assert (await ledger.budget(user)).spent == 100
    assert await audit(database) == []


async def of_many_at_once_exactly_those_get_credits_that_fit(database: Database, user: str) -> None:
    ledger = ledger_on(database)
    await ledger.grant(user, 1_000, ref="welcome")

    async def reserve(number: int) -> bool:
        try:
            await ledger.reserve(user, 70, ref=f"r{number}", kind="run")
        except InsufficientCredits:
            return False
        return True

    granted = await asyncio.gather(*(reserve(number) for number in range(40)))
    assert sum(granted) == 1_000 // 70
    assert await ledger.balance(user) == Balance(available=1_000 % 70, reserved=980)
    assert await audit(database) == []


async def one_work_asked_for_many_times_at_once_is_reserved_once(
    database: Database, user: str
) -> None:
    ledger = ledger_on(database)
    await ledger.grant(user, 1_000, ref="welcome")
    await asyncio.gather(*(ledger.reserve(user, 600, ref="same", kind="run") for _ in range(20)))
    assert await ledger.balance(user) == Balance(available=400, reserved=600)
    charged = await asyncio.gather(
        *(ledger.settle(user, ref="same", usage=used(10 + n)) for n in range(20))
    )
    assert len(set(charged)) == 1
    assert await ledger.balance(user) == Balance(available=1_000 - charged[0], reserved=0)
    assert await audit(database) == []


async def what_is_written_cannot_be_changed(database: Database, user: str) -> None:
    ledger = ledger_on(database)
    await ledger.grant(user, 1_000, ref="welcome")
    await ledger.reserve(user, 300, ref="a", kind="run")
    await ledger.settle(user, ref="a", usage=used(1))
    (found,) = await database.rows("SELECT max(id) FROM ledger WHERE user_id = ?", user)
    replaced = (
        "INSERT OR REPLACE INTO ledger (user_id, entry, ref, kind, amount, day, at_ms, closes, id) "
    )
    for attack in (
        "UPDATE ledger SET amount = 5 WHERE user_id = ?1",
        "DELETE FROM ledger WHERE user_id = ?1",
        f"{replaced} VALUES (?1, 'grant', 'welcome', '', 9000, '2026-01-01', 1, 0, NULL)",
        f"{replaced} VALUES (?1, 'grant', 'other', '', 9000, '2026-01-01', 1, 0, {found[0]})",
        "UPDATE usage SET cost = 0 WHERE user_id = ?1",
        "DELETE FROM usage WHERE user_id = ?1",
        "INSERT OR REPLACE INTO usage SELECT user_id, day, ref, kind, model, 0, 0, 0, 0, outcome, "
        "at_ms FROM usage WHERE user_id = ?1",
        "UPDATE balances SET available = -1 WHERE user_id = ?1",
    ):
        await refused(ConstraintBroken, database.rows(attack, user))
    assert await ledger.balance(user) == Balance(available=999, reserved=0)
    assert await audit(database) == []


async def a_balance_that_was_tampered_with_is_found(database: Database, user: str) -> None:
    await ledger_on(database).grant(user, 1_000, ref="welcome")
    await database.rows("UPDATE balances SET available = 2000 WHERE user_id = ?", user)
    found = await audit(database)
    await database.rows("UPDATE balances SET available = 1000 WHERE user_id = ?", user)
    assert {each.what for each in found} == {
        "the balance differs from the sum of the entries",
        "grants differ from balances, reservations and usage",
    }


async def entries_are_listed_page_by_page(database: Database, user: str) -> None:
    ledger = ledger_on(database)
    for number in range(5):
        await ledger.grant(user, 1_000 + number, ref=f"g{number}", note="by hand")
    first, cursor = await ledger.entries(user, limit=3)
    second, end = await ledger.entries(user, cursor=cursor, limit=3)
    assert [each.ref for each in (*first, *second)] == ["g4", "g3", "g2", "g1", "g0"]
    assert (bool(cursor), end) == (True, "")
    assert first[0].to_json()["credits"] == 1.004


async def what_nobody_closed_is_found_by_its_age(database: Database, user: str) -> None:
    clock = Noon()
    ledger = ledger_on(database, clock)
    await ledger.grant(user, 1_000, ref="welcome")
    await ledger.reserve(user, 10, ref="old", kind="run")
    clock.at_ms += 60_000
    await ledger.reserve(user, 20, ref="new", kind="run")
    found = await forgotten(database, before_ms=clock.at_ms, user_id=user)
    assert [(each.ref, each.amount) for each in found] == [("old", 10)]


async def usage_is_summed_by_what_is_asked_for(database: Database, user: str) -> None:
    ledger = ledger_on(database)
    await ledger.grant(user, 100_000, ref="welcome")
    for number in range(1, 21):
        ref = f"r{number}"
        await ledger.reserve(user, 100, ref=ref, kind="run")
        outcome = "failed" if number == 20 else "completed"
        usage = used(number, latency_ms=number * 10, outcome=outcome, input_tokens=number)
        await ledger.settle(user, ref=ref, usage=usage)
    free = {"t1": Usage(kind="chat.turn", model="offline", latency_ms=7, at_ms=NOON)}
    for _ in range(2):
        await record(database, user, free)
    span = {"first_day": "2000-01-01", "last_day": "2100-01-01"}
    rows = await summarise(database, user, by=("kind",), **span)
    assert [each.kind for each in rows] == ["chat.turn", "run"]
    assert rows[1].to_json() == {
        "kind": "run",
        "count": 20,
        "inputTokens": 210,
        "outputTokens": 0,
        "credits": 0.21,
        "errors": 1,
        "latencyMs": {"p50": 100, "p95": 190},
    }
    (total,) = await summarise(database, user, by=(), **span)
    assert (total.count, total.cost) == (21, 210)
    every = await summarise(database, user, by=("day", "kind", "model"), **span)
    assert [(each.kind, each.model) for each in every] == [("chat.turn", "offline"), ("run", "")]
    assert (
        await summarise(database, user, by=(), first_day="2001-01-01", last_day="2001-01-02") == []
    )
    assert await audit(database) == []


CHECKS: tuple[Check, ...] = (
    work_is_reserved_then_charged_for_what_it_used,
    everything_may_be_said_again,
    work_that_is_over_cannot_be_reserved_for_again,
    nothing_is_charged_beyond_what_was_reserved,
    who_has_too_little_is_refused,
    a_day_has_a_budget,
    of_many_at_once_exactly_those_get_credits_that_fit,
    one_work_asked_for_many_times_at_once_is_reserved_once,
    what_is_written_cannot_be_changed,
    a_balance_that_was_tampered_with_is_found,
    entries_are_listed_page_by_page,
    what_nobody_closed_is_found_by_its_age,
    usage_is_summed_by_what_is_asked_for,
)
