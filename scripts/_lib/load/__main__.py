"""The command: a server, an account, the drive, the report."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from urllib.parse import urlsplit

from _lib.failures import SetupFailure
from _lib.load.client import Client
from _lib.load.drive import Drive
from _lib.load.options import Options, read_options
from _lib.load.own_server import own_server
from _lib.load.processes import server_of
from _lib.load.report import errors_text, figures, memory_table, surfaces_table
from _lib.load.surfaces import SURFACES, Surface
from _lib.load.watch import Look, verdict_on, watch
from _lib.local_runtime import ensure_runtime
from _lib.progress import say, step
from benchmarks.bench_chat import machine_line

NEAR = ("localhost", "127.0.0.1", "::1")


def main(arguments: list[str]) -> int:
    options = read_options(arguments, tuple(SURFACES))
    given = options.url.rstrip("/")
    place = nullcontext(given) if given else own_server(ensure_runtime(), options)
    with place as url:
        return asyncio.run(_load(url, options))


async def _load(url: str, options: Options) -> int:
    """Loads the server at this address; 0 when every answer was right and memory is flat."""
    connections = options.clients + 2
    client = (
        Client(url, options.key, connections=connections)
        if options.key
        else await Client.sign_up(url, connections=connections)
    )
    try:
        surfaces = {name: made() for name, made in SURFACES.items()}
        drive = Drive(client, surfaces, await _there(client, surfaces, options), options.seed)
        with step("a first operation of each surface"):
            await drive.prepare()
        looks: list[Look] = []
        seconds = await _driven(url, drive, options, looks)
        with step("last proofs, cleaning up"):
            await drive.finish()
    finally:
        await client.close()
    return _report(drive, client, options, looks, seconds)


async def _there(
    client: Client, surfaces: Mapping[str, Surface], options: Options
) -> Mapping[str, int]:
    """The mix without surfaces that the server does not have."""
    paths = await client.paths()
    missing = [name for name in options.mix if surfaces[name].needs not in paths]
    for name in missing:
        say(f"  left out: {name}, the server has no {surfaces[name].needs}")
    return {name: share for name, share in options.mix.items() if name not in missing}


async def _driven(url: str, drive: Drive, options: Options, looks: list[Look]) -> float:
    """Drives with an eye on memory, where the server is of this machine."""
    where = urlsplit(url)
    server = server_of(where.port or 80) if where.hostname in NEAR else None
    watching = asyncio.create_task(
        watch(server, drive.tally, looks, options.seconds) if server else asyncio.sleep(0)
    )
    with step(f"{options.clients} clients for {options.seconds:g} s"):
        seconds = await drive.run(options)
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    return seconds


def _report(
    drive: Drive, client: Client, options: Options, looks: list[Look], seconds: float
) -> int:
    verdict = verdict_on(looks, options.seconds)
    print(machine_line())
    print()
    print(surfaces_table(drive.tally, seconds))
    if client.waited:
        print(f"\n{client.waited} answers asked to wait (rate limits), which was done.")
    if drive.tally.failed:
        print(f"\n{errors_text(drive.tally)}")
    print(f"\n{memory_table(looks)}")
    print(f"\nmemory of workerd {verdict.words}")
    if options.json:
        kept = figures(drive.tally, seconds, looks, verdict)
        options.json.write_text(json.dumps({"machine": machine_line(), **kept}, indent=1))
    return 1 if drive.tally.failed or verdict.flat is False or not drive.tally.done else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupFailure as failure:
        print(f"littoral: {failure}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
