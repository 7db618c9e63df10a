"""Which pages may write, open sockets, and read answers."""

from __future__ import annotations

import pytest

from littoral.accounts.origin import (
    cookie_for,
    cors_headers,
    is_allowed,
    preflight_headers,
    require_allowed,
)
from littoral.errors import NotAllowed

OWN = "https://littoral.test"
FRIEND = "https://friend.test"


@pytest.mark.parametrize(
    ("origin", "site", "allowed"),
    [
        (None, None, True),  # curl
        (OWN, None, True),
        (OWN, "same-origin", True),
        (FRIEND, "cross-site", True),
        ("http://littoral.test", "same-origin", True),  # a proxy that ends TLS
        ("https://evil.test", "cross-site", False),
        ("https://evil.test", None, False),
        ("https://sub.littoral.test", "same-site", False),
        ("http://littoral.test", None, False),
        ("https://littoral.test.evil.test", None, False),
        ("null", None, False),
        ("null", "same-origin", False),
        (None, "cross-site", False),
        (None, "same-origin", True),
        ("", "cross-site", False),
    ],
)
def test_pages_of_other_origins_may_not_write(origin, site, allowed):
    assert is_allowed(origin, sec_fetch_site=site, own_origin=OWN, allowed={FRIEND}) is allowed


def test_a_refusal_says_what_to_do():
    with pytest.raises(NotAllowed) as caught:
        require_allowed(
            "https://evil.test", sec_fetch_site="cross-site", own_origin=OWN, allowed=()
        )

    assert "ALLOWED_ORIGINS" in caught.value.advice
    assert "evil.test" not in caught.value.detail


def test_only_listed_origins_may_read_answers():
    headers = dict(cors_headers(FRIEND, {FRIEND}))

    assert headers["access-control-allow-origin"] == FRIEND
    assert headers["vary"] == "origin"
    assert cors_headers("https://evil.test", {FRIEND}) == ()
    assert cors_headers(None, {FRIEND}) == ()
    assert preflight_headers("https://evil.test", {FRIEND}) == ()
    assert "PATCH" in dict(preflight_headers(FRIEND, {FRIEND}))["access-control-allow-methods"]


COOKIE = "littoral=value; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        (None, None),
        (OWN, "same-origin"),
        (FRIEND, "same-site"),
        (FRIEND, None),
        ("https://evil.test", "cross-site"),
    ],
)
def test_a_cookie_stays_lax_for_every_page_that_keeps_it_so(origin, site):
    kept = cookie_for(COOKIE, origin, sec_fetch_site=site, allowed={FRIEND})

    assert kept == COOKIE


@pytest.mark.parametrize("secure", ["", "; Secure"])
def test_an_allowed_page_of_another_site_gets_a_cookie_of_its_own_partition(secure):
    cookie = cookie_for(COOKIE + secure, FRIEND, sec_fetch_site="cross-site", allowed={FRIEND})

    assert cookie == (
        "littoral=value; Path=/; Max-Age=60; HttpOnly; SameSite=None; Secure; Partitioned"
    )
