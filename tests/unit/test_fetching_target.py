"""Which addresses may be fetched, as they are written: a corpus of those that may not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.errors import FetchRefused
from littoral.fetching.target import read_target, redirect_target

DATA = Path(__file__).parents[1] / "data"


def corpus() -> list[tuple[str, str]]:
    lines = (DATA / "hostile_addresses.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(json.loads(address), why) for address, why in rows]


@pytest.mark.parametrize(("address", "why"), corpus())
def test_no_hostile_address_is_a_target(address: str, why: str):
    with pytest.raises(FetchRefused, match=why):
        read_target(address)


@pytest.mark.parametrize(("address", "why"), corpus())
def test_no_redirect_leads_to_a_hostile_address(address: str, why: str):
    here = read_target("http://site.com/a/b")
    try:
        led = redirect_target(here, address)
    except FetchRefused:
        return
    assert led.authority == "site.com"  # a relative one stays at home


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://site.com", "https://site.com/"),
        ("HTTPS://Site.COM/Path?Q=1#part", "https://site.com/Path?Q=1"),
        ("http://site.com:80/a", "http://site.com/a"),
        ("https://site.com:443", "https://site.com/"),
        ("https://site.com:/a", "https://site.com/a"),
        ("https://xn--mnchen-3ya.de/ü?q=é", "https://xn--mnchen-3ya.de/%C3%BC?q=%C3%A9"),
        ("https://a.b.co.uk/%7Ea/../b", "https://a.b.co.uk/%7Ea/../b"),
        ("https://site.com?x=1", "https://site.com/?x=1"),
        ("https://site.com/\ud800", "https://site.com/?"),
    ],
)
def test_a_public_address_is_read_in_one_way(address: str, url: str):
    assert read_target(address).url == url


def test_an_address_may_be_long_but_not_endless():
    read_target("https://site.com/" + "a" * 2_000)
    with pytest.raises(FetchRefused, match="2,048"):
        read_target("https://site.com/" + "a" * 3_000)


@pytest.mark.parametrize("near", ["127.0.0.1:8860", "localhost:8860"])
def test_only_the_operators_own_near_host_is_let_through(near: str):
    target = read_target(f"http://{near}/page", near={near})
    assert (target.is_near, target.url) == (True, f"http://{near}/page")
    for other in ("http://127.0.0.1:8861/", "http://127.0.0.1/", "http://localhost/"):
        with pytest.raises(FetchRefused):
            read_target(other, near={near})


def test_a_near_host_at_the_usual_port_is_named_with_it():
    assert read_target("http://127.0.0.1/", near={"127.0.0.1:80"}).is_near


def test_an_allow_list_names_hosts_and_whole_domains():
    allowed = ("site.com", "*.files.org")
    for good in ("https://site.com/", "https://a.files.org/", "https://a.b.files.org/"):
        assert read_target(good, allowed=allowed).url == good
    for bad in ("https://files.org/", "https://a.site.com/", "https://evilfiles.org/"):
        with pytest.raises(FetchRefused, match="not among the hosts"):
            read_target(bad, allowed=allowed)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/next", "https://site.com/next"),
        ("next?x", "https://site.com/a/next?x"),
        ("//other.com/x", "https://other.com/x"),
        ("https://other.com", "https://other.com/"),
        ("/with space", "https://site.com/with%20space"),
    ],
)
def test_a_redirect_is_read_where_it_stands(location: str, url: str):
    assert redirect_target(read_target("https://site.com/a/b"), location).url == url


def test_https_is_not_left_for_http():
    with pytest.raises(FetchRefused, match="from https to http"):
        redirect_target(read_target("https://site.com/"), "http://site.com/")


@given(st.text(max_size=60))
def test_whatever_stands_after_the_scheme_is_public_or_refused(text: str):
    for address in (text, f"http://{text}", f"https://{text}/"):
        try:
            target = read_target(address)
        except FetchRefused:
            continue
        assert target.url.isascii()
        assert target.host.rpartition(".")[2].strip("0123456789") and "." in target.host
