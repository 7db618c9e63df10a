"""Counts of calls: exact over any span of time, apart for each subject and class."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from littoral.errors import DependencyUnavailable, RateLimited
from littoral.limits.limiter import Rule
from littoral.limits.policy import Limits, address, user
from littoral.limits.rules import DEFAULT_RATE_LIMITS, read_rules
from littoral.limits.turns import TurnRate
from littoral.limits.window import WINDOW_SCHEMA, Window
from littoral.settings import Settings
from littoral.store.migrations import migrate
from tests.fakes.clock import ManualClock
from tests.fakes.limiter import MemoryLimiter
from tests.fakes.sqlite import Sqlite

RULE = Rule(name="run-start", limit=3, per_seconds=60)
T = 1_780_000_000_000


@pytest.fixture
def sql() -> Iterator[Sqlite]:
    sql = Sqlite()
    migrate(sql, (WINDOW_SCHEMA,))
    yield sql
    sql.close()


@pytest.fixture
def limiter() -> Iterator[MemoryLimiter]:
    limiter = MemoryLimiter(ManualClock())
    yield limiter
    limiter.close()


def refused(window: Window, rule: Rule, at_ms: int) -> float:
    with pytest.raises(RateLimited) as error:
        window.take(rule, at_ms)
    assert error.value.retry_after_seconds is not None
    return error.value.retry_after_seconds


def test_as_many_calls_pass_as_the_rule_says(sql: Sqlite):
    window = Window(sql)
    for _ in range(3):
        window.take(RULE, T)

    assert refused(window, RULE, T) == 60


def test_the_wait_is_until_the_oldest_call_leaves_the_span(sql: Sqlite):
    window = Window(sql)
    for second in (0, 10, 50):
        window.take(RULE, T + second * 1000)

    assert refused(window, RULE, T + 55_000) == 5
    window.take(RULE, T + 60_000)
    assert refused(window, RULE, T + 60_000) == 10


def test_no_span_of_time_holds_more_calls_than_the_limit(sql: Sqlite):
    window, passed = Window(sql), []
    for step in range(400):
        at_ms = T + step * 1_700
        try:
            window.take(RULE, at_ms)
        except RateLimited:
            continue
        passed.append(at_ms)

    assert all(later - first >= 60_000 for first, later in zip(passed, passed[3:], strict=False))
    assert len(passed) >= 3 * (400 * 1_700 // 60_000)


def test_a_refused_call_is_not_counted(sql: Sqlite):
    window = Window(sql)
    for _ in range(3):
        window.take(RULE, T)
    for _ in range(50):
        refused(window, RULE, T + 30_000)

    window.take(RULE, T + 60_000)


def test_classes_are_counted_apart_and_rows_are_bounded(sql: Sqlite):
    window = Window(sql)
    for minute in range(20):
        for _ in range(3):
            window.take(RULE, T + minute * 60_000)
    window.take(Rule(name="keys", limit=1, per_seconds=60), T + 19 * 60_000)

    assert sql.value("SELECT count(*) FROM takes") == 4


def test_a_limit_that_was_lowered_holds_at_once(sql: Sqlite):
    window = Window(sql)
    for second in (0, 1, 2):
        window.take(RULE, T + second * 1000)
    lower = Rule(name="run-start", limit=1, per_seconds=60)

    assert refused(window, lower, T + 3_000) == 59


def test_an_object_knows_when_nothing_counts_any_more(sql: Sqlite):
    window = Window(sql)
    assert window.empty_from_ms() is None

    window.take(RULE, T)

    assert window.empty_from_ms() == T + 60_000


async def test_subjects_are_counted_apart(limiter: MemoryLimiter):
    limits = Limits(limiter, read_rules("signup=1/60"))
    await limits.admit("signup", address("192.0.2.1"))
    await limits.admit("signup", address(None))

    with pytest.raises(RateLimited):
        await limits.admit("signup", address("192.0.2.1"))


async def test_costly_calls_of_everybody_share_a_count(limiter: MemoryLimiter):
    limits = Limits(limiter, read_rules("costly=2/60"))
    await limits.admit("run-start", user("usr_a"))
    await limits.admit("session-start", user("usr_b"))

    with pytest.raises(RateLimited):
        await limits.admit("paid-turn", user("usr_c"))
    await limits.admit("keys", user("usr_c"))


async def test_costly_calls_are_refused_and_cheap_ones_pass_while_the_counts_are_away(
    limiter: MemoryLimiter,
):
    limits = Limits(limiter, read_rules(""))
    limiter.away = True

    await limits.admit("account", user("usr_a"))
    with pytest.raises(DependencyUnavailable):
        await limits.admit("run-start", user("usr_a"))


async def test_a_guest_has_a_number_of_paid_turns_in_a_day(limiter: MemoryLimiter):
    turns = TurnRate(limiter, Settings(guest_turns_per_day=2), owner="guest_a")
    await turns.admit("")
    await turns.admit("")

    with pytest.raises(RateLimited):
        await turns.admit("")
    await turns.admit("usr_a")
    await TurnRate(limiter, Settings(guest_turns_per_day=2), owner="guest_b").admit("")


def test_a_deployment_names_only_what_it_changes():
    rules = read_rules("signup=5/60")

    assert rules["signup"] == Rule(name="signup", limit=5, per_seconds=60)
    assert rules["login"] == read_rules(DEFAULT_RATE_LIMITS)["login"]
    assert not rules["account"].exact and rules["costly"].exact


@pytest.mark.parametrize(
    "text", ["signup", "signup=0/60", "signup=5", "signup=5/0", "nonsense=5/60", "signup=99999/60"]
)
def test_a_text_that_is_no_rule_is_refused_by_name(text: str):
    with pytest.raises(ValueError, match="RATE_LIMITS"):
        read_rules(text)
