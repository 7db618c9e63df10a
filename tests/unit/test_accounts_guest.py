"""The signed cookie of guests."""

from __future__ import annotations

import pytest

from littoral.accounts import guest
from littoral.errors import DependencyUnavailable

SECRET = "s" * 32
OWNER = "guest_AAAAAAAAAAAAAAAAAAAAAA"
NOW = 1_780_000_000


def test_a_cookie_names_the_guest_it_was_issued_for():
    value = guest.issue(OWNER, secret=SECRET, now_seconds=NOW)

    found = guest.verify(value, secret=SECRET, now_seconds=NOW + 5)

    assert found == guest.Guest(owner=OWNER, issued_at_seconds=NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.replace("guest_A", "guest_B"),
        lambda value: value.replace(f".{NOW}.", f".{NOW + 1}."),
        lambda value: value[:-2] + ("AA" if value[-2:] != "AA" else "BB"),
        lambda value: value.rpartition(".")[0],
        lambda value: value + "A",
        lambda value: "",
        lambda value: "guest_AAAAAAAAAAAAAAAAAAAAAA..",
        lambda value: value + "\n",
        lambda value: "é" + value[1:],
    ],
)
def test_a_changed_cookie_names_nobody(change):
    value = guest.issue(OWNER, secret=SECRET, now_seconds=NOW)

    assert guest.verify(change(value), secret=SECRET, now_seconds=NOW) is None


def test_a_cookie_signed_with_another_secret_names_nobody():
    value = guest.issue(OWNER, secret="t" * 32, now_seconds=NOW)

    assert guest.verify(value, secret=SECRET, now_seconds=NOW) is None


def test_a_cookie_is_good_for_400_days_and_due_after_30():
    value = guest.issue(OWNER, secret=SECRET, now_seconds=NOW)
    day = 86_400

    young = guest.verify(value, secret=SECRET, now_seconds=NOW + 29 * day)
    old = guest.verify(value, secret=SECRET, now_seconds=NOW + 30 * day)

    assert young and not young.is_due(NOW + 29 * day)
    assert old and old.is_due(NOW + 30 * day)
    assert guest.verify(value, secret=SECRET, now_seconds=NOW + 400 * day) is None


def test_the_header_is_strict_on_https_and_usable_on_plain_http():
    assert guest.set_cookie("v", is_https=True) == (
        "__Host-littoral=v; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax; Secure"
    )
    assert guest.set_cookie("v", is_https=False) == (
        "littoral=v; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax"
    )


def test_all_values_of_a_name_are_found_in_a_cookie_header():
    header = "a=1; littoral=x; littoralish=no; littoral=y.z=="

    assert list(guest.cookie_values(header, "littoral")) == ["x", "y.z=="]


@pytest.mark.parametrize(("secret", "word"), [("", "not set"), ("short", "5 characters")])
def test_a_missing_or_short_secret_says_what_to_do(secret, word):
    with pytest.raises(DependencyUnavailable) as caught:
        guest.require_secret(secret)

    assert word in caught.value.detail
    assert "wrangler secret put SESSION_SECRET" in caught.value.advice
