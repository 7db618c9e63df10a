"""The double of the tests keeps the contract of ``Database``; ``tests/worker`` holds D1 to it."""

from __future__ import annotations

import pytest

from tests.contracts.database_contract import CHECKS, Check
from tests.fakes.database import FakeDatabase


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_the_double_keeps_the_contract(check: Check):
    await check(FakeDatabase(), "t")
