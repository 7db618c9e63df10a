"""Functions over HTTP: each type, classification and agent creation, beside what was aimed at.

As `./scripts/dev` runs it, offline, so that the model answers at once, on a state folder of its
own. The first call after a start is the cold one. Code is measured in two ways: kept (only the
arguments differ) and new (other code each time, so a new isolate).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from _lib.local_runtime import ensure_runtime
from _lib.progress import step
from _lib.wrangler import require_free_port
from benchmarks.bench_chat import machine_line
from benchmarks.local_platform import local_platform
from benchmarks.report import Aim, table

PORT = 8876
CALLS, QUICK_CALLS = 20, 5
SETTINGS = {
    "DEFAULT_MODEL": "offline",
    "RATE_LIMITS": "function-call=10000/60, build-start=10000/60, costly=10000/60, "
    "account=10000/60",
    "SIGNUP_CREDITS": "100000",
    "DAILY_BUDGET_CREDITS": "1000000",
}
AIMS = {
    "classification": 500.0,
    "code, kept": 1_000.0,
    "code, new": 1_000.0,
    "object": 2_000.0,
    "agentic routing": 100.0,
    "human task": 100.0,
    "agent creation": 200.0,
}

Json = dict[str, Any]
Measured = Mapping[str, Sequence[float]]


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    require_free_port(options.port)
    count = QUICK_CALLS if options.quick else CALLS
    with local_platform(ensure_runtime(), options.port, SETTINGS) as url:
        found = asyncio.run(_measured(url, count))
    print(machine_line())
    print()
    print(text_of(found))
    if options.json:
        kept = {"machine": machine_line(), "milliseconds": found}
        options.json.write_text(json.dumps(kept, indent=1))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench functions",
        description="Measure calls of functions of every type (docs/performance.md).",
    )
    parser.add_argument("--quick", action="store_true", help="fewer of everything")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in a file")
    parser.add_argument("--port", type=int, default=PORT, help="default: %(default)s")
    return parser


class _Client:
    """One account; every request on the same connection."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def timed(self, path: str, body: Json, *statuses: int) -> tuple[float, Json]:
        """Milliseconds until the answer, and the answer."""
        begun = time.perf_counter()
        answer = await self._http.post(path, json=body)
        took = (time.perf_counter() - begun) * 1000
        if answer.status_code not in statuses:
            raise SystemExit(f"{path} answered {answer.status_code}: {answer.text[:500]}")
        return took, answer.json()

    async def sign_up(self) -> None:
        made = await self._http.post("/api/signup", json={"email": "b@example.com", "name": "B"})
        self._http.headers["x-api-key"] = made.json()["apiKey"]


async def _measured(url: str, count: int) -> dict[str, list[float]]:
    """Calls one after the other; the first of each kind is the cold one."""
    found: dict[str, list[float]] = {name: [] for name in AIMS}
    async with httpx.AsyncClient(base_url=url, timeout=120) as http:
        client = _Client(http)
        await client.sign_up()
        with step(f"{count + 1} calls of each kind"):
            for number in range(count + 1):
                for name, took in (await _round(client, number)).items():
                    found[name].append(took)
    return found


async def _round(client: _Client, number: int) -> dict[str, float]:
    took: dict[str, float] = {}
    words = {"description": f"Sort list number {number}"}
    took["classification"], _ = await client.timed("/fn/classify", words, 200)
    numbers = {"numbers": [3, 1, number]}
    kept = {"description": "Sort array of numbers", "args": numbers}
    took["code, kept"], _ = await client.timed("/fn", kept, 200)
    key = "abcdefghijklmnopqrstuvwxyz"[number % 26] * (1 + number // 26)
    new = {"description": "Sort array of numbers", "args": {f"numbers_{key}": [3, 1, number]}}
    took["code, new"], _ = await client.timed("/fn", new, 200)
    document = {"description": "Generate user profile JSON"}
    took["object"], _ = await client.timed("/fn", document, 200)
    review = {"description": "Review code for security"}
    took["human task"], _ = await client.timed("/fn", review, 202)
    blog = {"description": "Build a blog application"}
    took["agentic routing"], made = await client.timed("/fn", blog, 202)
    await client.timed(f"/fn/jobs/{made['jobId']}/cancel", {}, 200, 409)
    page = {"query": f"Build a to-do page number {number}"}
    took["agent creation"], made = await client.timed("/agents", page, 201)
    await client.timed(f"/agents/{made['sessionId']}/cancel", {}, 200)
    return took


def text_of(found: Measured) -> str:
    """Cold and warm (median) of each kind, and the aims with what was reached."""
    rows = [
        [name, f"{times[0]:.0f}", f"{statistics.median(times[1:]):.0f}", f"{max(times[1:]):.0f}"]
        for name, times in found.items()
    ]
    aims = [
        Aim(what=name, measured=statistics.median(found[name][1:]), limit=limit, unit=" ms")
        for name, limit in AIMS.items()
    ]
    told = "\n".join(aim.line() for aim in aims)
    return f"{table(['milliseconds', 'cold', 'warm', 'slowest warm'], rows)}\n\n{told}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
