"""A sandbox's object around a container that dies: what it refuses, keeps awake and lets sleep."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from littoral.errors import DependencyUnavailable, NotFound
from littoral.sandbox.holds import HOLD_SECONDS
from littoral.sandbox.records import SANDBOX_SCHEMA
from littoral.sandbox.service import SandboxService
from littoral.store.migrations import migrate
from tests.fakes.box import FakeBox
from tests.fakes.clock import ManualClock
from tests.fakes.sqlite import Sqlite

IDLE_SECONDS = 60


class Objects:
    """An object store in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.on_put = lambda: None

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        self.kept[key] = content
        self.on_put()


class World:
    """One sandbox; ``again`` is another life of its object on the same rows."""

    def __init__(self) -> None:
        self.box = FakeBox()
        self.clock = ManualClock()
        self.sql = Sqlite()
        self.store = Objects()
        self._works: list[Callable[[], Awaitable[Any]]] = []
        migrate(self.sql, (SANDBOX_SCHEMA,))
        self.again()

    def again(self) -> None:
        self.service = SandboxService(
            owner="own",
            sandbox_id="box",
            box=self.box,
            sql=self.sql,
            clock=self.clock,
            store=self.store,
            tell=self._tell,
            spawn=self._works.append,
            wake_at=lambda _at_ms: None,
            idle_seconds=IDLE_SECONDS,
        )

    async def _tell(self, _method: str, _args: dict[str, Any]) -> None:
        """Nobody listens."""

    async def call(self, method: str, **args: Any) -> Any:
        return await self.service.answer(method, args)

    async def begin(self, exec_id: str, **args: Any) -> dict[str, Any]:
        found: dict[str, Any] = await self.call(
            "exec.start", execId=exec_id, command="true", **args
        )
        return found

    async def rest(self, seconds: float = IDLE_SECONDS + 1) -> str:
        """Lets time pass, takes the ends of commands and rings the alarm; the state then."""
        while self._works:
            await self._works.pop()()
        self.clock.advance(seconds=seconds)
        await self.service.on_alarm()
        return str((await self.call("sandbox.describe"))["state"])


@pytest.fixture
def world() -> World:
    return World()


async def test_a_start_names_the_container_and_so_does_every_command(world: World) -> None:
    told = await world.call("sandbox.start", network=[])
    begun = await world.begin("e1", boot=told["boot"])

    assert (told["boot"], begun["boot"]) == (world.box.boot, world.box.boot)
    assert world.box.started == ["e1"]


@pytest.mark.parametrize("reopened", [False, True], ids=["gone", "another runs"])
@pytest.mark.parametrize("forgotten", [False, True], ids=["same object", "another life"])
async def test_a_command_that_needs_a_lost_containers_files_is_not_started(
    world: World, reopened: bool, forgotten: bool
) -> None:
    boot = (await world.call("sandbox.start", network=[]))["boot"]
    world.box.lose()
    if forgotten:
        world.again()
    if reopened:
        world.box.start([])

    for _ in range(2):
        assert await world.begin("e1", boot=boot) == {"execId": "e1", "state": "replaced"}
    assert world.box.started == []
    assert world.box.boots == 1 + reopened
    with pytest.raises(NotFound):
        await world.call("exec.describe", execId="e1")


async def test_a_command_that_is_known_is_told_as_it_is_whatever_was_lost(world: World) -> None:
    boot = (await world.call("sandbox.start", network=[]))["boot"]
    await world.begin("e1", boot=boot)
    world.box.lose()

    assert (await world.begin("e1", boot=boot))["state"] == "unknown"
    assert world.box.started == ["e1"]


async def test_a_container_that_is_silent_is_asked_again_and_not_given_up(world: World) -> None:
    boot = (await world.call("sandbox.start", network=[]))["boot"]
    world.box.silent = True
    with pytest.raises(DependencyUnavailable):
        await world.begin("e1", boot=boot)

    world.box.silent = False
    assert (await world.begin("e1", boot=boot))["state"] == "running"


async def test_artifacts_of_a_lost_container_are_refused_and_not_taken_from_another(
    world: World,
) -> None:
    boot = (await world.call("sandbox.start", network=[]))["boot"]
    world.box.files["a"] = b"1"
    kept = await world.call("artifacts.collect", runId="run", boot=boot)
    assert [one["path"] for one in kept] == ["a"]

    def replaced() -> None:
        world.box.lose()
        world.box.start([])

    world.store.on_put = replaced
    for _ in range(2):
        with pytest.raises(NotFound):
            await world.call("artifacts.collect", runId="run", boot=boot)


async def test_who_holds_it_keeps_it_awake_through_restarts_until_they_let_go(
    world: World,
) -> None:
    await world.call("sandbox.start", network=[], hold="run_1")
    await world.call("sandbox.start", network=[], hold="run_2")
    assert await world.rest() == "running"

    world.again()
    assert await world.rest() == "running"
    for _ in range(2):
        await world.call("sandbox.release", hold="run_1")
    assert await world.rest() == "running"

    await world.call("sandbox.release", hold="run_2")
    assert await world.rest(seconds=1) == "running"
    assert await world.rest() == "asleep"


async def test_a_hold_is_renewed_by_commands_and_does_not_last_for_ever(world: World) -> None:
    boot = (await world.call("sandbox.start", network=[], hold="run"))["boot"]
    world.clock.advance(seconds=HOLD_SECONDS - 10)
    await world.begin("e1", boot=boot, hold="run")
    world.box.end("e1")
    await world.call("exec.describe", execId="e1")

    assert await world.rest(seconds=HOLD_SECONDS - 10) == "running"
    assert await world.rest(seconds=20) == "asleep"


async def test_a_stop_ends_every_hold_and_letting_go_starts_nothing(world: World) -> None:
    await world.call("sandbox.start", network=[], hold="run")
    await world.call("sandbox.stop")
    await world.call("sandbox.release", hold="run")

    assert not world.box.running
    await world.call("sandbox.start", network=[])
    assert await world.rest() == "asleep"
