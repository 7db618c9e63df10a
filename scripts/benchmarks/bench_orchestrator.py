"""Runs: from the request to the first event, events end to end, many at once, and the ledger.

Everything as `./scripts/dev` runs it, on a state folder of its own: real workflows, real sandboxes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from _lib import project
from _lib.boot_snapshot import ensure_snapshot
from _lib.container_engine import ContainerEngine
from _lib.dev_server import DevServer
from _lib.local_database import migrate_local_databases
from _lib.local_runtime import LocalRuntime, ensure_runtime
from _lib.progress import step
from _lib.settings_file import local_settings, session_secret, setting_names, write_settings_file
from _lib.staging import stage
from _lib.wrangler import LocalServer, free_port, require_free_port, wrangler_environment
from benchmarks import bench_ledger
from benchmarks.bench_chat import machine_line
from benchmarks.report import table
from benchmarks.run_client import RunClient, Timing
from benchmarks.samples import percentile

PORT = 8873
AT_ONCE = 100
STARTS, LINES = 20, 200
QUICK_AT_ONCE, QUICK_STARTS, QUICK_LINES = 20, 5, 50
SETTINGS = {
    "DEFAULT_MODEL": "offline",
    "RATE_LIMITS": "run-start=10000/60, costly=10000/60, account=10000/60",
    "RUNS_AT_ONCE": "1000",
    "SIGNUP_CREDITS": "100000",
    "DAILY_BUDGET_CREDITS": "1000000",
}


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    require_free_port(options.port)
    runtime = ensure_runtime()
    quick: bool = options.quick
    with _server(runtime, options.port) as url:
        found = asyncio.run(_measured(url, quick=quick, at_once=options.runs))
    pairs = bench_ledger.QUICK_PAIRS if quick else bench_ledger.PAIRS
    blocks = bench_ledger.measure(runtime, pairs=pairs)
    print(machine_line())
    print()
    print(_text(found))
    print()
    print(bench_ledger.ledger_table(blocks))
    if options.json:
        kept = {"machine": machine_line(), **found, "ledger": [asdict(each) for each in blocks]}
        options.json.write_text(json.dumps(kept, indent=1))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench orchestrator",
        description="Measure runs of the orchestrator with real sandboxes (docs/performance.md).",
    )
    parser.add_argument("--quick", action="store_true", help="fewer of everything")
    parser.add_argument("--runs", type=int, help=f"how many at once (default: {AT_ONCE})")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in a file")
    parser.add_argument("--port", type=int, default=PORT, help="default: %(default)s")
    return parser


@contextmanager
def _server(runtime: LocalRuntime, port: int) -> Iterator[str]:
    """A local server with an engine for its sandboxes; both end with the block."""
    with tempfile.TemporaryDirectory(prefix="littoral-bench-") as name:
        state = Path(name)
        stage()
        ensure_snapshot(runtime, project.BUILD)
        settings = local_settings(setting_names(), SETTINGS, session_secret=session_secret(state))
        write_settings_file(state / "settings.env", settings)
        migrate_local_databases(state)
        local = LocalServer(
            port=port,
            inspector_port=free_port(),
            state=state,
            settings_file=state / "settings.env",
        )
        engine = ContainerEngine(runtime.python)
        server = DevServer(port=port, say=lambda _line: None, log=state / "wrangler.log")
        try:
            engine.start()
            with step("the local server"):
                environment = wrangler_environment(
                    runtime, scratch=state, build=project.BUILD, engine=engine
                )
                server.start(local.command(runtime), env=environment, cwd=project.ROOT)
                server.wait_ready()
                engine.wait_ready()
            yield f"http://localhost:{port}"
        finally:
            server.stop()
            engine.stop()


async def _measured(url: str, *, quick: bool, at_once: int | None) -> dict[str, Any]:
    starts, lines = (QUICK_STARTS, QUICK_LINES) if quick else (STARTS, LINES)
    runs = at_once or (QUICK_AT_ONCE if quick else AT_ONCE)
    client = await RunClient.sign_up(url)
    await client.timed("true")
    with step(f"{starts} runs, one after the other"):
        single = [await client.timed("true") for _ in range(starts)]
    with step(f"{lines} lines of output"):
        latencies = await client.event_latencies(lines)
    with step(f"{runs} runs at once"):
        began = asyncio.get_running_loop().time()
        crowd = await asyncio.gather(*(client.timed("true") for _ in range(runs)))
        wall = asyncio.get_running_loop().time() - began
    await client.close()
    failed = [each.status for each in (*single, *crowd) if each.status != "completed"]
    if failed:
        raise SystemExit(f"{len(failed)} runs did not complete: {sorted(set(failed))}")
    return {
        "single": [asdict(each) for each in single],
        "eventLatencyMs": latencies,
        "atOnce": runs,
        "wallSeconds": wall,
        "crowd": [asdict(each) for each in crowd],
    }


def _text(found: dict[str, Any]) -> str:
    names = Timing.PARTS
    rows = [
        [f"one run: {words}", *_percentiles([each[name] for each in found["single"]])]
        for name, words in names.items()
    ]
    rows.append(["a line of output → seen", *_percentiles(found["eventLatencyMs"])])
    runs = found["atOnce"]
    rows += [
        [f"{runs} at once: {words}", *_percentiles([each[name] for each in found["crowd"]])]
        for name, words in names.items()
    ]
    rate = runs / found["wallSeconds"]
    wall = f"{runs} runs at once took {found['wallSeconds']:.1f} s: {rate:.1f} runs a second"
    return f"{table(['milliseconds', 'p50', 'p95'], rows)}\n{wall}"


def _percentiles(values: list[float]) -> list[str]:
    return [f"{percentile(values, percent):.0f}" for percent in (50, 95)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
