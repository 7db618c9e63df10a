"""Tasks of the mesh: parts in a second, how long one task takes, events for each part.

As `./scripts/dev` runs it, offline, on a state folder of its own. Parts are words to count, so that
what is measured is the mesh: coordinator, queue, workers, feed and projections. Times are those of
the events themselves, from `task.accepted` to `task.ended`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from _lib.local_runtime import ensure_runtime
from _lib.progress import step
from _lib.wrangler import require_free_port
from benchmarks.bench_chat import machine_line
from benchmarks.local_platform import local_platform
from benchmarks.report import table

PORT = 8877
PARTS, QUICK_PARTS = 500, 60
SINGLES, QUICK_SINGLES = 40, 8
AT_ONCE = 8
WAIT_SECONDS = 600
SETTINGS = {
    "DEFAULT_MODEL": "offline",
    "RATE_LIMITS": "mesh-start=10000/60, costly=10000/60, account=10000/60",
    "SIGNUP_CREDITS": "100000",
    "DAILY_BUDGET_CREDITS": "1000000",
}
Json = dict[str, Any]


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    require_free_port(options.port)
    parts = QUICK_PARTS if options.quick else PARTS
    singles = QUICK_SINGLES if options.quick else SINGLES
    with local_platform(ensure_runtime(), options.port, SETTINGS) as url:
        found = asyncio.run(_measured(url, parts, singles))
    print(f"{machine_line()}\n")
    print(table(["what", "measured"], [[name, f"{value:.1f}"] for name, value in found.items()]))
    if options.json:
        kept = {"machine": machine_line(), "parts": parts, "tasks": singles, "measured": found}
        options.json.write_text(json.dumps(kept, indent=1))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench mesh",
        description="Measure tasks of the mesh (docs/performance.md).",
    )
    parser.add_argument("--quick", action="store_true", help="fewer of everything")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in a file")
    parser.add_argument("--port", type=int, default=PORT, help="default: %(default)s")
    return parser


async def _measured(url: str, parts: int, singles: int) -> dict[str, float]:
    async with httpx.AsyncClient(base_url=url, timeout=120) as http:
        mesh = _Mesh(http)
        await mesh.sign_up()
        with step("a first task, which wakes everybody"):
            await mesh.ended(await mesh.start(["cold"] * 8))
        with step(f"{singles} tasks of one part, one after the other"):
            posts, each = await mesh.one_by_one(singles)
        with step(f"{singles} tasks of one part, {AT_ONCE} clients"):
            seconds = await mesh.at_once(singles)
        with step(f"one task of {parts} parts"):
            before = await mesh.last_position()
            begun = await mesh.start(["one two three"] * parts)
            took_ms = await mesh.ended(begun)
            events = await mesh.last_position() - before
    return {
        "answer to a start, ms (median)": statistics.median(posts),
        "a task of one part, ms (median)": statistics.median(each),
        "a task of one part, ms (slowest)": max(each),
        "tasks of one part, a second": singles / seconds,
        f"{parts} parts, seconds": took_ms / 1000,
        "parts a second": parts / (took_ms / 1000),
        "events for each part": events / parts,
    }


class _Mesh:
    """One account's mesh."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def sign_up(self) -> None:
        made = await self._http.post("/api/signup", json={"email": "m@example.com", "name": "M"})
        self._http.headers["x-api-key"] = made.json()["apiKey"]

    async def start(self, items: list[str]) -> str:
        body = {"goal": "Count the words", "items": items, "parallel": 64}
        answer = await self._http.post("/api/mesh/tasks", json=body)
        if answer.status_code != 202:
            raise SystemExit(f"a task was not taken: {answer.text[:500]}")
        return str(answer.json()["taskId"])

    async def ended(self, task_id: str) -> float:
        """Waits for the end; milliseconds from the request's acceptance to it."""
        deadline = time.monotonic() + WAIT_SECONDS
        params = {"correlationId": task_id, "type": "task.ended"}
        while time.monotonic() < deadline:
            events = (await self._http.get("/api/mesh/events", params=params)).json()["events"]
            if events:
                return _ms(events[0]) - _ms(await self._accepted(task_id))
            await asyncio.sleep(0.1)
        raise SystemExit(f"{task_id} did not end within {WAIT_SECONDS} s")

    async def _accepted(self, task_id: str) -> Json:
        params = {"correlationId": task_id, "type": "task.accepted"}
        answer = await self._http.get("/api/mesh/events", params=params)
        found: Json = answer.json()["events"][0]
        return found

    async def one_by_one(self, count: int) -> tuple[list[float], list[float]]:
        posts, each = [], []
        for number in range(count):
            begun = time.perf_counter()
            task_id = await self.start([f"task {number}"])
            posts.append((time.perf_counter() - begun) * 1000)
            each.append(await self.ended(task_id))
        return posts, each

    async def at_once(self, count: int) -> float:
        """Seconds until the last of ``count`` tasks has ended."""
        waiting = list(range(count))

        async def client() -> None:
            while waiting:
                waiting.pop()
                await self.ended(await self.start(["one"]))

        begun = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(AT_ONCE)))
        return time.perf_counter() - begun

    async def last_position(self) -> int:
        return int((await self._http.get("/api/mesh/events", params={"limit": 1})).json()["last"])


def _ms(event: Json) -> float:
    return datetime.fromisoformat(event["at"]).timestamp() * 1000


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
