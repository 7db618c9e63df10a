"""Turns are counted where a model with a price answers; commands are carried out all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from littoral.errors import DependencyUnavailable, RateLimited
from littoral.limits.rules import read_rules
from littoral.limits.turns import TurnRate
from littoral.models.model import ModelMessage, ModelRequest
from littoral.settings import Settings
from littoral.task_agent.pace import PacedGate
from tests.fakes.clock import ManualClock
from tests.fakes.limiter import MemoryLimiter

SETTINGS = Settings(guest_turns_per_day=1, rate_limits=read_rules("paid-turn=2/60"))
REQUEST = ModelRequest(messages=(ModelMessage(role="user", text="hello"),))


@pytest.fixture
def limiter() -> Iterator[MemoryLimiter]:
    limiter = MemoryLimiter(ManualClock())
    yield limiter
    limiter.close()


def turn(limiter: MemoryLimiter, user_id: str = "", *, is_command: bool = False) -> PacedGate:
    """The gate of a new turn."""
    rate = TurnRate(limiter, SETTINGS, owner="guest_a")
    return PacedGate(rate, user_id, None, understands=lambda _: is_command)


async def test_a_turn_counts_once_however_many_calls_it_makes(limiter: MemoryLimiter):
    gate = turn(limiter)

    for _ in range(3):
        assert await gate.admit(REQUEST) is REQUEST


async def test_the_second_turn_of_the_day_is_refused_to_a_guest(limiter: MemoryLimiter):
    await turn(limiter).admit(REQUEST)

    with pytest.raises(RateLimited) as refused:
        await turn(limiter).admit(REQUEST)
    assert refused.value.retry_after_seconds == 86_400


async def test_an_account_has_a_rate_of_its_own(limiter: MemoryLimiter):
    for _ in range(2):
        await turn(limiter, "usr_a").admit(REQUEST)

    with pytest.raises(RateLimited):
        await turn(limiter, "usr_a").admit(REQUEST)
    await turn(limiter, "usr_b").admit(REQUEST)


async def test_over_the_limit_a_command_is_carried_out_without_a_model(limiter: MemoryLimiter):
    await turn(limiter).admit(REQUEST)
    gate = turn(limiter, is_command=True)

    admitted = await gate.admit(REQUEST)
    again = await gate.admit(REQUEST)

    assert "No model was asked" in admitted.free_because
    assert again.free_because == admitted.free_because


async def test_without_the_counts_no_model_is_asked(limiter: MemoryLimiter):
    limiter.away = True

    with pytest.raises(DependencyUnavailable):
        await turn(limiter).admit(REQUEST)
