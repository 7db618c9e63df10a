"""Hosts that a sandbox may reach: none unless they are named."""

from __future__ import annotations

import re
from typing import Any

from littoral.errors import InvalidInput
from littoral.sandbox import limits

_HOST = re.compile(
    r"(?:\*\.)?(?=.{1,253}(?::|$))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    r"(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*(?::[1-9][0-9]{0,4})?"
)


def read_network(raw: Any) -> list[str]:
    """Names as ``example.org``, ``*.example.org`` or ``example.org:8443``, in lower case.

    Without a port, 80 and 443 are meant. Raises ``InvalidInput``.
    """
    if raw is None:
        return []
    if not isinstance(raw, list) or len(raw) > limits.MAX_NETWORK_HOSTS:
        raise InvalidInput(
            f"network must be a list of at most {limits.MAX_NETWORK_HOSTS} host names."
        )
    hosts = []
    for host in raw:
        if not isinstance(host, str) or not _HOST.fullmatch(host.lower()):
            raise InvalidInput(
                f"network has {host!r}: use names like example.org, *.example.org or "
                "example.org:8443."
            )
        hosts.append(host.lower())
    return hosts
