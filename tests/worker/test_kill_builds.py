"""Kill -9, evictions, stopping and resuming at random moments of builds: nothing is lost."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from littoral.builder.build import ACTIVE
from tests.fakes.slow_builder import SlowBuilder
from tests.harness.fixtures import MakeKillable
from tests.harness.worker import KillableWorker
from tests.worker.builds_client import BuildsClient, hashes_of

SEED = 20261121
BUILDS = 10
AT_ONCE = 3
KILLS = 4
LIMITS = "signup=1000/60, build-start=10000/60, costly=10000/60, account=10000/60"
QUERIES = (
    "Build a to-do list",
    "Build a blog application",
    "Build a JSON API for notes as a Python Worker",
    "Build a report of my expenses",
)
ENDS = ("build.completed", "build.failed", "build.cancelled", "build.budget_exceeded")


async def test_after_kills_and_stops_every_build_is_the_one_that_nobody_disturbed(
    make_killable_worker: MakeKillable, capsys: pytest.CaptureFixture[str]
) -> None:
    async with SlowBuilder() as slow:
        server = await asyncio.to_thread(
            make_killable_worker,
            offline=True,
            DEFAULT_MODEL="openai/builder",
            OPENAI_BASE_URL=slow.url,
            RATE_LIMITS=LIMITS,
        )
        dice = random.Random(SEED)
        counts: Counter[str] = Counter()
        clients = [await BuildsClient.sign_up(server.url) for _ in range(2)]
        problems = await disturbed(
            clients, dice, counts, lambda: kill_now_and_then(server, dice, counts)
        )
        counts["model calls"], counts["calls cut off"] = slow.calls, slow.broken
        for client in clients:
            await client.close()
    with capsys.disabled():
        print("\n" + "\n".join(f"{name}: {count}" for name, count in sorted(counts.items())))
    assert problems == []
    assert counts["builds completed"] == BUILDS
    assert counts["runtimes killed"] == KILLS


async def disturbed(
    clients: list[BuildsClient],
    dice: random.Random,
    counts: Counter[str],
    disturb: Callable[[], Awaitable[None]],
) -> list[str]:
    """Runs all builds while ``disturb`` goes on; what is wrong with them at the end."""
    waiting = list(range(BUILDS))
    built: dict[int, str] = {}
    owners: dict[str, BuildsClient] = {}

    async def work(client: BuildsClient) -> None:
        while waiting:
            number = waiting.pop(0)
            query = QUERIES[number % len(QUERIES)]
            mode = "smart" if number % 3 == 2 else "deterministic"
            build_id = await client.begin(query, key=f"build-{number}", mode=mode, start=True)
            built[number], owners[build_id] = build_id, client
            await stop_and_resume(client, build_id, dice, counts)

    async with asyncio.TaskGroup() as crowd:
        for place in range(AT_ONCE):
            crowd.create_task(work(clients[place % len(clients)]))
        crowd.create_task(disturb())

    problems = []
    for number, build_id in built.items():
        query = QUERIES[number % len(QUERIES)]
        owner = owners[build_id]
        other = next(each for each in clients if each is not owner)
        problems += await wrong_with((owner, other), build_id, await hashes_of(query), counts)
    for client in clients:
        books = (await client.ask("GET", "/api/credits")).json()
        if books["reserved"] != 0:
            problems.append(f"{credits['reserved']} credits are still set aside")
    return problems


async def stop_and_resume(
    client: BuildsClient, build_id: str, dice: random.Random, counts: Counter[str]
) -> None:
    """Stops the build up to twice, each time at some moment, and sees it to its end."""
    for _ in range(dice.randrange(3)):
        await asyncio.sleep(dice.uniform(0.1, 3.0))
        if (await client.state(build_id))["status"] not in ACTIVE:
            break
        stopped = await client.steer(build_id, "cancel")
        if stopped["status"] == "cancelled":
            counts["stopped"] += 1
            await asyncio.sleep(dice.uniform(0.0, 0.5))
            await client.steer(build_id, "resume")
    state = await client.still(build_id)
    counts[f"builds {state['status']}"] += 1


async def kill_now_and_then(
    server: KillableWorker, dice: random.Random, counts: Counter[str]
) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(dice.uniform(1.0, 3.0))
        await asyncio.to_thread(server.kill9)
        await asyncio.to_thread(server.start)
        counts["runtimes killed"] += 1


async def wrong_with(
    clients: tuple[BuildsClient, BuildsClient],
    build_id: str,
    hashes: dict[str, str],
    counts: Counter[str],
) -> list[str]:
    """What is not true of a build of the first client, and whether the second sees it."""
    owner, other = clients
    found = await owner.wrong_files(build_id, hashes)
    for path in ("", "/files", "/events", "/revisions", "/files.zip"):
        if (await other.ask("GET", f"/agents/{build_id}{path}")).status_code != 404:
            found.append(f"somebody else sees {path or 'it'}")
    state, events = await owner.state(build_id), await owner.build_events(build_id)
    counts["events"] += len(events)
    counts["files"] += len(hashes)
    if state["status"] != "completed":
        found.append(f"{state['status']}: {state['error']}")
    if [each["number"] for each in events] != list(range(1, len(events) + 1)):
        found.append("event numbers have a gap")
    if [each["type"] for each in events].count("build.completed") != 1:
        found.append("it was not completed once")
    if events[-1]["type"] != "build.completed":
        found.append(f"its last event is {events[-1]['type']}")
    ends = Counter(each["type"] for each in events if each["type"] in ENDS)
    if ends["build.cancelled"] != sum(each["type"] == "build.resumed" for each in events):
        found.append("stops and resumptions do not fit")
    saved = Counter(each["data"]["path"] for each in events if each["type"] == "file.saved")
    if any(times > 1 for times in saved.values()):
        found.append(f"a file was saved twice: {saved}")
    counts["files begun"] += sum(each["type"] == "file.started" for each in events)
    return [f"{build_id}: {each}" for each in found]
