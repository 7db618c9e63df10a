"""The ledger keeps its contract on the double, and its sums whatever is interleaved or killed."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.credits.audit import audit, totals
from littoral.credits.ledger import Ledger
from littoral.credits.usage import Usage
from littoral.errors import (
    BudgetExceeded,
    Conflict,
    DependencyUnavailable,
    InsufficientCredits,
)
from tests.contracts.ledger_contract import CHECKS, NOON, Check, Noon
from tests.fakes.database import FakeDatabase


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_the_ledger_keeps_its_contract(check: Check):
    await check(FakeDatabase(), "usr_a")


class Killed(Exception):
    """The process that did the work is gone."""


class Story:
    """Works of one user, each done by two processes at once that are killed and begin again."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.database = FakeDatabase()
        self.database.pause = self._pause
        self.ledger = Ledger(self.database, Noon(), daily_budget=600)
        self.charged: dict[str, set[int]] = {}

    async def _pause(self) -> None:
        for _ in range(self.random.randrange(4)):
            await asyncio.sleep(0)
        if self.random.random() < 0.15:
            raise Killed  # before the call arrived, or after it was carried out
        if self.random.random() < 0.1:
            raise DependencyUnavailable("No answer came.")

    async def work(self, ref: str, amount: int, cost: int, *, given_up: bool) -> None:
        """One process after the other, until one of them has seen the end of the work."""
        while True:
            try:
                return await self._attempt(ref, amount, cost, given_up=given_up)
            except (Killed, DependencyUnavailable):
                await asyncio.sleep(0)

    async def _attempt(self, ref: str, amount: int, cost: int, *, given_up: bool) -> None:
        try:
            await self.ledger.reserve("usr_a", amount, ref=ref, kind="run")
        except (InsufficientCredits, BudgetExceeded):
            return await self.ledger.release("usr_a", ref=ref)
        except Conflict:
            return None
        if given_up:
            return await self.ledger.release("usr_a", ref=ref)
        usage = Usage(kind="run", cost=cost, at_ms=NOON)
        charged = await self.ledger.settle("usr_a", ref=ref, usage=usage)
        self.charged.setdefault(ref, set()).add(charged)
        return None


@given(
    seed=st.integers(0, 2**32),
    works=st.lists(
        st.tuples(st.integers(1, 200), st.integers(0, 250), st.booleans()), min_size=1, max_size=8
    ),
)
@settings(max_examples=150, deadline=None)
def test_no_credit_is_lost_or_charged_twice_whatever_is_killed(
    seed: int, works: list[tuple[int, int, bool]]
) -> None:
    async def tell() -> None:
        story = Story(seed)
        database = story.database
        pause, database.pause = database.pause, None
        await story.ledger.grant("usr_a", 700, ref="welcome")
        database.pause = pause
        await asyncio.gather(
            *(
                story.work(f"r{number}", amount, cost, given_up=given_up)
                for number, (amount, cost, given_up) in enumerate(works)
                for _process in range(2)
            )
        )
        database.pause = None
        assert await audit(database) == []
        sums = await totals(database)
        assert sums.reserved == 0, "every work has ended"
        assert (await story.ledger.budget("usr_a")).spent == sums.used <= 600
        for ref, charges in story.charged.items():
            number = int(ref[1:])
            assert charges <= {0, min(works[number][:2])} and len(charges) == 1
        rows = await database.rows("SELECT ref, cost FROM usage")
        assert all(cost in story.charged.get(str(ref), {cost}) for ref, cost in rows)
        database.close()

    asyncio.run(tell())


@given(
    seed=st.integers(0, 2**32),
    amounts=st.lists(st.integers(1, 300), min_size=2, max_size=12),
)
@settings(max_examples=100, deadline=None)
def test_at_no_moment_is_more_spent_than_there_was(seed: int, amounts: list[int]) -> None:
    async def tell() -> None:
        turns = random.Random(seed)
        database = FakeDatabase()
        ledger = Ledger(database, Noon(), daily_budget=10_000)
        await ledger.grant("usr_a", 500, ref="welcome")

        async def spend(number: int, amount: int) -> int:
            for _ in range(turns.randrange(5)):
                await asyncio.sleep(0)
            try:
                await ledger.reserve("usr_a", amount, ref=f"r{number}", kind="run")
            except InsufficientCredits:
                return 0
            assert (await ledger.balance("usr_a")).available >= 0
            usage = Usage(kind="run", cost=amount, at_ms=NOON)
            return await ledger.settle("usr_a", ref=f"r{number}", usage=usage)

        spent = await asyncio.gather(*(spend(n, amount) for n, amount in enumerate(amounts)))
        assert (await ledger.balance("usr_a")).available == 500 - sum(spent) >= 0
        assert await audit(database) == []
        database.close()

    asyncio.run(tell())


async def test_an_amount_that_is_no_amount_is_a_mistake_of_ours():
    ledger = Ledger(FakeDatabase(), Noon(), daily_budget=1)
    for amount in (0, -1, 10**12 + 1):
        with pytest.raises(ValueError, match="cannot be moved"):
            await ledger.grant("usr_a", amount, ref="x")
        with pytest.raises(ValueError, match="cannot be moved"):
            await ledger.reserve("usr_a", amount, ref="x", kind="run")
