"""Kill -9 of the runtime while agents are executed: each ends once, honestly, paid at most once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes.slow_builder import SlowBuilder
from tests.harness.fixtures import MakeKillable
from tests.worker.registry_client import RegistryClient

EXECUTIONS = 12
UNDISTURBED, KILLED = (2, 8), (5, 11)
LIMITS = "signup=1000/60, execution=1000/60, costly=10000/60, account=10000/60"


async def test_after_kills_every_execution_has_one_end_and_the_credits_add_up(
    make_killable_worker: MakeKillable, capsys: pytest.CaptureFixture[str]
) -> None:
    async with SlowBuilder(seconds=1.2) as slow:
        server = await asyncio.to_thread(
            make_killable_worker, OPENAI_BASE_URL=slow.url, offline=True, RATE_LIMITS=LIMITS
        )
        client = await RegistryClient.sign_up(server.url)
        agent = await client.agent(model="openai/slow", edgeLocations=["auto", "weur"])
        found: dict[int, dict[str, Any]] = {}

        async def one(number: int) -> None:
            place = "weur" if number % 2 else "auto"
            mode = "sync" if number % 3 else "async"
            made = await client.execute(
                agent["id"], f"number {number}", key=f"key-{number}", mode=mode, edgeLocation=place
            )
            found[number] = await client.execution_ended(made.json()["id"])

        async with asyncio.TaskGroup() as crowd:
            for number in range(EXECUTIONS):
                crowd.create_task(one(number))
                if number in UNDISTURBED:
                    await reaches(lambda: len(found), number + 1)
                elif number in KILLED:
                    await reaches(lambda: slow.calls, number)
                    await asyncio.to_thread(server.kill9)
                    await asyncio.to_thread(server.start)

        counts = Counter(str(each["status"]) for each in found.values())
        counts["calls of the model"] = slow.calls
        listed = (await client.ask("GET", "/api/executions?limit=100")).json()["executions"]
        stats = (await client.ask("GET", f"/api/agents/{agent['id']}")).json()["stats"]
        spent = await settled(client)
        problems = [await wrong_with(client, each) for each in found.values()]
        await client.close()
    with capsys.disabled():
        print("\n" + "\n".join(f"{name}: {count}" for name, count in sorted(counts.items())))

    assert [each for each in problems if each] == []
    assert sorted(each["id"] for each in listed) == sorted(each["id"] for each in found.values())
    assert len(found) == stats["executions"] == EXECUTIONS
    assert counts["completed"] + counts["failed"] == EXECUTIONS and counts["completed"] >= 6
    assert counts["failed"] == stats["failed"] > 0
    assert slow.calls <= EXECUTIONS
    assert spent == round(sum(each["credits"] for each in found.values()), 3)


async def wrong_with(client: RegistryClient, found: dict[str, Any]) -> str:
    """What is not as it should be, or nothing."""
    page = (await client.ask("GET", f"/api/executions/{found['id']}/events?limit=500")).json()
    types = [each["type"] for each in page["events"] if each["type"] != "execution.output"]
    if types != ["execution.started", f"execution.{found['status']}"]:
        return f"{found['id']}: {types}"
    if found["status"] == "failed":
        honest = found["error"]["code"] == "interrupted" and found["error"]["retryable"]
        return "" if honest and found["credits"] == 0 else f"{found['id']}: {found}"
    return "" if found["output"] and found["credits"] > 0 else f"{found['id']}: {found}"


async def settled(client: RegistryClient) -> float:
    """What was spent, once nothing is set aside any more."""
    for _ in range(200):
        known = await client.credits()
        if known["reserved"] == 0:
            return round(500 - float(known["balance"]), 3)
        await asyncio.sleep(0.1)
    raise AssertionError(known)


async def reaches(count: Callable[[], int], wanted: int) -> None:
    """Waits until a count is as high as wanted, two minutes at most."""
    for _ in range(1200):
        if count() >= wanted:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{count()}, not {wanted}")
