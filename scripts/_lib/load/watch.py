"""Owns looking at the server's memory while a load goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from _lib.load.flatness import Sample, Verdict, judge
from _lib.load.processes import Server, memory_of
from _lib.load.tally import Tally

MOST_LOOKS = 240
LEAST_PAUSE_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Look:
    """Memory by kind of process, and what was done until then."""

    at: float
    megabytes: dict[str, float]
    processes: int
    done: int
    failed: int


async def watch(server: Server, tally: Tally, looks: list[Look], seconds: float) -> None:
    """Adds to `looks` until it is cancelled; about ``MOST_LOOKS`` in `seconds`."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    pause = max(LEAST_PAUSE_SECONDS, seconds / MOST_LOOKS)
    while True:
        found = memory_of(server)
        looks.append(
            Look(
                at=loop.time() - begun,
                megabytes=found.megabytes,
                processes=found.processes,
                done=tally.done,
                failed=tally.failed,
            )
        )
        await asyncio.sleep(pause)


def verdict_on(looks: Sequence[Look], seconds: float) -> Verdict:
    """Whether workerd's memory is flat. What is seen after the drive's time is not looked at."""
    kept = [look for look in looks if look.at <= seconds]
    return judge([Sample(at=each.at, megabytes=each.megabytes.get("workerd", 0)) for each in kept])
