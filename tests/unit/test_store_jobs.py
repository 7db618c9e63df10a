"""Later work: planned once, run when due, retried with a limit, capped by the hour."""

from __future__ import annotations

from littoral.store.jobs import HOUR_MS, JOBS_SCHEMA, MAX_ATTEMPTS, Job, Jobs
from littoral.store.migrations import migrate
from tests.fakes.clock import ManualClock
from tests.fakes.sqlite import Sqlite


class Bench:
    """A job table and a handler that remembers what it was given."""

    def __init__(self, *, per_hour: int = 100) -> None:
        self.clock = ManualClock(now_ms=HOUR_MS * 1_000)
        self.sql = Sqlite()
        migrate(self.sql, (JOBS_SCHEMA,))
        self.jobs = Jobs(self.sql, self.clock, per_hour=per_hour)
        self.ran: list[str] = []
        self.fails = 0

    async def handle(self, job: Job) -> None:
        self.ran.append(job.name)
        if self.fails:
            self.fails -= 1
            raise RuntimeError("not now")

    async def run(self) -> list[bool]:
        return [f.given_up for f in await self.jobs.run_due({"work": self.handle})]

    def plan(self, name: str, seconds: float = 0) -> None:
        self.jobs.schedule(name, "work", self.clock.now_ms() + int(seconds * 1000), {"n": 1})


async def test_a_job_runs_when_it_is_due_and_only_once():
    bench = Bench()
    bench.plan("a", seconds=10)
    await bench.run()
    assert bench.ran == []
    bench.clock.advance(seconds=10)
    await bench.run()
    await bench.run()
    assert bench.ran == ["a"]
    assert bench.jobs.next_due_at_ms() is None


async def test_the_next_time_is_right_after_every_change_of_jobs():
    bench = Bench()
    now = bench.clock.now_ms()
    bench.plan("a", seconds=10)
    assert bench.jobs.next_due_at_ms() == now + 10_000
    bench.plan("b", seconds=5)
    assert bench.jobs.next_due_at_ms() == now + 5_000
    bench.jobs.cancel("b")
    assert bench.jobs.next_due_at_ms() == now + 10_000
    bench.plan("a", seconds=20)
    assert bench.jobs.next_due_at_ms() == now + 20_000


async def test_planning_the_same_name_again_moves_the_job():
    bench = Bench()
    bench.plan("a", seconds=10)
    bench.plan("a", seconds=20)
    bench.clock.advance(seconds=10)
    await bench.run()
    assert bench.ran == []
    assert [job.name for job in bench.jobs.named("")] == ["a"]


async def test_a_job_that_plans_itself_anew_is_kept():
    bench = Bench()

    async def again(job: Job) -> None:
        bench.plan("a", seconds=60)

    bench.plan("a")
    await bench.jobs.run_due({"work": again})
    assert bench.jobs.next_due_at_ms() == bench.clock.now_ms() + 60_000


async def test_a_failing_job_is_tried_again_later_each_time_and_then_given_up():
    bench = Bench()
    bench.fails = MAX_ATTEMPTS
    bench.plan("a")
    given_up = []
    waits = []
    for _ in range(MAX_ATTEMPTS):
        given_up += await bench.run()
        due = bench.jobs.next_due_at_ms()
        if due is not None:
            waits.append(due - bench.clock.now_ms())
            bench.clock.at_ms = due
    assert given_up == [False] * (MAX_ATTEMPTS - 1) + [True]
    assert waits == sorted(waits)
    assert bench.jobs.next_due_at_ms() is None


async def test_a_job_of_an_unknown_kind_fails_and_does_not_stop_the_others():
    bench = Bench()
    bench.jobs.schedule("x", "unheard of", bench.clock.now_ms(), {})
    bench.plan("y")
    await bench.run()
    assert bench.ran == ["y"]


async def test_no_more_jobs_run_in_an_hour_than_allowed_and_the_rest_waits():
    bench = Bench(per_hour=3)
    for n in range(5):
        bench.plan(f"job{n}")
    await bench.run()
    assert len(bench.ran) == 3
    next_hour = (bench.clock.now_ms() // HOUR_MS + 1) * HOUR_MS
    assert bench.jobs.next_due_at_ms() == next_hour
    bench.clock.at_ms = next_hour
    await bench.run()
    assert len(bench.ran) == 5
