"""Chat turns of this project, of bare JavaScript, and of npm's AIChatAgent, side by side.

All on the same workerd, with a model that answers at once, the contestants taking turns.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from _lib import project
from _lib.failures import SetupFailure
from _lib.local_runtime import LocalRuntime, ensure_runtime
from _lib.progress import step
from benchmarks import race, report
from benchmarks.contestants import ALL, Contestant
from benchmarks.plan import FULL, QUICK, Plan
from benchmarks.samples import median
from benchmarks.worker_config import WorkerConfig
from benchmarks.worker_process import WorkerProcess

FIRST_PORT = 8861


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    runtime = ensure_runtime()
    plan = QUICK if options.quick else FULL
    bench = _Bench(runtime, plan, folder=(project.CACHE / "bench").resolve(), port=options.port)
    found = asyncio.run(bench.run())
    print(machine_line())
    print()
    print(report.text(found))
    if options.json:
        options.json.write_text(json.dumps({"machine": machine_line(), **found}, indent=1))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench chat",
        description="Measure chat turns of this project beside a bare JavaScript Durable Object "
        "and npm's AIChatAgent, all on the same workerd (docs/performance.md).",
    )
    parser.add_argument("--quick", action="store_true", help="about a minute instead of several")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in a file")
    parser.add_argument(
        "--port",
        type=int,
        default=FIRST_PORT,
        help="the first of three ports that are used (default: %(default)s)",
    )
    return parser


def machine_line() -> str:
    """What the figures were taken on, and how busy it was."""
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    package = json.loads((project.NODE_MODULES / "workerd" / "package.json").read_text())
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}, "
        f"load {load}; raw `workerd serve` {package['version']}; the model answers at once"
    )


class _Bench:
    """One run: the Workers of all contestants, and the phases over them."""

    def __init__(self, runtime: LocalRuntime, plan: Plan, *, folder: Path, port: int) -> None:
        self._runtime = runtime
        self._plan = plan
        self._folder = folder
        self._ports = {each: port + at for at, each in enumerate(ALL)}
        self._configs: dict[Contestant, WorkerConfig] = {}

    async def run(self) -> dict[str, Any]:
        shutil.rmtree(self._folder, ignore_errors=True)
        found: dict[str, Any] = {}
        with step("Workers"):
            self._build()
        with step("boots"):
            found["boot"] = {each.name: self._boots(each) for each in ALL}
        with step("memory"):
            found["memory"] = {each.name: await self._memory(each) for each in ALL}
        with step("rows written"):
            found["rows"] = {each.name: await self._rows(each) for each in ALL}
        servers = {each: self._server(each, self._configs[each]) for each in ALL}
        try:
            for server in servers.values():
                server.start()
            with step("warm-up"):
                await race.warm_up(servers, self._plan)
            for phase in (race.latencies, race.first_moments, race.growth, race.wakes):
                name = phase.__name__.replace("_", " ")
                with step(name):
                    found[_KEYS.get(phase.__name__, phase.__name__)] = await phase(
                        servers, self._plan
                    )
        finally:
            for server in servers.values():
                server.stop()
        return found

    def _build(self) -> None:
        for contestant in ALL:
            folder = self._folder / contestant.name
            folder.mkdir(parents=True, exist_ok=True)
            self._configs[contestant] = contestant.config(self._runtime, folder)

    def _server(
        self, contestant: Contestant, config: WorkerConfig, place: str = "race"
    ) -> WorkerProcess:
        return WorkerProcess(
            config,
            runtime=self._runtime,
            folder=self._folder / contestant.name / place,
            port=self._ports[contestant],
            ready_path=contestant.ready_path,
        )

    @contextmanager
    def _running(
        self, contestant: Contestant, config: WorkerConfig, place: str = "trial"
    ) -> Iterator[WorkerProcess]:
        server = self._server(contestant, config, place)
        server.start()
        try:
            yield server
        finally:
            server.stop()

    def _boots(self, contestant: Contestant) -> dict[str, float]:
        server = self._server(contestant, self._configs[contestant], "trial")
        seconds = []
        for _ in range(self._plan.boots):
            seconds.append(server.start())
            server.stop()
        return {"seconds": median(seconds)}

    async def _memory(self, contestant: Contestant) -> dict[str, float]:
        with self._running(contestant, self._configs[contestant], "memory") as server:
            return await race.memory(server, contestant, self._plan)

    async def _rows(self, contestant: Contestant) -> dict[str, float]:
        config = contestant.counting(self._configs[contestant])
        with self._running(contestant, config, "rows") as server:
            return await race.rows(server, contestant)


_KEYS = {"latencies": "turns"}


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupFailure as failure:
        sys.exit(f"littoral: {failure}")
