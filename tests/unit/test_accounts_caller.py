"""Who a request acts for, and the sessions it can reach."""

from __future__ import annotations

import pytest

from littoral.accounts.caller import Caller, identify
from littoral.accounts.session_id import (
    for_log,
    new_session_id,
    object_name,
    require_session_id,
)
from littoral.errors import InvalidInput, NotFound
from tests.fakes.ids import LongIds

SECRET = "s" * 32
NOW_MS = 1_780_000_000_000
OPEN = "open_AAAAAAAAAAAAAAAAAAAAAA"


def call(cookie: str | None = None, *, session_id: str | None = None, now_ms=NOW_MS) -> Caller:
    return identify(
        cookie,
        is_https=False,
        secret=SECRET,
        now_ms=now_ms,
        ids=LongIds(),
        session_id=session_id,
    )


def cookie_of(caller: Caller) -> str:
    assert caller.new_cookie
    return caller.new_cookie.partition(";")[0]


def test_a_stranger_becomes_a_new_guest_with_a_cookie():
    caller = call()

    assert caller.owner == "guest_0000000000000000000001"
    assert caller.bare
    assert call(cookie_of(caller)) == Caller(owner=caller.owner)


def test_a_cookie_among_others_is_found():
    cookie = cookie_of(call())

    assert not call(f"theme=dark; littoral=broken; {cookie}; x=y").bare


def test_a_forged_cookie_counts_as_none():
    caller = call(cookie_of(call()) + "x")

    assert caller.bare and caller.new_cookie


def test_the_cookie_of_plain_http_is_not_taken_on_https():
    caller = identify(cookie_of(call()), is_https=True, secret=SECRET, now_ms=NOW_MS, ids=LongIds())

    assert caller.bare
    assert caller.new_cookie and caller.new_cookie.startswith("__Host-littoral=")


def test_a_cookie_of_a_month_is_issued_again_for_the_same_guest():
    first = call()
    later = NOW_MS + 30 * 86_400_000

    again = call(cookie_of(first), now_ms=later)

    assert again.owner == first.owner
    assert again.new_cookie
    assert call(cookie_of(again), now_ms=later).new_cookie is None


def test_the_id_of_an_open_session_is_the_credential_of_a_caller_without_a_cookie():
    caller = call(session_id=OPEN)

    assert caller == Caller(owner="guest_AAAAAAAAAAAAAAAAAAAAAA", session_only=OPEN, bare=True)
    assert caller.reach(OPEN) == OPEN
    with pytest.raises(NotFound):
        caller.reach("open_BBBBBBBBBBBBBBBBBBBBBB")


def test_somebody_with_a_cookie_stays_themselves_at_an_open_session():
    somebody = call()

    assert call(cookie_of(somebody), session_id=OPEN).owner == somebody.owner


def test_a_caller_without_a_cookie_reaches_no_other_session():
    with pytest.raises(NotFound):
        call(session_id="ses_1").reach("ses_1")


def test_a_session_begun_without_a_cookie_is_open_to_its_id():
    stranger = call()

    session_id = stranger.begin_session(LongIds())

    assert session_id == "open_0000000000000000000001"
    assert call(session_id=session_id).owner == stranger.owner


def test_a_session_begun_with_a_cookie_has_an_id_of_its_own():
    guest = call(cookie_of(call()))

    assert guest.begin_session(LongIds()) == "ses_0000000000000000000001"


def test_the_same_idempotency_key_begins_the_same_session_for_one_owner_only():
    ids = LongIds()

    first = new_session_id("guest_a", bare=False, ids=ids, key="k")

    assert first == new_session_id("guest_a", bare=False, ids=ids, key="k")
    assert first != new_session_id("guest_b", bare=False, ids=ids, key="k")
    assert require_session_id(first) == first


@pytest.mark.parametrize("good", ["a", "ses_1", "A-b.c_d", "x" * 128])
def test_usual_names_name_sessions(good):
    assert require_session_id(good) == good
    assert object_name("guest_1", good) == f"guest_1/{good}"


@pytest.mark.parametrize("bad", ["", "a/b", "a b", "é", "x" * 129, "a\n", "a%2Fb", "a:b"])
def test_other_names_are_refused(bad):
    with pytest.raises(InvalidInput):
        require_session_id(bad)


def test_a_log_shows_no_id_that_opens_a_session():
    name = object_name("guest_ABCDEFghijklmnopqrstuv", "open_ABCDEFghijklmnopqrstuv")

    assert for_log(f"object {name} failed") == "object guest_ABCDEF…/open_ABCDEF… failed"
    assert for_log("ses_ABCDEFghijklmnopqrstuv") == "ses_ABCDEFghijklmnopqrstuv"
