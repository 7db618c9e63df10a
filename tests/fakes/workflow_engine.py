"""A workflow engine in memory: keeps what named steps answered, and may be killed at any await.

After a kill its instances lie still until news wakes them, as those of the local engine do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from littoral.errors import DependencyUnavailable
from littoral.orchestrator.motor import drive, open_session
from tests.fakes.clock import ManualClock

AskStage = Callable[[Mapping[str, Any], str], Awaitable[dict[str, Any]]]
MOST_TRIES = 6


class Killed(BaseException):
    """Everything in memory is gone."""


class Fuse:
    """Burns down with every point that is passed; at its end ``on_end`` is called, once."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.passed = 0
        self.on_end: Callable[[], None] = lambda: None

    async def point(self) -> None:
        """A moment between two things that happen in the world."""
        await asyncio.sleep(0)
        self.passed += 1
        if self.left is None:
            return
        self.left -= 1
        if self.left == 0:
            self.left = None
            self.on_end()
            raise Killed


class _Instance:
    """What is durable of one instance, and the task that runs it, if one does."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.params = params
        self.results: dict[str, dict[str, Any]] = {}
        self.heard: set[str] = set()
        self.news = 0
        self.changed = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self.state = "running"


class FakeWorkflows:
    """``Workflows``, and the engine behind it."""

    def __init__(self, clock: ManualClock, fuse: Fuse, ask: AskStage) -> None:
        self.instances: dict[str, _Instance] = {}
        self.deaf = False
        """While true, instances begin and never ask anything."""
        self.undeletable = False
        self.deletions: list[list[str]] = []
        self._clock = clock
        self._fuse = fuse
        self._ask = ask

    async def create(self, kind: str, instance_id: str, subject: Mapping[str, Any]) -> None:
        await self._fuse.point()
        if instance_id not in self.instances:
            self.instances[instance_id] = _Instance({**subject, "kind": kind})
            self._wake(self.instances[instance_id])
        await self._fuse.point()

    async def tell(self, kind: str, instance_id: str) -> None:
        await self._fuse.point()
        instance = self.instances.get(instance_id)
        if instance is None or instance.state != "running":
            raise DependencyUnavailable("There is no such instance.")
        instance.news += 1
        instance.changed.set()
        self._wake(instance)

    async def delete(self, kind: str, instance_ids: Sequence[str]) -> None:
        await self._fuse.point()
        if self.undeletable:
            raise DependencyUnavailable("The engine deletes nothing.")
        for instance_id in instance_ids:
            instance = self.instances.pop(instance_id, None)
            if instance is not None and instance.task is not None:
                instance.task.cancel()
        self.deletions.append(list(instance_ids))
        await self._fuse.point()

    def tick(self) -> None:
        """The clock was moved."""
        for instance in self.instances.values():
            instance.changed.set()

    def kill(self) -> None:
        for instance in self.instances.values():
            if instance.task is not None:
                instance.task.cancel()
                instance.task = None

    async def settle(self) -> None:
        """Ends what runs, so that a test leaves nothing behind."""
        tasks = [each.task for each in self.instances.values() if each.task is not None]
        self.kill()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _wake(self, instance: _Instance) -> None:
        if instance.task is None and not self.deaf:
            instance.task = asyncio.get_running_loop().create_task(self._run(instance))

    async def _run(self, instance: _Instance) -> None:
        engine = _Engine(instance, self._clock, self._fuse)
        work = open_session if instance.params["kind"] == "session" else drive
        try:
            await work(engine, lambda stage: self._ask(instance.params, stage))
            instance.state = "complete"
        except Killed:
            pass
        except Exception:  # noqa: BLE001 - as the engine does: the instance has failed
            instance.state = "errored"


class _Engine:
    """What one instance may do."""

    def __init__(self, instance: _Instance, clock: ManualClock, fuse: Fuse) -> None:
        self._instance = instance
        self._clock = clock
        self._fuse = fuse

    async def do(self, name: str, work: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        await self._fuse.point()
        if name not in self._instance.results:
            result = await self._tried(work)
            await self._fuse.point()
            self._instance.results[name] = result
        return self._instance.results[name]

    async def _tried(self, work: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        for _ in range(MOST_TRIES - 1):
            try:
                return await work()
            except Exception:  # noqa: BLE001 - as the engine does
                await self._fuse.point()
        return await work()

    async def wait_for_news(self, name: str, seconds: int) -> None:
        await self._fuse.point()
        if name in self._instance.heard:
            return
        deadline = self._clock.now_ms() + seconds * 1000
        while not self._instance.news and self._clock.now_ms() < deadline:
            self._instance.changed.clear()
            await self._instance.changed.wait()
        if self._instance.news:
            self._instance.news -= 1
            self._instance.heard.add(name)
        await self._fuse.point()


class StillWorkflows:
    """Takes instances and news; nothing ever comes of them."""

    async def create(self, kind: str, instance_id: str, subject: Mapping[str, Any]) -> None:
        """Nothing happens."""

    async def tell(self, kind: str, instance_id: str) -> None:
        """Nothing happens."""

    async def delete(self, kind: str, instance_ids: Sequence[str]) -> None:
        """Nothing happens."""
