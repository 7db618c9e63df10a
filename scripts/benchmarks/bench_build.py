"""Builds: beginning, connecting, looking, a whole build and its preview, beside what was aimed at.

As `./scripts/dev` runs it, on a state folder of its own: once with a model that answers at once,
once with the offline model. The first build after a start is the cold one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from _lib import project
from _lib.dev_server import DevServer
from _lib.local_database import migrate_local_databases
from _lib.local_runtime import LocalRuntime, ensure_runtime
from _lib.progress import step
from _lib.settings_file import local_settings, session_secret, setting_names, write_settings_file
from _lib.staging import stage
from _lib.wrangler import LocalServer, free_port, require_free_port, wrangler_environment
from benchmarks.bench_chat import machine_line
from benchmarks.build_client import BuildClient, BuildTiming
from benchmarks.instant_model import instant_model
from benchmarks.report import Aim, table

PORT = 8875
BUILDS, QUICK_BUILDS = 10, 3
SETTINGS = {
    "RATE_LIMITS": "build-start=10000/60, costly=10000/60, account=10000/60",
    "SIGNUP_CREDITS": "100000",
    "DAILY_BUDGET_CREDITS": "1000000",
}
INSTANT = "a page"
OFFLINE = {
    "static": "Build a to-do page",
    "JavaScript Worker": "Build a JSON API for books in JavaScript",
    "Python Worker": "Build a JSON API for books as a Python Worker",
}
AIMS = {"create": 200.0, "socket": 100.0, "state": 50.0, "generation": 300_000.0}
PARTS = {
    "create": "POST /agents → answer",
    "busy_socket": "socket while it builds → identity",
    "socket": "socket → identity",
    "state": "GET /agents/<id> → answer",
    "generation": "request → built",
    "preview": "preview, first request",
    "preview_again": "preview, again",
}

Measured = Mapping[str, Sequence[BuildTiming]]


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    require_free_port(options.port)
    runtime = ensure_runtime()
    count = QUICK_BUILDS if options.quick else BUILDS
    with instant_model() as endpoint:
        instant = {"DEFAULT_MODEL": "openai/instant", "OPENAI_BASE_URL": endpoint}
        with _server(runtime, options.port, instant) as url:
            found = asyncio.run(_measured(url, {"instant model": INSTANT}, count))
    with _server(runtime, options.port, {"DEFAULT_MODEL": "offline"}) as url:
        offline = {f"offline, {kind}": query for kind, query in OFFLINE.items()}
        found.update(asyncio.run(_measured(url, offline, count)))
    print(machine_line())
    print()
    print(text_of(found))
    if options.json:
        kept = {name: [asdict(each) for each in timings] for name, timings in found.items()}
        options.json.write_text(json.dumps({"machine": machine_line(), **kept}, indent=1))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench build",
        description="Measure builds of the code agent and their previews (docs/performance.md).",
    )
    parser.add_argument("--quick", action="store_true", help="fewer of everything")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in a file")
    parser.add_argument("--port", type=int, default=PORT, help="default: %(default)s")
    return parser


@contextmanager
def _server(runtime: LocalRuntime, port: int, settings: Mapping[str, str]) -> Iterator[str]:
    """A local server with these settings, which ends with the block."""
    with tempfile.TemporaryDirectory(prefix="littoral-bench-") as name:
        state = Path(name)
        stage()
        secret = session_secret(state)
        given = local_settings(setting_names(), {**SETTINGS, **settings}, session_secret=secret)
        write_settings_file(state / "settings.env", given)
        migrate_local_databases(state)
        local = LocalServer(
            port=port,
            inspector_port=free_port(),
            state=state,
            settings_file=state / "settings.env",
        )
        server = DevServer(port=port, say=lambda _line: None, log=state / "wrangler.log")
        try:
            with step("the local server"):
                environment = wrangler_environment(runtime, scratch=state)  # As dev: no snapshot
                server.start(local.command(runtime), env=environment, cwd=project.ROOT)
                server.wait_ready()
            yield f"http://localhost:{port}"
        finally:
            server.stop()


async def _measured(
    url: str, queries: Mapping[str, str], count: int
) -> dict[str, Sequence[BuildTiming]]:
    """Builds one after the other; the first of each kind is the cold one."""
    client = await BuildClient.sign_up(url)
    found: dict[str, Sequence[BuildTiming]] = {}
    for name, query in queries.items():
        with step(f"{count + 1} builds: {name}"):
            found[name] = [await client.build(query) for _ in range(count + 1)]
    await client.close()
    return found


def text_of(found: Measured) -> str:
    """Cold and warm (median) of each part, and the aims with what the instant model reached."""
    rows = []
    for name, timings in found.items():
        cold, warm = timings[0], timings[1:]
        for part, words in PARTS.items():
            median = statistics.median(getattr(each, part) for each in warm)
            rows.append([f"{name}: {words}", f"{getattr(cold, part):.0f}", f"{median:.0f}"])
    aims = [
        Aim(what=f"{name}: {PARTS[part]}", measured=_median(timings, part), limit=limit, unit=" ms")
        for name, timings in found.items()
        for part, limit in AIMS.items()
    ]
    told = "\n".join(aim.line() for aim in aims)
    return f"{table(['milliseconds', 'cold', 'warm'], rows)}\n\n{told}"


def _median(timings: Sequence[BuildTiming], part: str) -> float:
    return float(statistics.median(getattr(each, part) for each in timings[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
