"""Tickets and shares of a terminal: once, in time, for the page that asked, while it is shared."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from littoral.errors import Conflict, NotAllowed, NotFound, QueueFull
from littoral.store.migrations import migrate
from littoral.terminal.desk import (
    MOST_SHARES,
    MOST_TICKETS,
    TERMINAL_SCHEMA,
    Admission,
    TerminalDesk,
)
from littoral.terminal.seal import Sealed, seal, unseal
from littoral.terminal.viewing import daemon_path, may_pass
from tests.fakes.clock import ManualClock
from tests.fakes.ids import LongIds
from tests.fakes.sqlite import Sqlite

PAGE = "https://littoral.test"
SECRET = "a secret of the tests, long enough"
HOUR_MS = 3_600_000
OWNERS = Admission(read_only=False)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def desk(clock: ManualClock) -> Iterator[TerminalDesk]:
    sql = Sqlite()
    migrate(sql, (TERMINAL_SCHEMA,))
    yield TerminalDesk(sql, clock, LongIds())
    sql.close()


def test_a_ticket_opens_what_it_was_issued_for(desk: TerminalDesk) -> None:
    ticket = desk.issue(
        Admission(read_only=False, payer="usr_a.key", key_expires_at_ms=7), origin=PAGE
    )

    admission = desk.redeem(ticket.word, origin=PAGE)

    assert admission == Admission(read_only=False, payer="usr_a.key", key_expires_at_ms=7)


def test_a_ticket_opens_nothing_the_second_time(desk: TerminalDesk) -> None:
    ticket = desk.issue(OWNERS, origin=PAGE)
    desk.redeem(ticket.word, origin=PAGE)

    with pytest.raises(NotAllowed, match="used already"):
        desk.redeem(ticket.word, origin=PAGE)


@pytest.mark.parametrize("origin", ["https://evil.test", "", "null"])
def test_a_page_of_another_origin_uses_a_ticket_up_for_nothing(
    desk: TerminalDesk, origin: str
) -> None:
    ticket = desk.issue(OWNERS, origin=PAGE)

    with pytest.raises(NotAllowed, match="another origin"):
        desk.redeem(ticket.word, origin=origin)

    with pytest.raises(NotAllowed, match="used already"):
        desk.redeem(ticket.word, origin=PAGE)


def test_a_ticket_is_good_for_a_minute(desk: TerminalDesk, clock: ManualClock) -> None:
    late = desk.issue(OWNERS, origin=PAGE)
    clock.advance(seconds=60)

    with pytest.raises(NotAllowed, match="expired"):
        desk.redeem(late.word, origin=PAGE)


def test_a_word_that_nobody_issued_opens_nothing(desk: TerminalDesk) -> None:
    with pytest.raises(NotAllowed, match="not known"):
        desk.redeem("t_guess", origin=PAGE)


def test_no_ticket_can_be_read_from_the_database(desk: TerminalDesk) -> None:
    ticket = desk.issue(OWNERS, origin=PAGE)

    assert ticket.word not in str(desk._sql.rows("SELECT * FROM terminal_tickets"))


def test_tickets_that_wait_are_bounded_and_make_room_in_time(
    desk: TerminalDesk, clock: ManualClock
) -> None:
    for _ in range(MOST_TICKETS):
        desk.issue(OWNERS, origin=PAGE)
    with pytest.raises(QueueFull):
        desk.issue(OWNERS, origin=PAGE)

    clock.advance(seconds=60)

    desk.issue(OWNERS, origin=PAGE)


def test_a_share_gives_read_only_tickets(desk: TerminalDesk) -> None:
    share = desk.share(name="for Ada", life_ms=HOUR_MS)

    admission = desk.redeem(desk.issue_for_share(share["id"], origin=PAGE).word, origin=PAGE)

    assert admission.read_only is True
    assert admission.share_id == share["id"]
    assert desk.shares()[0]["lastUsedAt"] is not None


def test_a_revoked_share_gives_nothing_and_its_tickets_open_nothing(desk: TerminalDesk) -> None:
    share = desk.share(name="", life_ms=HOUR_MS)
    waiting = desk.issue_for_share(share["id"], origin=PAGE)

    desk.revoke(share["id"])
    desk.revoke(share["id"])

    with pytest.raises(NotAllowed, match="no longer shared"):
        desk.redeem(waiting.word, origin=PAGE)
    with pytest.raises(NotFound):
        desk.issue_for_share(share["id"], origin=PAGE)
    assert desk.shares()[0]["good"] is False


def test_a_share_ends_by_itself(desk: TerminalDesk, clock: ManualClock) -> None:
    share = desk.share(name="", life_ms=HOUR_MS)
    clock.advance(seconds=3600)

    with pytest.raises(NotFound):
        desk.issue_for_share(share["id"], origin=PAGE)


def test_shares_are_bounded_and_forgotten_a_week_after_their_end(
    desk: TerminalDesk, clock: ManualClock
) -> None:
    for _ in range(MOST_SHARES):
        desk.share(name="", life_ms=HOUR_MS)
    with pytest.raises(Conflict):
        desk.share(name="", life_ms=HOUR_MS)

    clock.advance(seconds=3600 + 7 * 86_400)

    desk.share(name="", life_ms=HOUR_MS)
    assert len(desk.shares()) == 1


def test_revoking_what_never_was_is_an_error(desk: TerminalDesk) -> None:
    with pytest.raises(NotFound):
        desk.revoke("shr_none")


SEALED = Sealed(owner="guest_a", session_id="box_1", word="t_w", expires_at_ms=5_000)


def test_a_sealed_text_says_what_was_sealed() -> None:
    assert unseal("tkt", seal("tkt", SEALED, secret=SECRET), secret=SECRET) == SEALED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tkt_",
        seal("shr", SEALED, secret=SECRET),
        seal("tkt", SEALED, secret=SECRET[::-1]),
        seal("tkt", SEALED, secret=SECRET).replace("tkt_W", "tkt_X"),
        seal("tkt", SEALED, secret=SECRET) + "A",
        "tkt_" + "A" * 5_000,
    ],
)
def test_what_was_not_sealed_here_says_nothing(text: str) -> None:
    assert unseal("tkt", text, secret=SECRET) is None


@pytest.mark.parametrize(
    ("first", "passes"), [(0x30, False), (0x31, False), (0x7B, False), (0x34, True)]
)
def test_a_read_only_viewer_steers_only_its_own_output(first: int, passes: bool) -> None:
    assert may_pass(first, 10, read_only=True) is passes
    assert may_pass(first, 10, read_only=False) is True


def test_empty_and_huge_frames_do_not_pass() -> None:
    assert not may_pass(None, 0, read_only=False)
    assert not may_pass(0x30, 65_537, read_only=False)


def test_the_mode_of_a_viewer_is_never_taken_from_its_address() -> None:
    asked = "ticket=x&cols=80&readonly=0&rows=24&since=5&shell=ab&other=1"

    path = daemon_path("main", asked, read_only=True)

    assert path == "/terminal/main?cols=80&rows=24&since=5&shell=ab&readonly=1"


async def test_of_two_who_show_a_ticket_at_once_one_gets_in(desk: TerminalDesk) -> None:
    ticket = desk.issue(OWNERS, origin=PAGE)

    async def show() -> bool:
        try:
            desk.redeem(ticket.word, origin=PAGE)
        except NotAllowed:
            return False
        return True

    assert sorted(await asyncio.gather(show(), show())) == [False, True]
