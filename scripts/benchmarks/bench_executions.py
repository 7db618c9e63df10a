"""Executions of a registry agent: sync, streamed, from the cache, many at once; offline.

The model answers at once, so what is measured is the platform: who calls, the template, two rows
of the ledger, the list, the object with its rows and events. The first call is the cold one.
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

PORT = 8877
CALLS, QUICK_CALLS = 60, 10
CLIENTS = 8
SETTINGS = {
    "DEFAULT_MODEL": "offline",
    "RATE_LIMITS": "execution=10000/60, costly=10000/60, account=10000/60",
    "EXECUTIONS_AT_ONCE": "100",
    "SIGNUP_CREDITS": "100000",
    "DAILY_BUDGET_CREDITS": "1000000",
}
AIMS = {"sync": 100.0, "kept answer": 100.0, "first word": 100.0, "list of 50": 50.0}

Measured = Mapping[str, Sequence[float]]


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    require_free_port(options.port)
    count = QUICK_CALLS if options.quick else CALLS
    with local_platform(ensure_runtime(), options.port, SETTINGS) as url:
        found, per_second = asyncio.run(_measured(url, count))
    print(machine_line())
    print()
    print(text_of(found))
    print(f"{CLIENTS} clients at once: {per_second:.0f} executions a second")
    if options.json:
        kept = {"machine": machine_line(), "milliseconds": found, "perSecond": per_second}
        options.json.write_text(json.dumps(kept, indent=1))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench executions",
        description="Measure executions of registry agents (docs/performance.md).",
    )
    parser.add_argument("--quick", action="store_true", help="fewer of everything")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in a file")
    parser.add_argument("--port", type=int, default=PORT, help="default: %(default)s")
    return parser


async def _measured(url: str, count: int) -> tuple[dict[str, list[float]], float]:
    """Calls one after the other, then many at once."""
    found: dict[str, list[float]] = {name: [] for name in AIMS}
    async with httpx.AsyncClient(base_url=url, timeout=120) as http:
        made = await http.post("/api/signup", json={"email": "b@example.com", "name": "B"})
        http.headers["x-api-key"] = made.json()["apiKey"]
        path = await _agent(http, cache="never")
        keeping = await _agent(http, cache="always", temperature=0)
        with step(f"{count + 1} calls of each kind"):
            for number in range(count + 1):
                found["sync"].append(await _sync(http, path, f"number {number}"))
                found["kept answer"].append(await _sync(http, keeping, "the same"))
                found["first word"].append(await _first_word(http, path, f"word {number}"))
                begun = time.perf_counter()
                await http.get("/api/executions?limit=50")
                found["list of 50"].append((time.perf_counter() - begun) * 1000)
        with step(f"{CLIENTS} clients at once"):
            begun = time.perf_counter()
            await asyncio.gather(*(_many(http, path, count // 2) for _ in range(CLIENTS)))
            took = time.perf_counter() - begun
    return found, CLIENTS * (count // 2) / took


async def _agent(http: httpx.AsyncClient, **fields: Any) -> str:
    body = {"name": "Bench", "model": "offline", **fields}
    made = await http.post("/api/agents", json=body)
    return f"/api/agents/{made.json()['id']}/execute"


async def _sync(http: httpx.AsyncClient, path: str, text: str) -> float:
    begun = time.perf_counter()
    answer = await http.post(path, json={"input": text})
    took = (time.perf_counter() - begun) * 1000
    if answer.status_code != 200 or answer.json()["status"] != "completed":
        raise SystemExit(f"{path} answered {answer.status_code}: {answer.text[:500]}")
    return took


async def _first_word(http: httpx.AsyncClient, path: str, text: str) -> float:
    begun, first = time.perf_counter(), 0.0
    body = {"input": text, "mode": "stream"}
    async with http.stream("POST", path, json=body) as answer:
        async for line in answer.aiter_lines():
            if not first and "text-delta" in line:
                first = (time.perf_counter() - begun) * 1000
    return first


async def _many(http: httpx.AsyncClient, path: str, count: int) -> None:
    for number in range(count):
        await _sync(http, path, f"at once {number}")


def text_of(found: Measured) -> str:
    """Cold and warm of each kind, and the aims with what was reached."""
    rows = []
    for name, times in found.items():
        warm = sorted(times[1:])
        late = warm[min(len(warm) - 1, int(len(warm) * 0.95))]
        rows.append([name, f"{times[0]:.0f}", f"{statistics.median(warm):.1f}", f"{late:.1f}"])
    aims = [
        Aim(what=name, measured=statistics.median(found[name][1:]), limit=limit, unit=" ms")
        for name, limit in AIMS.items()
    ]
    told = "\n".join(aim.line() for aim in aims)
    return f"{table(['milliseconds', 'cold', 'p50', 'p95'], rows)}\n\n{told}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
