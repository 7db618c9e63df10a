"""Owns closed-loop load: N clients, each sending its next turn when the last one was answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from benchmarks.contestants import MESSAGE, Contestant, Session
from benchmarks.http_client import HttpClient
from benchmarks.socket_client import SocketClient
from benchmarks.worker_process import WorkerProcess

Turn = Callable[[], Awaitable[object]]


@dataclass(frozen=True, kw_only=True)
class Block:
    """What one block of turns took: each turn's milliseconds, the server's CPU, and wall time."""

    latencies_ms: tuple[float, ...]
    cpu_ms: float
    wall_seconds: float


async def http_turns(port: int, sessions: Sequence[Session]) -> tuple[list[Turn], list[HttpClient]]:
    """One HTTP client for each session given (the same session may be given many times)."""
    clients = [await HttpClient.open(port) for _ in sessions]
    return [_http_turn(s, c) for s, c in zip(sessions, clients, strict=True)], clients


async def socket_turns(
    port: int, sessions: Sequence[Session]
) -> tuple[list[Turn], list[SocketClient]]:
    """One socket for each session given (the same session may be given many times)."""
    clients = [await SocketClient.open(port, s.socket_path, s.headers) for s in sessions]
    return [_socket_turn(client) for client in clients], clients


async def run_block(server: WorkerProcess, turns: Sequence[Turn], each: int) -> Block:
    """Every client makes `each` turns, all clients side by side."""
    cpu, began = server.cpu_seconds(), time.perf_counter()
    lists = await asyncio.gather(*(_one_client(turn, each) for turn in turns))
    wall = time.perf_counter() - began
    return Block(
        latencies_ms=tuple(latency for one in lists for latency in one),
        cpu_ms=(server.cpu_seconds() - cpu) * 1000,
        wall_seconds=wall,
    )


async def begin_sessions(contestant: Contestant, port: int, name: str, count: int) -> list[Session]:
    """New sessions, each with a turn in it, made over a few connections."""
    clients = [await HttpClient.open(port) for _ in range(min(count, 4))]

    async def some(first: int, client: HttpClient) -> list[Session]:
        numbers = range(first, count, len(clients))
        return [await contestant.begin(client, f"{name}-{number}") for number in numbers]

    found = await asyncio.gather(*(some(at, client) for at, client in enumerate(clients)))
    for client in clients:
        client.close()
    return [session for sessions in found for session in sessions]


async def _one_client(turn: Turn, count: int) -> list[float]:
    latencies = []
    for _ in range(count):
        began = time.perf_counter()
        await turn()
        latencies.append((time.perf_counter() - began) * 1000)
    return latencies


def _http_turn(session: Session, client: HttpClient) -> Turn:
    return lambda: session.turn(client)


def _socket_turn(client: SocketClient) -> Turn:
    return lambda: client.turn(MESSAGE)
