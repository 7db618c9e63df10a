"""Hosts that the code of a function may be granted, and what a grant lets through.

Requests are made by ``littoral.platform.egress``; which host a caller asked for is read in
``request``. Names are checked as they are written (``littoral.fetching.addresses``): where a public
name leads is the platform's to decide, which in a deployment reaches no private network.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Final

from littoral.fetching.addresses import host_problem, read_host

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


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
            found = read_host(granted)
            if found is None or not found.covers(host):
                continue
            if asked == (found.port or usual):
                problem = host_problem(host if asked == usual else f"{host}:{asked}", near)
                return f"{host} {problem}" if problem else ""
        shown = host if asked == usual else f"{host}:{asked}"
        return f"{shown} was not granted to this function"
