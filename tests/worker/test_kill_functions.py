"""Kill -9 of the runtime at random moments of 30 jobs: each ends once, the credits add up."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Any

import pytest

from tests.harness.fixtures import MakeKillable
from tests.harness.worker import KillableWorker
from tests.worker.functions_client import FunctionsClient

SEED = 20261121
JOBS = 30
AT_ONCE = 6
KILLS = 4
LIMITS = "signup=1000/60, function-call=1000/60, costly=10000/60, account=10000/60"
ENDS = ("job.completed", "job.failed", "job.cancelled", "job.expired")
THINGS = ("user profile", "invoice", "product", "recipe", "weather report")


async def test_after_kills_every_job_has_ended_once_and_is_paid_once(
    make_killable_worker: MakeKillable, capsys: pytest.CaptureFixture[str]
) -> None:
    server = make_killable_worker(offline=True, RATE_LIMITS=LIMITS)
    dice = random.Random(SEED)
    client = await FunctionsClient.sign_up(server.url)
    before, _ = await client.credits()
    counts: Counter[str] = Counter()
    waiting = list(range(JOBS))
    jobs: dict[int, dict[str, Any]] = {}

    async def work() -> None:
        while waiting:
            number = waiting.pop(0)
            jobs[number] = await one_job(client, number)
            counts[f"jobs {jobs[number]['status']}"] += 1
            counts["tries"] += jobs[number]["attempts"]

    async with asyncio.TaskGroup() as crowd:
        for _ in range(AT_ONCE):
            crowd.create_task(work())
        crowd.create_task(kill_now_and_then(server, dice, counts))

    problems: list[str] = []
    for number, job in jobs.items():
        problems += await wrong_with(client, number, job)
    settled = sum(job["credits"]["settled"] for job in jobs.values())
    problems += await wrong_with_credits(client, before, settled)
    listed = (await client.ask("GET", "/fn/jobs?limit=100")).json()["jobs"]
    await client.close()
    with capsys.disabled():
        print("\n" + "\n".join(f"{name}: {count}" for name, count in sorted(counts.items())))

    assert problems == []
    assert len(listed) == len({job["jobId"] for job in jobs.values()}) == JOBS


async def one_job(client: FunctionsClient, number: int) -> dict[str, Any]:
    """Every fifth is answered by a person, the others are documents."""
    made = (await client.fn(**call_of(number), key=f"job-{number}")).json()
    if number % 5 == 0:
        task_id = await task_of(client, made["jobId"])
        path = f"/fn/human-tasks/{task_id}/complete"
        done = await client.ask("POST", path, json={"answer": {"decision": "approved"}})
        assert done.status_code == 200, done.text
    return await client.job_ended(made["jobId"])


def call_of(number: int) -> dict[str, Any]:
    asks = number % 5 == 0
    words = "Review code for security" if asks else f"Generate {THINGS[number % 5]} JSON"
    kind = "human" if asks else "object"
    return {
        "description": f"{words}, part {number}",
        "options": {"mode": "async", "type": kind},
    }


async def task_of(client: FunctionsClient, job_id: str) -> str:
    async with asyncio.timeout(300):
        while True:
            job = await client.job(job_id)
            if job["taskId"]:
                return str(job["taskId"])
            await asyncio.sleep(0.2)


async def kill_now_and_then(
    server: KillableWorker, dice: random.Random, counts: Counter[str]
) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(dice.uniform(0.2, 1.5))
        await asyncio.to_thread(server.kill9)
        await asyncio.to_thread(server.start)
        counts["runtimes killed"] += 1


async def wrong_with(client: FunctionsClient, number: int, job: dict[str, Any]) -> list[str]:
    """What is not as it should be with one job."""
    found = []
    events = await client.job_events(job["jobId"])
    ends = [each["type"] for each in events if each["type"] in ENDS]
    if [each["number"] for each in events] != list(range(1, len(events) + 1)):
        found.append(f"{number}: events have gaps")
    if len(ends) != 1 or events[-1]["type"] != ends[0]:
        found.append(f"{number}: it ended as {ends}")
    if job["status"] != "completed" or job["result"] is None:
        found.append(f"{number}: {job['status']}, {job['error']}")
    again = await client.fn(**call_of(number), key=f"job-{number}")
    if again.json()["jobId"] != job["jobId"]:
        found.append(f"{number}: asking again made another job")
    return found


async def wrong_with_credits(client: FunctionsClient, before: float, settled: float) -> list[str]:
    """By the balance: what was spent "today" begins again at midnight."""
    balance, reserved = await client.credits()
    spent = before - balance - reserved
    found = [] if reserved == 0 else [f"{reserved} are still set aside"]
    if abs(spent - settled) > 1e-6:
        found.append(f"{spent} were spent, jobs say {settled}")
    return found
