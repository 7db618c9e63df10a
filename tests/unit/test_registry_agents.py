"""Agents and kept answers in the shared database: bounds, editors at once, the trigger's counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from littoral.errors import Conflict, InvalidInput, NotFound, QueueFull
from littoral.registry import limits
from littoral.registry.agent import Definition
from littoral.registry.agents import Agents, Naming
from littoral.registry.answers import Answer, Answers
from tests.fakes.clock import ManualClock
from tests.fakes.database import FakeDatabase

OWNER, USER = "own_1", "usr_1"
NAMING = Naming(name="A")


class World:
    """One database with agents and kept answers."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.database = FakeDatabase()
        self.agents = Agents(self.database, self.clock)
        self.answers = Answers(self.database)

    async def keep(self, key: str, text: str, *, seconds: int = 60) -> None:
        answer = Answer(output=text, model="m", filtered=(), kept_at_ms=self.clock.now_ms())
        await self.answers.keep(OWNER, key, answer, seconds=seconds)


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.database.close()


async def test_of_two_editors_at_once_one_is_told(world: World) -> None:
    agent = await world.agents.create("agt_1", OWNER, USER, NAMING, Definition(model="offline"))

    edited = await world.agents.edit(agent, NAMING, Definition(model="offline", temperature=0))
    with pytest.raises(Conflict):
        await world.agents.edit(agent, NAMING, Definition(model="offline", temperature=1))

    assert edited.version == 2
    assert [each.version for each in await world.agents.versions(edited)] == [2, 1]
    assert (await world.agents.version(edited, 1)).definition.temperature == 0.7
    with pytest.raises(NotFound):
        await world.agents.version(edited, 3)


async def test_an_owner_has_a_bounded_number_of_agents_and_pages_of_them(world: World) -> None:
    for number in range(limits.MOST_AGENTS):
        world.clock.advance(seconds=number % 2)
        agent_id = f"agt_{number:03}"
        await world.agents.create(agent_id, OWNER, USER, NAMING, Definition(model="offline"))

    with pytest.raises(QueueFull):
        await world.agents.create("agt_x", OWNER, USER, NAMING, Definition(model="offline"))
    await world.agents.create("agt_y", "own_2", USER, NAMING, Definition(model="offline"))

    seen: list[str] = []
    cursor: str | None = None
    while True:
        page, cursor = await world.agents.page(OWNER, archived=False, cursor=cursor, limit=70)
        seen += [each.id for each in page]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == limits.MOST_AGENTS
    with pytest.raises(InvalidInput):
        await world.agents.page(OWNER, archived=False, cursor="x", limit=1)


async def test_kept_answers_age_are_replaced_and_are_one_owners(world: World) -> None:
    await world.keep("1a", "old")
    world.clock.advance(seconds=30)
    await world.keep("1a", "new")
    since = world.clock.now_ms()

    found = await world.answers.find(OWNER, "1a", since_ms=since)
    assert found is not None and (found.output, found.kept_at_ms) == ("new", since)
    assert await world.answers.find(OWNER, "1a", since_ms=since + 1) is None
    assert await world.answers.find("own_2", "1a", since_ms=0) is None


async def test_kept_answers_do_not_grow_without_bound(world: World) -> None:
    await world.keep("1-over", "soon over", seconds=1)
    for number in range(limits.KEPT_ANSWERS + 40):
        world.clock.advance(seconds=1)
        await world.keep(f"{number % 16:x}{number}", "text", seconds=10**6)
    world.clock.advance(seconds=1)
    await world.keep("0-last", "text", seconds=10**6)

    rows = await world.database.rows("SELECT key FROM kept_answers ORDER BY created_at")
    assert len(rows) == limits.KEPT_ANSWERS
    assert rows[-1] == ("0-last",) and ("1-over",) not in rows
