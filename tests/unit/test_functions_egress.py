"""What a grant of network lets through, and which hosts may be granted at all."""

from __future__ import annotations

import pytest

from littoral.errors import InvalidInput
from littoral.fetching.addresses import host_problem
from littoral.functions.code.kept import code_key
from littoral.functions.egress import Grant
from littoral.functions.request import read_input

GRANT = Grant(
    hosts=("api.site.com", "*.files.org", "odd.net:8443", "10.0.0.1:80"), call="c", ends_at_ms=1
)


@pytest.mark.parametrize(
    ("scheme", "host", "port"),
    [
        ("https", "api.site.com", None),
        ("http", "api.site.com", 80),
        ("https", "a.files.org", None),
        ("https", "a.b.files.org", 443),
        ("https", "odd.net", 8443),
    ],
)
def test_what_was_granted_is_let_through(scheme: str, host: str, port: int | None):
    assert GRANT.refusal(scheme=scheme, host=host, port=port) == ""


@pytest.mark.parametrize(
    ("scheme", "host", "port"),
    [
        ("https", "site.com", None),
        ("https", "evil-api.site.com", None),
        ("https", "api.site.com.evil.org", None),
        ("https", "api.site.com.", None),
        ("https", "api.site.com", 8443),
        ("http", "api.site.com", 443),
        ("https", "files.org", None),
        ("https", "evilfiles.org", None),
        ("https", "odd.net", None),
        ("ftp", "api.site.com", None),
        ("ws", "api.site.com", None),
        ("http", "10.0.0.1", None),
        ("http", "127.0.0.1", None),
        ("http", "[::1]", None),
    ],
)
def test_anything_else_is_refused_in_words(scheme: str, host: str, port: int | None):
    assert GRANT.refusal(scheme=scheme, host=host, port=port)


@pytest.mark.parametrize(
    "host",
    "localhost a.localhost printer.local metadata.google.internal router 127.0.0.1 10.1.2.3 "
    "169.254.169.254 127.0.0.1:80 2130706433 0x7f.1 127.1 [::1] ::1 *.com *. * a..b -a.com "
    "https://a.com a.com/x user@a.com a.com:0 a.com:70000 a.com. äh.com".split(),
)
def test_addresses_private_names_and_what_is_no_name_cannot_be_granted(host: str):
    assert host_problem(host)
    with pytest.raises(InvalidInput, match=r"options\.network\.0"):
        read_input({"description": "x", "options": {"network": [host]}})


@pytest.mark.parametrize("host", ["a.com", "*.a.com", "a.com:8443", "*.a.co.uk:80", "xn--h-zfa.de"])
def test_public_names_can_be_granted(host: str):
    assert host_problem(host) == ""


def test_only_the_operator_opens_a_private_address_and_only_that_one():
    near = frozenset({"127.0.0.1:8000"})
    grant = Grant(hosts=("127.0.0.1:8000", "127.0.0.1:8001"), call="c", ends_at_ms=1)

    def refusal(port: int) -> str:
        return grant.refusal(scheme="http", host="127.0.0.1", port=port, near=near)

    assert (refusal(8000), bool(refusal(8001)), bool(refusal(8002))) == ("", True, True)


def test_at_most_five_hosts_are_granted_once_each_in_order():
    def asked(*hosts: str) -> tuple[str, ...]:
        return read_input({"description": "x", "options": {"network": list(hosts)}}).network

    assert asked("b.org", "A.org", "a.org") == ("a.org", "b.org")
    with pytest.raises(InvalidInput, match="at most 5"):
        asked(*(f"h{each}.org" for each in range(6)))


def test_a_grant_is_read_as_it_was_written_and_nothing_else_is():
    assert Grant.read(GRANT.to_text()) == GRANT
    for text in ("", "{}", '{"hosts": 1, "call": "c", "ends_at_ms": 1}'):
        with pytest.raises((ValueError, KeyError, TypeError)):
            Grant.read(text)


def test_code_is_kept_for_the_hosts_that_it_was_written_for():
    def key(*network: str) -> str:
        return code_key("Fetch it", None, None, (), "python", network)

    assert len({key(), key("a.org"), key("b.org"), key("a.org", "b.org")}) == 4
    assert key("a.org", "b.org") == key("b.org", "a.org")
