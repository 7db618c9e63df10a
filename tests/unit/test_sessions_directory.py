"""The list of a user's sessions: news are read when somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from littoral.clock import iso
from littoral.errors import Conflict, DependencyUnavailable, InvalidInput, NotFound
from littoral.sessions.directory import DIRECTORY_SCHEMAS, Directory
from littoral.store.migrations import migrate
from tests.fakes.clock import ManualClock
from tests.fakes.sqlite import Sqlite


class Agents:
    """Sessions as their agents know them: what was said, by turn."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.said: dict[str, list[str]] = {}
        self.titles: dict[str, str] = {}
        self.changed_after: dict[str, int] = {}
        self.unreachable: set[str] = set()
        self.hanging: set[str] = set()
        self.answering: set[str] = set()
        self.pulls: list[tuple[str, int]] = []

    async def pull(self, session_id: str, after: int, limit: int) -> dict[str, Any]:
        self.pulls.append((session_id, after))
        if session_id in self.unreachable:
            raise DependencyUnavailable("no answer")
        if session_id in self.hanging:
            await asyncio.get_running_loop().create_future()
        if session_id not in self.said:
            raise NotFound("gone")
        texts = self.said[session_id]
        after = min(after, self.changed_after.pop(session_id, after), len(texts))
        settled = len(texts) - (session_id in self.answering)
        last = max(after, min(after + limit, settled))
        at = iso(self._clock.now_ms())
        return {
            "sessionId": session_id,
            "title": self.titles.get(session_id, ""),
            "createdAt": at,
            "updatedAt": at,
            "messageCount": len(texts),
            "openTaskCount": 1,
            "preview": texts[-1] if texts else "",
            "after": after,
            "last": last,
            "complete": last == len(texts),
            "messages": [
                {
                    "turn": turn,
                    "messageId": f"msg_{turn}",
                    "role": "user",
                    "text": texts[turn - 1],
                    "at": at,
                }
                for turn in range(after + 1, last + 1)
            ],
        }


class World:
    def __init__(self) -> None:
        self.sql = Sqlite()
        migrate(self.sql, DIRECTORY_SCHEMAS)
        self.clock = ManualClock()
        self.agents = Agents(self.clock)
        self.directory = Directory(self.sql, self.clock, self.agents.pull, most_sessions=30)

    def says(self, session_id: str, *texts: str) -> None:
        self.agents.said.setdefault(session_id, []).extend(texts)
        self.directory.report(session_id)

    async def titles(self) -> list[str]:
        return [each["title"] for each in (await self.directory.page(None, 50))["sessions"]]

    async def found(self, words: str) -> list[str]:
        results = (await self.directory.search(words, 50))["results"]
        return [each["messageId"] or "title" for each in results]


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.sql.close()


async def test_what_was_just_said_is_found(world):
    world.says("ses_1", "buy milk")

    assert await world.found("milk") == ["msg_1"]


async def test_a_session_without_news_is_not_read_again(world):
    world.says("ses_1", "buy milk")
    await world.found("milk")
    await world.found("milk")
    await world.titles()

    assert world.agents.pulls == [("ses_1", 0)]


async def test_only_new_turns_are_read(world):
    world.says("ses_1", "one", "two")
    await world.titles()
    world.says("ses_1", "three")

    assert await world.found("three") == ["msg_3"]
    assert world.agents.pulls == [("ses_1", 0), ("ses_1", 2)]


async def test_a_long_session_is_read_in_pages(world):
    world.says("ses_1", *(f"word{number}" for number in range(250)))

    assert await world.found("word249") == ["msg_250"]
    assert world.agents.pulls == [("ses_1", 0), ("ses_1", 100), ("ses_1", 200)]


async def test_a_very_long_session_is_read_over_several_askings(world):
    world.says("ses_1", *(f"word{number}" for number in range(2_150)))

    assert await world.found("word2149") == []
    assert await world.found("word2149") == ["msg_2150"]


async def test_an_answer_that_is_still_given_is_read_again(world):
    world.agents.answering.add("ses_1")
    world.says("ses_1", "question")
    first = await world.found("question")
    world.agents.answering.clear()

    assert first == []
    assert await world.found("question") == ["msg_1"]


async def test_turns_that_changed_replace_what_was_known(world):
    world.says("ses_1", "one", "two", "three")
    await world.titles()
    world.agents.said["ses_1"] = ["one", "other"]
    world.agents.changed_after["ses_1"] = 1
    world.directory.report("ses_1")

    assert await world.found("other") == ["msg_2"]
    assert await world.found("two") == []
    assert await world.found("three") == []
    assert await world.found("one") == ["msg_1"]


async def test_a_session_that_is_gone_leaves_list_and_index(world):
    world.says("ses_1", "buy milk")
    await world.titles()
    del world.agents.said["ses_1"]
    world.directory.report("ses_1")

    assert await world.titles() == []
    assert await world.found("milk") == []


