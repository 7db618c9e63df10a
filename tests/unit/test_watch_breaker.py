"""Breakers as folds of events: they open, half-open and close, on a clock that tests move."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from littoral.mesh.watch import breaker
from tests.fakes.clock import ManualClock

NAME = "site.com"


class World:
    """One dependency, asked whenever its breaker lets it be asked."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.breakers: dict[str, dict[str, Any]] = {}
        self.types: list[str] = []
        self.asked = 0

    def note(self, events: breaker.Events) -> None:
        for event_type, body in events:
            breaker.apply(self.breakers, event_type, body)
            self.types.append(event_type)

    def begin(self) -> bool:
        now = self.clock.now_ms()
        if breaker.waits_until(self.breakers, NAME, now):
            return False
        self.asked += 1
        self.note(breaker.begun(self.breakers, NAME, now))
        return True

    def call(self, *, works: bool) -> bool:
        if not self.begin():
            return False
        now = self.clock.now_ms()
        ended = breaker.succeeded(self.breakers, NAME)
        self.note(ended if works else breaker.failed(self.breakers, NAME, now))
        return True

    @property
    def state(self) -> str:
        return self.breakers[NAME]["state"] if NAME in self.breakers else "closed"


def test_it_opens_half_opens_and_closes_and_every_step_is_an_event():
    world = World()
    for _ in range(breaker.FAILURES):
        assert world.call(works=False)
    assert world.state == "open"
    assert not world.call(works=True)
    assert world.asked == breaker.FAILURES

    world.clock.advance(seconds=breaker.PAUSE_MS / 1000)
    assert world.begin()
    assert world.state == "half_open"
    world.note(breaker.succeeded(world.breakers, NAME))
    assert (world.state, world.breakers) == ("closed", {})
    assert world.types == [
        "breaker.counted",
        "breaker.counted",
        "breaker.opened",
        "breaker.half_opened",
        "breaker.closed",
    ]


def test_each_failed_trial_doubles_the_pause_up_to_an_hour():
    world = World()
    for _ in range(breaker.FAILURES):
        world.call(works=False)
    pauses = []
    for _ in range(9):
        now = world.clock.now_ms()
        pauses.append(breaker.waits_until(world.breakers, NAME, now) - now)
        world.clock.at_ms += pauses[-1]
        assert world.call(works=False)
    assert pauses[:4] == [60_000, 120_000, 240_000, 480_000]
    assert pauses[-1] == breaker.LONGEST_PAUSE_MS


def test_only_one_trial_is_made_and_one_nobody_reports_on_is_given_up():
    world = World()
    for _ in range(breaker.FAILURES):
        world.call(works=False)
    world.clock.advance(seconds=60)
    assert world.begin()
    assert not world.begin()
    world.clock.advance(seconds=breaker.TRIAL_MS / 1000)
    assert world.begin()


def test_success_forgives_failures_that_were_counted():
    world = World()
    world.call(works=False)
    world.call(works=False)
    world.call(works=True)
    assert world.breakers == {}
    world.call(works=False)
    assert world.state == "closed"


def test_calls_that_began_before_it_opened_change_nothing_when_they_fail():
    world = World()
    for _ in range(10):
        world.begin()
    for _ in range(10):
        world.note(breaker.failed(world.breakers, NAME, world.clock.now_ms()))
    assert world.breakers[NAME]["pauses"] == 1


def test_it_is_shown_with_its_times():
    world = World()
    for _ in range(breaker.FAILURES):
        world.call(works=False)
    (view,) = breaker.views(world.breakers, "data")
    assert (view["name"], view["agent"], view["state"], view["failures"]) == (
        NAME,
        "data",
        "open",
        3,
    )
    assert view["openedAt"].endswith("Z") and view["retryAt"] > view["openedAt"]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 400)), max_size=60))
def test_a_dependency_that_fails_is_asked_seldom_and_one_that_works_at_once(
    calls: list[tuple[bool, int]],
):
    world = World()
    for works, seconds in calls:
        before = world.state
        asked = world.call(works=works)
        assert asked or before in ("open", "half_open")
        if asked and works:
            assert world.state == "closed"
        world.clock.advance(seconds=seconds)
    assert len(world.breakers) <= 1
