"""Kill -9 of the runtime, its queue and its consumers while 500 parts are done: each once."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.harness.fixtures import MakeKillable
from tests.harness.worker import KillableWorker
from tests.worker.mesh_client import MeshClient

SEED = 20261121
TASKS = (40,) * 11 + (1,) * 60
PARTS = sum(TASKS)
AT_ONCE = 4
KILLS = 4
PRICE = 2
LIMITS = "signup=1000/60, mesh-start=5000/60, costly=10000/60, account=10000/60"
PART_ENDS = ("part.completed", "part.failed")


async def test_500_parts_through_kills_are_each_done_once_and_everything_is_told(
    make_killable_worker: MakeKillable, capsys: pytest.CaptureFixture[str]
) -> None:
    server = make_killable_worker(offline=True, RATE_LIMITS=LIMITS)
    dice = random.Random(SEED)
    client = await MeshClient.sign_up(server.url)
    before, _ = await client.credits()
    counts: Counter[str] = Counter(parts=PARTS, tasks=len(TASKS))
    waiting = list(enumerate(TASKS))
    started: dict[str, int] = {}

    async def start() -> None:
        while waiting:
            number, parts = waiting.pop(0)
            items = [f"{'word ' * (each % 5)}end" for each in range(parts)]
            task_id = await client.begin(f"task-{number}", goal="Count the words", items=items)
            started[task_id] = parts

    async with asyncio.TaskGroup() as crowd:
        for _ in range(AT_ONCE):
            crowd.create_task(start())
        crowd.create_task(kill_now_and_then(server, dice, counts))

    tasks = await client.all_settled(*started)
    events, agents = await feed_of_all(client)
    counts["events"] = len(events)
    problems = wrong_with_tasks(tasks, started)
    problems += wrong_with_events(events, agents, started, counts)
    problems += await wrong_with_replays(client, agents, counts)
    problems += await wrong_with_projections(client, len(events), counts)
    problems += await wrong_with_credits(client, before)
    await client.close()
    server.stop()
    problems += wrong_with_receipts(server, counts)
    with capsys.disabled():
        print("\n" + "\n".join(f"{name}: {count}" for name, count in sorted(counts.items())))

    assert problems == []
    assert len(started) == len(TASKS)


async def kill_now_and_then(
    server: KillableWorker, dice: random.Random, counts: Counter[str]
) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(dice.uniform(0.5, 4.0))
        await asyncio.to_thread(server.kill9)
        await asyncio.to_thread(server.start)
        counts["runtimes killed"] += 1


async def feed_of_all(client: MeshClient) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The feed and the agents, once all is quiet and the feed has every event of every agent."""
    before = -1
    async with asyncio.timeout(60):
        while True:
            agents = await client.agents()
            told = sum(each["events"] for each in agents)
            if told == before:
                events = await client.mesh_events()
                if len(events) == told:
                    return events, agents
            before = told
            await asyncio.sleep(1)


def wrong_with_tasks(tasks: list[dict[str, Any]], started: dict[str, int]) -> list[str]:
    return [
        f"{each['taskId']}: {each['status']}, {each['counts']}, {each['credits']} credits"
        for each in tasks
        if each["status"] != "completed"
        or each["counts"]["completed"] != started[each["taskId"]]
        or each["credits"] != started[each["taskId"]] * PRICE / 1_000
    ]


def wrong_with_events(
    events: list[dict[str, Any]],
    agents: list[dict[str, Any]],
    started: dict[str, int],
    counts: Counter[str],
) -> list[str]:
    """Every agent's numbers have no gap, and the coordinator tells of each part's end once."""
    found = []
    for agent in agents:
        numbers = [each["number"] for each in events if each["agent"] == agent["name"]]
        if numbers != list(range(1, len(numbers) + 1)):
            found.append(f"events of {agent['name']} have gaps")
    ends = Counter(e["body"]["partId"] for e in events if e["type"] in PART_ENDS)
    wanted = {f"{task}-{n}" for task, parts in started.items() for n in range(1, parts + 1)}
    if set(ends) != wanted or set(ends.values()) != {1}:
        found.append(f"{len(ends)} parts ended, {sum(ends.values())} times")
    over = Counter(e["body"]["taskId"] for e in events if e["type"] == "task.ended")
    if set(over) != set(started) or set(over.values()) != {1}:
        found.append(f"{len(over)} tasks ended, {sum(over.values())} times")
    told = Counter(each["type"] for each in events)
    counts["offers lost and made again"] = told["part.lost"]
    counts["parts taken by workers"] = told["work.taken"]
    counts["parts completed"] = told["part.completed"]
    return found


async def wrong_with_replays(
    client: MeshClient, agents: list[dict[str, Any]], counts: Counter[str]
) -> list[str]:
    found = []
    for agent in agents:
        path = f"/api/mesh/agents/{agent['name']}/replay"
        replay = (await client.ask("POST", path, json={})).json()
        counts["replays equal"] += replay["equal"]
        if not replay["equal"] or replay["events"] != agent["events"]:
            found.append(f"replay of {agent['name']}: {replay['events']}, {replay['equal']}")
    return found


async def wrong_with_projections(
    client: MeshClient, events: int, counts: Counter[str]
) -> list[str]:
    answer = (await client.ask("POST", "/api/mesh/projections/rebuild", json={})).json()
    counts["events projected again"] = answer["events"]
    if not answer["equal"] or answer["events"] != events or answer["tasks"] != len(TASKS):
        return [f"rebuilt: {answer}, of {events} events"]
    return []


async def wrong_with_credits(client: MeshClient, before: float) -> list[str]:
    """By the balance: what was spent "today" begins again at midnight."""
    balance, reserved = await client.credits()
    spent = before - balance - reserved
    if abs(spent - PARTS * PRICE / 1_000) > 1e-6 or reserved != 0:
        return [f"{spent} were spent, {reserved} are still set aside"]
    return []


def wrong_with_receipts(server: KillableWorker, counts: Counter[str]) -> list[str]:
    """The marks that the work itself left in the database, which no agent owns."""
    for path in server.state.rglob("*.sqlite"):
        rows = _receipts(path)
        if rows is not None:
            counts["marks"], counts["times a part was done"] = rows
            return [] if rows[0] == PARTS else [f"{rows[0]} marks of {PARTS} parts"]
    return ["there is no database with marks"]


def _receipts(path: Path) -> tuple[int, int] | None:
    with closing(sqlite3.connect(path)) as database:
        known = "SELECT 1 FROM sqlite_master WHERE name = 'mesh_receipts'"
        if database.execute(known).fetchone() is None:
            return None
        found = database.execute("SELECT count(*), sum(times) FROM mesh_receipts").fetchone()
        return int(found[0]), int(found[1])
