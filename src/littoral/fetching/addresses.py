"""Hosts as they are written, and which of them strangers may have reached.

Shared by grants of functions (``littoral.functions.egress``) and the fetch guard. Names are judged
as they are written; ``address_problem`` judges what they lead to. No name is looked up here.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(
    rf"(?P<any>\*\.)?(?P<name>(?:{_LABEL}\.)*{_LABEL})(?::(?P<port>[1-9][0-9]{{0,4}}))?"
)
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_NEAR_ENDINGS: Final = frozenset(
    "localhost local localdomain internal intranet private corp home lan arpa onion alt test "
    "invalid example cluster default svc".split()
)
"""RFC 6761, 6762, 7686, 8375, 9476, and what private networks and clouds call their machines."""

_CARRIERS: Final = tuple(
    (ipaddress.IPv6Network(network), shift)
    for network, shift in (
        ("::/96", 0),  # IPv4-compatible, long out of use
        ("::ffff:0:0/96", 0),  # mapped
        ("::ffff:0:0:0/96", 0),  # translated (SIIT)
        ("64:ff9b::/96", 0),  # NAT64
        ("2002::/16", 80),  # 6to4
    )
)
"""Networks of IPv6 whose addresses hold one of IPv4, and how many bits follow it."""
_PUBLIC_V6: Final = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC: Final = tuple(
    map(ipaddress.ip_network, ("192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20"))
)
"""Beside what ``is_global`` knows, which differs between versions of Python."""


@dataclass(frozen=True, kw_only=True)
class WrittenHost:
    """``*.site.com:8443``, read. ``port`` is ``None`` when it was not written."""

    name: str
    port: int | None = None
    any_before: bool = False

    def covers(self, host: str) -> bool:
        """Whether this pattern names ``host``, in lower case; ``*.a.com`` does not name a.com."""
        return host.endswith("." + self.name) if self.any_before else host == self.name


def read_host(text: str) -> WrittenHost | None:
    """A host name as a person writes it, in lower case; ``None`` for what is none."""
    found = _HOST.fullmatch(text)
    if found is None or len(text) > 253:
        return None
    port = int(found["port"]) if found["port"] else None
    return WrittenHost(name=found["name"], port=port, any_before=bool(found["any"]))


def host_problem(host: str, near: Collection[str] = ()) -> str:
    """Why this may not be reached; empty when it may, as far as a name tells.

    ``host`` is ``example.com``, ``*.example.com`` or ``example.com:8443``, in lower case. Only what
    stands in ``near`` may be an address, or a name of this machine or of a private network.
    """
    if host in near:
        return ""
    if host.startswith("["):
        return "is an address: name the host"
    found = read_host(host)
    if found is None:
        return "is no host name, such as example.com"
    if found.port is not None and found.port > 65_535:
        return "has a port that does not exist"
    labels = found.name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return "is an address: name the host"
    if found.any_before and len(labels) == 1:
        return "is too wide: name a domain"
    if len(labels) == 1 or labels[-1] in _NEAR_ENDINGS:
        return "is a name of this machine or of a private network"
    return ""


def address_problem(address: Address) -> str:
    """Why nobody may be sent to this address; empty for one of the public network.

    Addresses of IPv6 that carry one of IPv4 are judged by what they carry.
    """
    if isinstance(address, ipaddress.IPv6Address):
        carried = _carried(address)
        if carried is not None:
            return address_problem(carried)
    public = address.is_global and not address.is_multicast
    if address.version == 6:
        public = public and address in _PUBLIC_V6
    if not public or any(address in each for each in _NOT_PUBLIC):
        return f"leads to {address}, which is not on the public network"
    return ""


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    for network, shift in _CARRIERS:
        if address in network:
            return ipaddress.IPv4Address((int(address) >> shift) & 0xFFFF_FFFF)
    return None
