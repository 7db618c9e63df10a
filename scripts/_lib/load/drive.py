"""Owns the drive: clients that take turns on the surfaces by the mix until the time is over."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Mapping

from _lib.load.client import Client
from _lib.load.options import Options
from _lib.load.surfaces import Surface
from _lib.load.tally import Tally

DRAIN_SECONDS = 330.0
"""What has begun is waited for, so that nothing is counted as lost that was only late."""


class Drive:
    """One load. `mix` has the surfaces that the server has."""

    def __init__(
        self, client: Client, surfaces: Mapping[str, Surface], mix: Mapping[str, int], seed: int
    ) -> None:
        self.tally = Tally()
        self._client = client
        self._surfaces = surfaces
        self._mix = mix
        self._chance = random.Random(seed)  # noqa: S311 - chooses surfaces, the same in every run
        self._numbers = itertools.count(2)
        self._room = {name: asyncio.Semaphore(each.at_once) for name, each in surfaces.items()}

    async def prepare(self) -> None:
        for name in self._mix:
            await self._surfaces[name].prepare(self._client)

    async def run(self, options: Options) -> float:
        """Drives for `options.seconds`; gives the seconds it took with what was still going on."""
        begun = time.monotonic()
        until = begun + options.seconds
        tasks = [asyncio.create_task(self._client_of(until)) for _ in range(options.clients)]
        done, late = await asyncio.wait(tasks, timeout=options.seconds + DRAIN_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()
        for _ in late:
            self.tally.surfaces["(drain)"].fail(TimeoutError("a client did not come back"))
        return time.monotonic() - begun

    async def finish(self) -> None:
        """Last proofs and cleaning up; what fails here is an error of its surface."""
        for name in self._mix:
            try:
                await self._surfaces[name].finish(self._client)
            except Exception as error:  # counted, as every other failure
                self.tally.surfaces[name].fail(error)

    async def _client_of(self, until: float) -> None:
        while time.monotonic() < until:
            name = self._choose()
            async with self._room[name]:
                await self._operate(name)

    def _choose(self) -> str:
        """By the mix, among the surfaces that have room; by the mix alone when none has."""
        free = [name for name in self._mix if not self._room[name].locked()] or list(self._mix)
        return self._chance.choices(free, [self._mix[name] for name in free])[0]

    async def _operate(self, name: str) -> None:
        tally = self.tally.surfaces[name]
        begun = time.monotonic()
        try:
            await self._surfaces[name].once(self._client, next(self._numbers))
        except Exception as error:  # whatever goes wrong is counted
            tally.fail(error)
        else:
            tally.seconds.append(time.monotonic() - begun)
