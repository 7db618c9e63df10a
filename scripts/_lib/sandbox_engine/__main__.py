"""`python -m _lib.sandbox_engine`: serves until its standard input ends or it is told to end."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from aiohttp import web

from _lib import project
from _lib.sandbox_engine.boxes import Boxes
from _lib.sandbox_engine.docker_api import DockerApi
from _lib.sandbox_engine.enclosure import strongest


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox-engine")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--scratch", type=Path, required=True)
    parser.add_argument(
        "--near-allowed", action="store_true", help="names may lead to this machine"
    )
    options = parser.parse_args()
    os.umask(0o022)
    asyncio.run(_serve(options))


async def _serve(options: argparse.Namespace) -> None:
    code = project.ROOT / "sandbox"
    enclosure = strongest(options.scratch, code)
    boxes = Boxes(enclosure, scratch=options.scratch, code=code, near_allowed=options.near_allowed)
    runner = web.AppRunner(
        DockerApi(boxes).application(),
        access_log=None,
        shutdown_timeout=1.0,
        handler_cancellation=True,
    )
    await runner.setup()
    await web.UnixSite(runner, str(options.socket)).start()
    print(f"isolation: {enclosure.isolation}", flush=True)
    await _told_to_end()
    await boxes.close()
    await runner.cleanup()


async def _told_to_end() -> None:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    loop.add_reader(sys.stdin.fileno(), lambda: None if _more() else told.set())
    await told.wait()


def _more() -> bool:
    return bool(os.read(sys.stdin.fileno(), 4096))


if __name__ == "__main__":
    main()
