"""Where a name leads: asked of a resolver over HTTPS before a host is asked anything.

A Worker cannot see the address that ``fetch`` connects to, so the answers of DNS over HTTPS (the
JSON form of RFC 8484 that public resolvers share) are judged instead. Between this answer and the
connection a name may change where it leads; a deployment on Cloudflare reaches no private network
even then, which is why this check is the second line and not the only one.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
from typing import Any, Final, Protocol
from urllib.parse import quote

from littoral.errors import FetchFailed, FetchRefused
from littoral.fetching import limits
from littoral.fetching.addresses import Address, address_problem, host_problem
from littoral.fetching.bodies import read_body
from littoral.models.http_client import HttpClient, HttpFailed

_TYPES: Final = {"A": 1, "AAAA": 28}
_ALIAS: Final = 5
_NO_SUCH_NAME: Final = 3


class Resolver(Protocol):
    """Tells what a name leads to."""

    async def answers(self, host: str) -> list[Address | str]:
        """Addresses, and the names that it is an alias of. Raises ``FetchFailed``."""
        ...


class HttpsResolver:
    """A public resolver, asked by its JSON. ``url`` is such as https://1.1.1.1/dns-query."""

    def __init__(self, http: HttpClient, url: str) -> None:
        self._http = http
        self._url = url

    async def answers(self, host: str) -> list[Address | str]:
        found = await asyncio.gather(*(self._asked(host, each) for each in _TYPES))
        return [answer for answers in found for answer in answers]

    async def _asked(self, host: str, kind: str) -> list[Address | str]:
        url = f"{self._url}?name={quote(host)}&type={kind}"
        headers = {"accept": "application/dns-json"}
        try:
            response = await self._http.stream("GET", url, headers, "", limits.TOTAL_SECONDS)
            try:
                if response.status != 200:
                    raise FetchFailed(f"The resolver answered {response.status}.")
                said = json.loads(await read_body(response, limits.DNS_BYTES))
            finally:
                await response.close()
            return _read_answers(said, host, _TYPES[kind])
        except (HttpFailed, ValueError, TypeError, KeyError, AttributeError):
            raise FetchFailed(f"The resolver could not tell where {host} leads.") from None


def _read_answers(said: Any, host: str, kind: int) -> list[Address | str]:
    if said["Status"] == _NO_SUCH_NAME:
        raise FetchFailed(f"There is no host called {host}.")
    if said["Status"] != 0:
        raise FetchFailed(f"The resolver could not tell where {host} leads.")
    found: list[Address | str] = []
    for answer in said.get("Answer", [])[: limits.DNS_ANSWERS]:
        if answer["type"] == kind:
            found.append(ipaddress.ip_address(answer["data"]))
        elif answer["type"] == _ALIAS:
            found.append(str(answer["data"]).rstrip(".").lower())
    return found


async def require_public(host: str, resolver: Resolver) -> None:
    """Raises ``FetchRefused`` when any answer is private, ``FetchFailed`` when there is none."""
    answers = await resolver.answers(host)
    for answer in answers:
        problem = _alias_problem(answer) if isinstance(answer, str) else address_problem(answer)
        if problem:
            raise FetchRefused(f"{host} {problem}.")
    if all(isinstance(answer, str) for answer in answers):
        raise FetchFailed(f"{host} leads to no address.")


def _alias_problem(name: str) -> str:
    """Aliases may have underscores and one label more than hosts; only private ones matter."""
    problem = host_problem(name.replace("_", "-").strip("-"))
    return f"is an alias of {name[:80]}, which {problem}" if problem else ""
