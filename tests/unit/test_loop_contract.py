"""The contract of the event loop says what asyncio's own loop does."""

from __future__ import annotations

import asyncio

import pytest

from tests.contracts.loop_contract import CHECKS, Check, within_budget


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_asyncio_keeps_the_contract(check: Check) -> None:
    asyncio.run(within_budget(check))
