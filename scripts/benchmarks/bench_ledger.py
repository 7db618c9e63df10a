"""Credits reserved and settled by many at once, on the runtime's own D1.

A pair is one reservation and one settlement, each one transaction of D1. Clients ask for some pairs
a request, so that HTTP is a small part; the milliseconds of each are taken inside the Worker.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from _lib import project
from _lib.failures import SetupFailure
from _lib.local_runtime import LocalRuntime, ensure_runtime
from _lib.progress import step
from benchmarks.http_client import HttpClient
from benchmarks.ledger_worker import ledger_worker
from benchmarks.report import table
from benchmarks.samples import percentile

PORT = 8871
CLIENTS = (1, 8, 32)
PAIRS = 320
QUICK_PAIRS = 96
WARM_UP_PAIRS = 20


@dataclass(frozen=True, kw_only=True)
class Block:
    """So many clients of one user, or each of a user of their own."""

    clients: int
    one_user: bool
    pairs_per_second: float
    reserve_p50_ms: float
    reserve_p95_ms: float
    settle_p50_ms: float
    settle_p95_ms: float

    @property
    def name(self) -> str:
        users = "one user" if self.one_user or self.clients == 1 else "a user each"
        return f"{self.clients} client{'s' if self.clients > 1 else ''}, {users}"


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    runtime = ensure_runtime()
    pairs = QUICK_PAIRS if options.quick else PAIRS
    blocks = measure(runtime, port=options.port, pairs=pairs)
    print(ledger_table(blocks))
    if options.json:
        options.json.write_text(json.dumps([asdict(each) for each in blocks], indent=1))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench ledger",
        description="Measure how many reservations and settlements the ledger takes, by how many "
        "clients at once, all of one user or each of another (docs/performance.md).",
    )
    parser.add_argument("--quick", action="store_true", help="fewer pairs: about half a minute")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in a file")
    parser.add_argument("--port", type=int, default=PORT, help="default: %(default)s")
    return parser


def measure(runtime: LocalRuntime, *, port: int = PORT, pairs: int = PAIRS) -> list[Block]:
    """Every block, one after the other, on a database of its own; SystemExit when books differ."""
    folder = (project.CACHE / "bench-ledger").resolve()
    with ledger_worker(runtime, folder=folder, port=port):
        return asyncio.run(_blocks(port, pairs))


async def _blocks(port: int, pairs: int) -> list[Block]:
    with step("warm-up"):
        await _block(port, 1, one_user=True, pairs=WARM_UP_PAIRS, name="warm")
    blocks = []
    for clients in CLIENTS:
        for one_user in (True, False)[: 1 if clients == 1 else 2]:
            name = f"{clients}-{'one' if one_user else 'many'}"
            with step(name.replace("-", " clients, users: ")):
                blocks.append(
                    await _block(port, clients, one_user=one_user, pairs=pairs, name=name)
                )
    wrong = await _ask(await HttpClient.open(port), "/audit")
    if wrong:
        raise SystemExit(f"the books are wrong: {', '.join(wrong)}")
    return blocks


async def _block(port: int, clients: int, *, one_user: bool, pairs: int, name: str) -> Block:
    connections = [await HttpClient.open(port) for _ in range(clients)]
    users = [f"usr_{name}" if one_user else f"usr_{name}_{at}" for at in range(clients)]
    for user in dict.fromkeys(users):
        await _ask(connections[0], f"/grant?user={user}")
    each = max(1, pairs // clients)
    began = time.perf_counter()
    lists = await asyncio.gather(
        *(
            _ask(client, f"/pairs?user={user}&tag={at}&count={each}")
            for at, (client, user) in enumerate(zip(connections, users, strict=True))
        )
    )
    wall = time.perf_counter() - began
    for client in connections:
        client.close()
    reserved, settled = _columns([pair for one in lists for pair in one])
    return Block(
        clients=clients,
        one_user=one_user,
        pairs_per_second=each * clients / wall,
        reserve_p50_ms=percentile(reserved, 50),
        reserve_p95_ms=percentile(reserved, 95),
        settle_p50_ms=percentile(settled, 50),
        settle_p95_ms=percentile(settled, 95),
    )


async def _ask(client: HttpClient, path: str) -> Any:
    answer = await client.request("GET", path)
    if answer.status != 200:
        raise SystemExit(f"{path}: status {answer.status}: {answer.body[:500].decode()}")
    return json.loads(answer.body)


def _columns(pairs: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def ledger_table(blocks: Sequence[Block]) -> str:
    """Pairs a second, and p50 / p95 in milliseconds of each half."""
    rows = [
        [
            block.name,
            f"{block.pairs_per_second:.0f}",
            f"{block.reserve_p50_ms:.1f} / {block.reserve_p95_ms:.1f}",
            f"{block.settle_p50_ms:.1f} / {block.settle_p95_ms:.1f}",
        ]
        for block in blocks
    ]
    head = ["ledger (p50 / p95, ms)", "pairs a second", "reserve", "settle"]
    return table(head, rows)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupFailure as failure:
        sys.exit(f"littoral: {failure}")
