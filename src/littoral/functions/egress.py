"""Hosts that the code of a function may be granted, and what a grant lets through.

Requests are made by ``littoral.platform.egress``; which host a caller asked for is read in
``request``. Names are checked as they are written: where a public name leads is the platform's to
decide, which in a deployment reaches no private network.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Final

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(
    rf"(?P<any>\*\.)?(?P<name>(?:{_LABEL}\.)*{_LABEL})(?::(?P<port>[1-9][0-9]{{0,4}}))?"
)
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_NEAR_ENDINGS: Final = frozenset(
    "localhost local localdomain internal intranet private corp home lan arpa onion test invalid "
    "example".split()
)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def host_problem(host: str, near: Collection[str] = ()) -> str:
    """Why this may not be granted; empty when it may.

    ``host`` is ``example.com``, ``*.example.com`` or ``example.com:8443``, in lower case. Only what
    stands in ``near`` may be an address, or a name of this machine or of a private network.
    """
    if host in near:
        return ""
    found = _HOST.fullmatch(host)
    if found is None or len(host) > 253:
        return "is no host name, such as example.com"
    if found["port"] and int(found["port"]) > 65_535:
        return "has a port that does not exist"
    labels = found["name"].split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return "is an address: only names can be granted"
    if found["any"] and len(labels) == 1:
        return "is too wide: name a domain"
    if len(labels) == 1 or labels[-1] in _NEAR_ENDINGS:
        return "is a name of this machine or of a private network"
    return ""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What one call of a function may reach. ``call`` names the call and nothing else."""

    hosts: tuple[str, ...]
    call: str
    ends_at_ms: int

    def to_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Grant:
        """What ``to_text`` wrote; raises ``ValueError`` or ``KeyError`` for anything else."""
        said = json.loads(text)
        return cls(
            hosts=tuple(map(str, said["hosts"])),
            call=str(said["call"]),
            ends_at_ms=int(said["ends_at_ms"]),
        )

    def refusal(
        self, *, scheme: str, host: str, port: int | None, near: Collection[str] = ()
    ) -> str:
        """Why a request may not be made, in words for whoever wrote the code; empty when it may.

        ``host`` is in lower case, ``port`` ``None`` for the scheme's own.
        """
        usual = _DEFAULT_PORTS.get(scheme)
        if usual is None:
            return f"only http and https are allowed, not {scheme}"
        asked = usual if port is None else port
        for granted in self.hosts:
            found = _HOST.fullmatch(granted)
            if found is None or not _is_named(host, found["name"], bool(found["any"])):
                continue
            if asked == (int(found["port"]) if found["port"] else usual):
                problem = host_problem(host if asked == usual else f"{host}:{asked}", near)
                return f"{host} {problem}" if problem else ""
        shown = host if asked == usual else f"{host}:{asked}"
        return f"{shown} was not granted to this function"


def _is_named(host: str, name: str, anything_before: bool) -> bool:
    return host.endswith("." + name) if anything_before else host == name
