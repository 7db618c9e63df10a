"""The race itself: what is measured of each contestant, phase by phase, the contestants in turns.

Each phase gives plain values by contestant; what is printed of them is `report.py`'s business.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.contestants import MESSAGE, Contestant, Session
from benchmarks.http_client import HttpClient
from benchmarks.load import (
    Block,
    begin_sessions,
    http_turns,
    run_block,
    socket_turns,
)
from benchmarks.plan import Plan
from benchmarks.samples import median, percentile
from benchmarks.socket_client import SocketClient
from benchmarks.worker_process import WorkerProcess

Servers = Mapping[Contestant, WorkerProcess]
Values = dict[str, Any]


async def latencies(servers: Servers, plan: Plan) -> Values:
    """Turns by HTTP and by socket, 1 to many clients, in sessions of their own or all in one."""
    cells = [
        (how, clients, shared)
        for how in ("socket", "http")
        for clients in plan.turns_each
        for shared in ((False,) if clients == 1 else (False, True))
    ]
    blocks: dict[tuple[str, str], list[Block]] = {}
    for number in range(plan.rounds):
        for how, clients, shared in cells:
            cell = f"{how}, {clients} client{'s' * (clients > 1)}" + ", one session" * shared
            for contestant, server in servers.items():
                name = f"race-{number}-{how}-{clients}-{shared}"
                block = await _block(
                    contestant, server, name, how, clients, shared, plan.turns_each[clients]
                )
                blocks.setdefault((cell, contestant.name), []).append(block)
    found: Values = {}
    for (cell, name), several in blocks.items():
        found.setdefault(cell, {})[name] = _summary(several)
    return found


async def _block(
    contestant: Contestant,
    server: WorkerProcess,
    name: str,
    how: str,
    clients: int,
    shared: bool,
    each: int,
) -> Block:
    sessions = await begin_sessions(contestant, server.port, name, 1 if shared else clients)
    sessions = sessions * clients if shared else sessions
    make = http_turns if how == "http" else socket_turns
    turns, connections = await make(server.port, sessions)
    await run_block(server, turns, 1)
    block = await run_block(server, turns, each)
    for connection in connections:
        connection.close()
    return block


def _summary(blocks: Sequence[Block]) -> Values:
    pooled = [latency for block in blocks for latency in block.latencies_ms]
    return {
        "p50_ms": median([median(block.latencies_ms) for block in blocks]),
        "p95_ms": percentile(pooled, 95),
        "cpu_ms_per_turn": median([b.cpu_ms / len(b.latencies_ms) for b in blocks]),
        "turns_per_second": median([len(b.latencies_ms) / b.wall_seconds for b in blocks]),
        "turns": len(pooled),
    }


async def warm_up(servers: Servers, plan: Plan) -> None:
    """Lets the compilers of JavaScript and WebAssembly do their work before anything counts."""
    for contestant, server in servers.items():
        sessions = await begin_sessions(contestant, server.port, "warm", 4)
        for make in (http_turns, socket_turns):
            turns, connections = await make(server.port, sessions)
            await run_block(server, turns, plan.warm_up_turns // 8)
            for connection in connections:
                connection.close()


async def first_moments(servers: Servers, plan: Plan) -> Values:
    """A new object's first turn, a socket's opening, a query of the state; in milliseconds."""
    taken: dict[str, dict[str, list[float]]] = {}
    for contestant, server in servers.items():
        client = await HttpClient.open(server.port)
        lists = taken.setdefault(contestant.name, {"creation": [], "connect": [], "state": []})
        for number in range(plan.samples):
            name = f"first-{number}"
            lists["creation"].append(await _timed(contestant.first_turn(client, name)))
            session = await contestant.begin(client, f"{name}-again")
            opening = SocketClient.open(server.port, session.socket_path, session.headers)
            began = time.perf_counter()
            (await opening).close()
            lists["connect"].append((time.perf_counter() - began) * 1000)
            lists["state"].append(await _timed(_state(client, session)))
        client.close()
    return {
        name: {what: _spread(values) for what, values in lists.items()}
        for name, lists in taken.items()
    }


async def _state(client: HttpClient, session: Session) -> None:
    answer = await client.request("GET", session.state_path, headers=session.headers)
    if answer.status != 200:
        raise ConnectionError(f"{session.state_path}: {answer.head!r}")


async def _timed(work: Any) -> float:
    began = time.perf_counter()
    await work
    return (time.perf_counter() - began) * 1000


def _spread(values: Sequence[float]) -> Values:
    return {"p50_ms": median(values), "p95_ms": percentile(values, 95)}


async def growth(servers: Servers, plan: Plan) -> Values:
    """A socket turn in a session of 10 messages, and in one of many."""
    found: Values = {}
    for contestant, server in servers.items():
        for messages in (10, plan.long_history):
            async with _history(contestant, server, f"long-{messages}", messages) as session:
                turns, connections = await socket_turns(server.port, [session])
                await run_block(server, turns, 3)
                block = await run_block(server, turns, plan.history_turns)
                connections[0].close()
            found.setdefault(contestant.name, {})[str(messages)] = {
                "p50_ms": median(block.latencies_ms),
                "cpu_ms_per_turn": block.cpu_ms / len(block.latencies_ms),
            }
    return found


@asynccontextmanager
async def _history(
    contestant: Contestant, server: WorkerProcess, name: str, messages: int
) -> AsyncIterator[Session]:
    """A session with so many messages in it."""
    client = await HttpClient.open(server.port)
    session = await contestant.begin(client, name)
    if not await contestant.seed(client, session, messages):
        socket = await SocketClient.open(server.port, session.socket_path, session.headers)
        for _ in range(messages // 2 - 1):
            await socket.turn(MESSAGE)
        socket.close()
    client.close()
    yield session


async def wakes(servers: Servers, plan: Plan) -> Values:
    """The first turn after an object lost its memory (workerd evicts it when it was idle)."""
    sessions: dict[Contestant, list[Session]] = {}
    for contestant, server in servers.items():
        for number in range(plan.wake_sessions):
            name = f"wake-{number}"
            async with _history(contestant, server, name, plan.wake_messages) as session:
                sessions.setdefault(contestant, []).append(session)
    await asyncio.sleep(plan.idle_seconds)
    found: Values = {}
    for contestant, server in servers.items():
        client = await HttpClient.open(server.port)
        woken, awake = [], []
        for session in sessions[contestant]:
            woken.append(await _timed(session.turn(client)))
            awake.append(await _timed(session.turn(client)))
        client.close()
        found[contestant.name] = {"wake_ms": median(woken), "next_turn_ms": median(awake)}
    return found


async def memory(server: WorkerProcess, contestant: Contestant, plan: Plan) -> Values:
    """Resident memory of a fresh process after one turn in each of so many sessions."""
    found: Values = {"0": server.memory_mib()}
    begun = 0
    for wanted in plan.memory_sessions:
        await begin_sessions(contestant, server.port, f"memory-{wanted}", wanted - begun)
        begun = wanted
        found[str(wanted)] = server.memory_mib()
    return found


async def rows(server: WorkerProcess, contestant: Contestant, turns: int = 10) -> Values:
    """Rows written per plain turn, of a process that counts them."""
    client = await HttpClient.open(server.port)
    session = await contestant.begin(client, "counted")
    socket = await SocketClient.open(server.port, session.socket_path, session.headers)
    found: Values = {}
    for how, turn in (
        ("socket", lambda: socket.turn(MESSAGE)),
        ("http", lambda: session.turn(client)),
    ):
        await turn()
        before = await contestant.rows_written(client)
        for _ in range(turns):
            await turn()
        found[how] = (await contestant.rows_written(client) - before) / turns
    socket.close()
    client.close()
    return found
