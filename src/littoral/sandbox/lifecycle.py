"""Starting, finding and ending the container of a sandbox, with retries and deadlines.

A sandbox sleeps when nothing has run in it for ``idle_seconds`` and never while a process or a
terminal is there, or while a run holds it; its files go with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from littoral.clock import Clock
from littoral.errors import DependencyUnavailable, LittoralError
from littoral.sandbox.box import Box, BoxSilent
from littoral.sandbox.daemon import Daemon
from littoral.sandbox.holds import Holds
from littoral.sandbox.records import Records

START_ATTEMPTS = 3
READY_SECONDS = 30.0
"""How long a container that was started may take until its daemon answers."""
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0
HEALTH_SECONDS = 5.0


class Lifecycle:
    """One sandbox. Calls may come at the same time: they share one start."""

    def __init__(
        self, box: Box, daemon: Daemon, records: Records, clock: Clock, *, idle_seconds: int
    ) -> None:
        self._box = box
        self._daemon = daemon
        self._records = records
        self._clock = clock
        self.holds = Holds(records, clock)
        self._idle_seconds = idle_seconds
        self._starting = asyncio.Lock()
        self._boot: str | None = None

    @property
    def network(self) -> list[str]:
        """Hosts that the sandbox may reach."""
        return list(self._records.fact("network") or [])

    @property
    def was_begun(self) -> bool:
        """Whether somebody ever asked for it."""
        return self._records.fact("network") is not None

    @property
    def state(self) -> str:
        """``running``, ``asleep`` (it was idle), ``stopped`` (it was told to) or ``new``."""
        if self._box.running:
            return "running"
        return str(self._records.fact("rest") or "new")

    async def ensure(self, network: Sequence[str] | None = None) -> str:
        """Runs when this returns; gives the daemon's boot id. DependencyUnavailable otherwise."""
        if network is not None:
            self._records.remember("network", list(network))
        if self._box.running and self._boot is not None:
            return self._boot
        async with self._starting:
            for attempt in range(1, START_ATTEMPTS + 1):
                try:
                    self._boot = await self._start()
                    return self._boot
                except (BoxSilent, LittoralError):
                    await self._box.destroy()
                    if attempt == START_ATTEMPTS:
                        raise
        raise DependencyUnavailable("The sandbox cannot be started.")

    async def is_still(self, boot: str) -> bool:
        """Whether the daemon that answers now is of that boot. Raises ``BoxSilent``."""
        try:
            return await self.boot() == boot
        except BoxSilent:
            if self._box.running:
                raise
            return False

    async def boot(self) -> str | None:
        """The boot id of the daemon that answers now, ``None`` when the container is gone."""
        if not self._box.running:
            self._boot = None
            return None
        self._boot = str((await self._daemon.health(HEALTH_SECONDS))["boot"])
        return self._boot

    async def stop(self, rest: str = "stopped") -> None:
        """Ends the container with everything in it, and with it what held it. Repeatable."""
        self._boot = None
        self.holds.free_all()
        self._records.remember("rest", rest)
        await self._box.destroy()

    def touch(self) -> None:
        """Something was asked of the sandbox: it is not idle."""
        self._records.remember("used_at_ms", self._clock.now_ms())

    async def rest_if_idle(self) -> bool:
        """Puts an idle container to sleep; true when it does not run any more."""
        if not self._box.running:
            return True
        if self.holds.any:
            return False
        health = await self._daemon.health(HEALTH_SECONDS)
        if health["processes"] or health["running"]:
            self.touch()
            return False
        used = int(self._records.fact("used_at_ms") or 0)
        if self._clock.now_ms() - used < self._idle_seconds * 1000:
            return False
        await self.stop("asleep")
        return True

    async def _start(self) -> str:
        if not self._box.running:
            self._box.start(self.network)
        self.touch()
        health = await self._ready()
        self._records.remember("isolation", health.get("isolation", ""))
        self._records.remember("engine", health.get("engine", "container"))
        return str(health["boot"])

    async def _ready(self) -> dict[str, Any]:
        pause = FIRST_PAUSE_SECONDS
        give_up_at_ms = self._clock.now_ms() + int(READY_SECONDS * 1000)
        while True:
            try:
                return await self._daemon.health(HEALTH_SECONDS)
            except BoxSilent:
                if self._clock.now_ms() >= give_up_at_ms:
                    raise DependencyUnavailable(
                        f"The sandbox did not answer within {READY_SECONDS:.0f} s of its start."
                    ) from None
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