async def test_deletion_leaves_nothing_behind(world):
    world.says("ses_1", "buy milk")
    world.says("ses_2", "more milk")
    await world.titles()

    world.directory.remove("ses_1")
    world.directory.remove("ses_1")

    assert len((await world.directory.search("milk", 10))["results"]) == 1
    for table in ("sessions", "messages", "words"):
        assert world.sql.value(f"SELECT count(*) FROM {table}") == 1


async def test_a_session_out_of_reach_is_shown_as_it_was_and_read_later(world, caplog):
    world.says("ses_1", "old")
    await world.titles()
    world.says("ses_1", "new")
    world.agents.unreachable.add("ses_1")
    during = await world.found("new")
    world.agents.unreachable.clear()

    assert during == []
    assert await world.found("old") == ["msg_1"]
    assert await world.found("new") == ["msg_2"]
    assert "ses_1 could not be read" in caplog.text


async def test_a_session_that_hangs_does_not_hide_the_others(world):
    directory = Directory(
        world.sql, world.clock, world.agents.pull, most_sessions=30, deadline_seconds=0.01
    )
    world.says("ses_1", "stuck milk")
    world.says("ses_2", "good milk")
    world.agents.hanging.add("ses_1")

    results = (await directory.search("milk", 10))["results"]

    assert [each["sessionId"] for each in results] == ["ses_2"]


async def test_news_during_a_reading_are_read_the_next_time(world):
    reached, go_on = asyncio.Event(), asyncio.Event()
    pull = world.agents.pull

    async def slow(session_id: str, after: int, limit: int) -> dict[str, Any]:
        page = await pull(session_id, after, limit)
        reached.set()
        await go_on.wait()
        return page

    directory = Directory(world.sql, world.clock, slow, most_sessions=30)
    world.says("ses_1", "one")
    reading = asyncio.ensure_future(directory.page(None, 10))
    await reached.wait()
    world.says("ses_1", "two")
    go_on.set()
    await reading

    assert [each["messageId"] for each in (await directory.search("two", 5))["results"]] == [
        "msg_2"
    ]


async def test_a_session_removed_during_a_reading_stays_removed(world):
    reached, go_on = asyncio.Event(), asyncio.Event()
    pull = world.agents.pull

    async def slow(session_id: str, after: int, limit: int) -> dict[str, Any]:
        reached.set()
        await go_on.wait()
        return await pull(session_id, after, limit)

    directory = Directory(world.sql, world.clock, slow, most_sessions=30)
    world.says("ses_1", "secret")
    reading = asyncio.ensure_future(directory.search("secret", 10))
    await reached.wait()
    directory.remove("ses_1")
    go_on.set()

    assert await reading == {"results": []}
    assert world.sql.value("SELECT count(*) FROM words") == 0


async def test_at_most_twenty_sessions_are_read_at_once_the_newest_first(world):
    for number in range(25):
        world.clock.advance(seconds=1)
        world.says(f"ses_{number}", "milk")

    first = len((await world.directory.search("milk", 50))["results"])
    read = {session_id for session_id, _ in world.agents.pulls}
    second = len((await world.directory.search("milk", 50))["results"])

    assert (first, second) == (20, 25)
    assert read == {f"ses_{number}" for number in range(5, 25)}


async def test_titles_are_listed_and_found(world):
    world.directory.register("ses_1", "Trip to Oslo")
    world.directory.rename("ses_2", "Kitchen")
    world.directory.rename("ses_2", "Garden")

    assert set(await world.titles()) == {"Trip to Oslo", "Garden"}
    assert await world.found("oslo") == ["title"]
    assert await world.found("kitchen") == []
    assert await world.found("garden") == ["title"]


def test_registering_again_changes_nothing(world):
    first = world.directory.register("ses_1", "Trip")
    world.clock.advance(seconds=9)

    assert world.directory.register("ses_1", "Other") == first


def test_a_full_list_takes_no_more_but_keeps_what_it_has(world):
    for number in range(30):
        world.directory.register(f"ses_{number}")

    with pytest.raises(Conflict):
        world.directory.register("ses_new")
    assert world.directory.register("ses_1")["id"] == "ses_1"


async def test_a_session_that_exists_is_listed_even_when_the_list_is_full(world):
    for number in range(30):
        world.directory.register(f"ses_{number}")
    world.says("ses_new", "hello")

    assert "ses_new" in [each["id"] for each in (await world.directory.page(None, 50))["sessions"]]


async def test_pages_follow_each_other_without_gaps(world):
    for number in range(7):
        world.directory.register(f"ses_{number}", str(number))

    seen: list[str] = []
    cursor = None
    while True:
        page = await world.directory.page(cursor, 3)
        seen += [each["title"] for each in page["sessions"]]
        cursor = page["cursor"]
        if cursor is None:
            break

    assert seen == [str(number) for number in reversed(range(7))]


@pytest.mark.parametrize("cursor", ["", "x", "1", "1.", ".a", "1.a/b", "99999999999999999.a"])
async def test_a_cursor_of_other_making_is_refused(world, cursor):
    with pytest.raises(InvalidInput):
        await world.directory.page(cursor, 3)
