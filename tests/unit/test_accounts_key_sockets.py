"""Sockets end with the key that opened them, whatever fails on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from littoral.accounts.key import new_key
from littoral.accounts.key_sockets import (
    KEY_SOCKETS_SCHEMA,
    MOST_ROWS,
    REMEMBERED_MS,
    RETRY_MS,
    KeySockets,
    SocketPlace,
)
from littoral.accounts.store import AccountStore, UserRecord, new_key_within, new_user
from littoral.agent.alarm import AlarmClock
from littoral.agent.connection import close_key
from littoral.errors import DependencyUnavailable, NotAuthenticated
from littoral.store.migrations import migrate
from tests.fakes.clock import ManualClock
from tests.fakes.connections import FakeConnections
from tests.fakes.database import FakeDatabase
from tests.fakes.ids import LongIds
from tests.fakes.session_object import SilentAlarm
from tests.fakes.sqlite import Sqlite

USER = "usr_a"


class World:
    """One user's object. ``told`` are the places that were told; those ``away`` do not answer."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.sql = Sqlite()
        migrate(self.sql, (KEY_SOCKETS_SCHEMA,))
        self.database = FakeDatabase()
        self.store = AccountStore(self.database)
        self.alarm = SilentAlarm()
        self.told: list[SocketPlace] = []
        self.away: set[str] = set()
        self.sockets = self.wake()

    def wake(self) -> KeySockets:
        """The object after it lost its memory."""
        return KeySockets(
            self.sql,
            user_id=USER,
            store=self.store,
            tell=self._tell,
            alarm=AlarmClock(self.alarm),
            clock=self.clock,
        )

    async def _tell(self, place: SocketPlace) -> None:
        if place.name in self.away:
            raise DependencyUnavailable("The object that keeps this did not answer.")
        self.told.append(place)

    async def key(self, user_id: str = USER) -> str:
        """A good key of a user."""
        key, ids = new_key(LongIds()), LongIds()
        user = UserRecord(
            id=user_id, email=user_id, name="A", owner=ids.new(user_id), created_at_ms=1
        )
        made = new_key_within(
            1, key, user_id=user_id, name="k", scopes=frozenset({"chat"}), now_ms=1
        )
        await self.store.write([new_user(user, claiming=False), made])
        return key.id

    async def is_revoked(self, key_id: str) -> bool:
        record = await self.store.key(key_id)
        assert record is not None
        return record.revoked_at_ms is not None

    async def ring(self) -> None:
        """The next alarm."""
        assert self.alarm.at_ms is not None
        self.clock.at_ms = max(self.clock.at_ms, self.alarm.at_ms)
        self.alarm.at_ms = None
        await self.wake().on_alarm()

    def close(self) -> None:
        self.sql.close()
        self.database.close()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    world.close()


def place(key_id: str, name: str = "own_a/ses_1") -> SocketPlace:
    return SocketPlace(key_id=key_id, kind="task-agent", name=name)


async def test_revoking_tells_every_object_that_has_sockets_of_the_key(world: World):
    key_id = await world.key()
    for name in ("own_a/ses_1", "own_a/ses_2", "own_a/ses_1"):
        await world.sockets.opened(place(key_id, name), None)
    await world.sockets.opened(place("other123"), None)

    assert await world.sockets.revoke(key_id)

    assert {each.name for each in world.told} == {"own_a/ses_1", "own_a/ses_2"}
    assert {each.key_id for each in world.told} == {key_id}
    assert await world.is_revoked(key_id)


async def test_an_object_that_does_not_answer_is_told_again(world: World):
    key_id = await world.key()
    await world.sockets.opened(place(key_id), None)
    world.away.add("own_a/ses_1")
    assert await world.sockets.revoke(key_id)
    await world.ring()
    assert world.told == []

    world.away.clear()
    await world.ring()

    assert [each.name for each in world.told] == ["own_a/ses_1"]


async def test_a_socket_on_its_way_while_the_key_ends_is_refused(world: World):
    key_id = await world.key()
    await world.sockets.revoke(key_id)

    with pytest.raises(NotAuthenticated):
        await world.wake().opened(place(key_id), None)


async def test_a_kill_before_the_database_was_told_is_made_good_by_the_alarm(world: World):
    key_id = await world.key()
    await world.sockets.opened(place(key_id), None)
    world.database.down = True
    with pytest.raises(DependencyUnavailable):
        await world.sockets.revoke(key_id)
    world.database.down = False

    await world.ring()

    assert await world.is_revoked(key_id)
    assert len(world.told) == 1


async def test_a_key_of_somebody_else_is_not_ended(world: World):
    key_id = await world.key("usr_b")

    assert not await world.sockets.revoke(key_id)
    assert not await world.is_revoked(key_id)
    await world.sockets.opened(place(key_id), None)


async def test_sockets_end_when_their_key_expires(world: World):
    end_ms = world.clock.now_ms() + 3_600_000
    await world.sockets.opened(place("expiring"), end_ms)
    assert world.alarm.at_ms == end_ms

    await world.ring()

    assert [each.key_id for each in world.told] == ["expiring"]
    with pytest.raises(NotAuthenticated):
        await world.wake().opened(place("expiring"), end_ms)


async def test_an_object_without_sockets_is_not_told(world: World):
    key_id = await world.key()
    await world.sockets.opened(place(key_id), None)
    world.sockets.closed(place(key_id))

    await world.sockets.revoke(key_id)

    assert world.told == []


async def test_what_is_kept_is_bounded(world: World):
    for number in range(MOST_ROWS + 3):
        await world.sockets.opened(place("somekey1", f"own_a/ses_{number}"), None)

    assert [each.name for each in world.told] == ["own_a/ses_0", "own_a/ses_1", "own_a/ses_2"]
    assert world.sql.value("SELECT count(*) FROM places") == MOST_ROWS


async def test_the_end_of_a_key_is_forgotten_when_it_is_known_everywhere(world: World):
    key_id = await world.key()
    await world.sockets.revoke(key_id)
    begun = world.clock.now_ms()
    while world.sql.value("SELECT count(*) FROM ended"):
        await world.ring()

    assert REMEMBERED_MS <= world.clock.now_ms() - begun <= REMEMBERED_MS + 2 * RETRY_MS
    assert world.alarm.at_ms is None


def test_connections_of_one_key_are_closed_and_no_others():
    connections = FakeConnections()
    mine = connections.connect("con_1", "usr_a.AAAAAAAA")
    other_key = connections.connect("con_2", "usr_a.BBBBBBBB")
    guest = connections.connect("con_3")

    assert close_key(connections.all(), "AAAAAAAA") == 1

    assert mine.closed and mine.closed[0] == 1008
    assert other_key.closed is None and guest.closed is None
