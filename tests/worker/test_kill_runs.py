"""Kill -9 of the runtime, of sandboxes and of both, at random moments of 50 runs."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from littoral.orchestrator.run import OUTCOMES
from tests.harness.fixtures import MakeKillable
from tests.harness.worker import KillableWorker
from tests.worker.runs_client import RunsClient

SEED = 20261121
RUNS = 50
AT_ONCE = 5
KILLS = ("runtime", "sandbox", "both", "runtime", "sandbox", "both", "runtime", "both")
LIMITS = "signup=1000/60, run-start=1000/60, costly=10000/60, account=10000/60"
DONE = "first\nmark-1\nmark-2\nmark-3\n"
MARK = "echo mark-{n} >> marks; mkdir -p artifacts; cp marks artifacts/marks"


async def test_after_kills_every_run_has_ended_truly_and_nothing_was_done_twice(
    make_killable_worker: MakeKillable, capsys: pytest.CaptureFixture[str]
) -> None:
    server = make_killable_worker(offline=True, RATE_LIMITS=LIMITS, RUNS_AT_ONCE="100")
    dice = random.Random(SEED)
    client = await RunsClient.sign_up(server.url)
    counts: Counter[str] = Counter()
    queue = list(range(RUNS))
    run_ids: dict[int, str] = {}

    async def work() -> None:
        while queue:
            number = queue.pop(0)
            run_ids[number] = await client.start(key=f"run-{number}", commands=commands(dice))
            run = await client.ended(run_ids[number])
            counts[f"runs {run['status']}"] += 1

    async with asyncio.TaskGroup() as crowd:
        for _ in range(AT_ONCE):
            crowd.create_task(work())
        crowd.create_task(kill_now_and_then(server, dice, counts))

    problems: list[str] = []
    charged = 0.0
    for number, run_id in run_ids.items():
        run = await client.run(run_id)
        charged += run["credits"]["settled"]
        problems += await wrong_with(client, run, counts)
        again = await client.start(key=f"run-{number}", commands=list(run["input"]["commands"]))
        assert again == run_id
    problems += await wrong_with_credits(client, charged)
    await client.close()
    with capsys.disabled():
        print("\n" + "\n".join(f"{name}: {count}" for name, count in sorted(counts.items())))

    assert problems == []
    assert len(set(run_ids.values())) == RUNS


def commands(dice: random.Random) -> list[str]:
    """Three commands that leave one mark each, some of them slowly."""
    return [
        f"sleep {dice.choice((0, 0.2, 1.5))}; {MARK.format(n=1)}; echo first",
        f"{MARK.format(n=2)}; sleep {dice.choice((0, 0.5))}; echo second >&2",
        f"{MARK.format(n=3)}; cat marks",
    ]


async def kill_now_and_then(
    server: KillableWorker, dice: random.Random, counts: Counter[str]
) -> None:
    for what in KILLS:
        await asyncio.sleep(dice.uniform(1.5, 5.0))
        if what != "runtime":
            counts["sandboxes killed"] += kill_sandboxes(server)
        if what != "sandbox":
            await asyncio.to_thread(server.kill9)
            await asyncio.to_thread(server.start)
            counts["runtimes killed"] += 1


def kill_sandboxes(server: KillableWorker) -> int:
    """SIGKILL for every daemon of a sandbox; how many there were."""
    killed = 0
    for pid in descendants(server.engine.pid):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"sandboxd" in command:
                os.kill(pid, signal.SIGKILL)
                killed += 1
        except (OSError, ProcessLookupError):
            continue
    return killed


def descendants(root: int) -> list[int]:
    """Processes below one, by /proc."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found.append(child)
            waiting.append(child)
    return found


async def wrong_with(client: RunsClient, run: dict[str, Any], counts: Counter[str]) -> list[str]:
    """What is not true of one run that has ended."""
    found: list[str] = []
    events = await client.events(run["id"])
    counts["events"] += len(events)
    if [each["number"] for each in events] != list(range(1, len(events) + 1)):
        found.append("event numbers have a gap")
    ends = [each for each in events if each["type"].removeprefix("run.") in OUTCOMES]
    if len(ends) != 1 or ends[0] != events[-1]:
        found.append(f"{len(ends)} last events")
    for kind in ("step.started", "step.completed"):
        told = Counter(each["data"]["step"] for each in events if each["type"] == kind)
        if any(times > 1 for times in told.values()):
            found.append(f"{kind} was told twice")
    marks = Counter(await marks_of(client, run))
    counts["marks"] += sum(marks.values())
    if any(times > 1 for times in marks.values()):
        found.append(f"a step ran twice: {dict(marks)}")
    statuses = [step["status"] for step in run["steps"]]
    counts.update(f"steps {status}" for status in statuses)
    counts["runs whose files were lost, and said so"] += run["artifactsLost"]
    lost = [each for each in events if each["type"] == "artifact.lost"]
    if len(lost) != run["artifactsLost"] or (run["artifactsLost"] and marks):
        found.append(f"files lost: {run['artifactsLost']}, told {len(lost)} times, {dict(marks)}")
    found += wrong_with_end(run, statuses, marks)
    return [f"{run['id']}: {each}" for each in found]


def wrong_with_end(run: dict[str, Any], statuses: list[str], marks: Counter[str]) -> list[str]:
    """What is not true of the end: every command done with the files of those before it, or told.

    The last command prints the marks, so its output proves them where the files were lost.
    """
    left = [number for number, each in enumerate(statuses) if each != "completed"]
    done = left[0] if left else len(statuses)
    kept = {f"mark-{number + 1}" for number in range(done)}
    if not run["artifactsLost"] and not kept <= set(marks):
        return [f"files of finished steps are missing and nothing says so: {dict(marks)}"]
    if run["status"] == "completed":
        if done != 3 or run["exitCode"] != 0 or run["output"] != DONE:
            return [f"completed without having done everything: {statuses} {run['output']!r}"]
        return []
    code, ended_at = (run["error"] or {}).get("code"), statuses[done:]
    honest = {
        "outcome_unknown": ["unknown", "skipped", "skipped"],
        "sandbox_lost": ["skipped", "skipped", "skipped"],
    }
    if run["status"] != "failed" or ended_at != honest.get(str(code), [])[: 3 - done]:
        return [f"ended {run['status']} with {statuses}: {run['error']}"]
    if code == "sandbox_lost" and (done == 0 or not run["artifactsLost"]):
        return [f"its sandbox was lost with {done} finished steps, and its files were not"]
    return []


async def marks_of(client: RunsClient, run: dict[str, Any]) -> list[str]:
    """The marks in the file that the run left, if its sandbox lived to give it."""
    if not any(each["path"] == "marks" for each in run["artifacts"]):
        return []
    path = f"/api/orchestrator/runs/{run['id']}/artifacts/marks"
    return (await client.ask("GET", path)).text.split()


async def wrong_with_credits(client: RunsClient, charged: float) -> list[str]:
    """Whether the ledger comes out even: grants less usage is the balance, nothing is set aside."""
    found = (await client.ask("GET", "/api/credits")).json()
    usage = (await client.ask("GET", "/api/usage")).json()["totals"]
    wrong = []
    if found["reserved"] != 0:
        wrong.append(f"{found['reserved']} credits are still set aside")
    if abs(usage["credits"] - charged) > 1e-6 or abs(500 - charged - found["balance"]) > 1e-6:
        wrong.append(f"charged {charged}, usage {usage['credits']}, balance {found['balance']}")
    if usage["count"] != RUNS:
        wrong.append(f"{usage['count']} rows of usage for {RUNS} runs")
    return wrong
