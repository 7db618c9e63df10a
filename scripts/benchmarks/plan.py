"""Owns how much is measured: the quick run and the full one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Counts of one run.

    `turns_each` gives the turns of one client in one block, by the number of clients. Every block
    is repeated `rounds` times, the contestants taking turns.
    """

    rounds: int
    warm_up_turns: int
    turns_each: dict[int, int]
    boots: int
    samples: int
    long_history: int
    history_turns: int
    wake_sessions: int
    wake_messages: int
    idle_seconds: float
    memory_sessions: tuple[int, ...]


FULL = Plan(
    rounds=5,
    warm_up_turns=2_000,
    turns_each={1: 60, 8: 10, 32: 3},
    boots=3,
    samples=40,
    long_history=5_000,
    history_turns=40,
    wake_sessions=4,
    wake_messages=1_000,
    idle_seconds=13.0,
    memory_sessions=(1, 100, 1_000),
)

QUICK = Plan(
    rounds=2,
    warm_up_turns=600,
    turns_each={1: 30, 8: 5, 32: 2},
    boots=1,
    samples=15,
    long_history=1_000,
    history_turns=15,
    wake_sessions=2,
    wake_messages=100,
    idle_seconds=12.0,
    memory_sessions=(1, 50),
)
