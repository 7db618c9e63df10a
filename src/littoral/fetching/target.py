"""An address of the web, read strictly and judged: the only thing that may be fetched.

The grammar is so narrow that every reader of URLs reads it in the same way: what browsers mend
(backslashes, line breaks, a missing slash, foreign digits) is refused here. Where the name leads is
``littoral.fetching.names``'s to ask.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin

from littoral.errors import FetchRefused
from littoral.fetching import limits
from littoral.fetching.addresses import host_problem, read_host

_PORTS: Final = {"http": 80, "https": 443}
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,40}):")
_REST: Final = re.compile(r"//(?P<authority>[^/?#]+)(?P<path>/[^?#]*)?(?P<query>\?[^#]*)?(?:#.*)?")
_NOT_TAKEN: Final = re.compile(r"[\x00-\x20\x7f\\]")
_KEPT: Final = "%/?#[]@!$&'()*+,;=:-._~"


@dataclass(frozen=True, kw_only=True)
class Target:
    """One address that may be asked. ``url`` is in ASCII and has no fragment.

    ``is_near`` says that the operator named it: its name is not looked up.
    """

    url: str
    scheme: str
    host: str
    authority: str
    is_near: bool


def read_target(url: str, *, near: Collection[str] = (), allowed: Sequence[str] = ()) -> Target:
    """Reads and judges ``url``; raises ``FetchRefused`` that says why it may not be asked.

    ``near`` are the operator's ``host:port`` of private networks. ``allowed`` are patterns such as
    ``example.com`` and ``*.example.com``; empty means every public host.
    """
    if len(url) > limits.URL_CHARACTERS:
        raise FetchRefused(f"An address may have {limits.URL_CHARACTERS:,} characters at most.")
    if _NOT_TAKEN.search(url):
        raise FetchRefused("The address has a space, a backslash or a control character.")
    begun = _SCHEME.match(url)
    if begun is None:
        raise FetchRefused("This is no address of the web, such as https://example.com/page.")
    scheme = begun[1].lower()
    if scheme not in _PORTS:
        raise FetchRefused(f"Only http and https are read, not {scheme}.")
    found = _REST.fullmatch(url, begun.end())
    if found is None:
        raise FetchRefused("The address names no host, as https://example.com/page does.")
    authority = _authority(found["authority"].lower(), scheme)
    is_near = _is_near(authority, scheme, near)
    if not is_near:
        _judge(authority, allowed)
    path = quote((found["path"] or "/") + (found["query"] or ""), safe=_KEPT, errors="replace")
    return Target(
        url=f"{scheme}://{authority}{path}",
        scheme=scheme,
        host=authority.partition(":")[0],
        authority=authority,
        is_near=is_near,
    )


def redirect_target(
    here: Target, location: str, *, near: Collection[str] = (), allowed: Sequence[str] = ()
) -> Target:
    """Where an answer leads, judged as a new address; https is never left for http."""
    try:
        led = urljoin(here.url, location.strip(" "))
    except ValueError:
        raise FetchRefused("A redirect leads to no address of the web.") from None
    target = read_target(led.replace(" ", "%20"), near=near, allowed=allowed)
    if here.scheme == "https" and target.scheme == "http":
        raise FetchRefused(f"A redirect leads from https to http://{target.authority}.")
    return target


def _authority(written: str, scheme: str) -> str:
    """``host`` or ``host:port`` without the scheme's own port."""
    if "@" in written:
        raise FetchRefused("An address may not hold a user and password.")
    if not written.isascii():
        raise FetchRefused("The host has letters beyond ASCII: write it as xn--….")
    host, colon, port = written.rpartition(":")
    if colon and ":" not in host and port in ("", str(_PORTS[scheme])):
        return host
    return written


def _is_near(authority: str, scheme: str, near: Collection[str]) -> bool:
    return authority in near or f"{authority}:{_PORTS[scheme]}" in near


def _judge(authority: str, allowed: Sequence[str]) -> None:
    problem = host_problem(authority)
    if problem:
        raise FetchRefused(f"{authority[:80]} {problem}.")
    host = read_host(authority)
    if host is None or host.port is not None:
        raise FetchRefused(f"{authority[:80]} is asked at an unusual port: only 80 and 443 are.")
    if host.any_before:
        raise FetchRefused(f"{authority[:80]} is a pattern, not a host.")
    patterns = [read_host(each) for each in allowed]
    if allowed and not any(each and each.covers(host.name) for each in patterns):
        raise FetchRefused(f"{host.name} is not among the hosts that are allowed here.")
