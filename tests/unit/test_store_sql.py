"""The double of the tests keeps the SQL contract; ``tests/worker`` holds the platform to it too."""

from __future__ import annotations

import pytest

from tests.contracts.sql_contract import CHECKS, Check
from tests.fakes.sqlite import Sqlite


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_double_keeps_the_contract(check: Check):
    check(Sqlite())
