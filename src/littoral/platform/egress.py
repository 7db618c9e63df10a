"""The way out of code that was granted network: an allow-list between its isolate and the world.

The isolate gets a ``Fetcher`` of the entry ``Egress`` as its only network. Which hosts are granted
stands in the properties of that ``Fetcher``, which this Worker makes and the isolate never sees, so
nothing that it sends can change them. The rules themselves are ``littoral.functions.egress``'s.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

import js
from pyodide.ffi import JsException, to_js

from littoral.clock import Clock
from littoral.functions import limits
from littoral.functions.egress import Grant

REFUSED_HEADER: Final = "littoral-egress-refused"
"""On answers that are this module's own. What servers send of that name is dropped."""

_NOT_SENT: Final = frozenset(
    "host connection content-length transfer-encoding upgrade keep-alive te trailer expect via "
    "forwarded x-real-ip true-client-ip cdn-loop accept-encoding proxy-authorization".split()
)
_NOT_SENT_BEGINNINGS: Final = ("cf-", "x-forwarded-", "sec-", "littoral-")
_NOT_GIVEN: Final = frozenset(
    "connection content-length content-encoding transfer-encoding keep-alive upgrade alt-svc "
    "trailer".split()
)
_WITHOUT_BODY: Final = frozenset({204, 205, 304})
_METHODS_WITHOUT_BODY: Final = frozenset({"GET", "HEAD"})
_MOST_CALLS_KNOWN: Final = 10_000


class TooManyBytes(Exception):
    """A body is longer than it may be; nothing of it is used."""


def egress_fetcher(exports: Any, grant: Grant) -> Any:
    """What an isolate gets as ``globalOutbound``; ``exports`` are those of a raw context."""
    init = js.JSON.parse(json.dumps({"props": {"grant": grant.to_text()}}))
    return exports.Egress(init)


class EgressDoor:
    """Makes the requests of granted code. ``near`` are private ``host:port`` that may be reached.

    Requests of a call are counted here, in memory: a call lives for seconds, and where this Worker
    runs twice the platform's own limit of subrequests holds besides.
    """

    def __init__(self, clock: Clock, *, near: Collection[str] = ()) -> None:
        self._clock = clock
        self._near = near
        self._made: dict[str, int] = {}

    async def answer(self, raw: Any, props: Any) -> Any:
        """The raw ``js.Response`` to a raw request of an isolate; refusals are 403, never raised.

        No redirect is followed here: the isolate gets it, and where it leads is asked for again.
        """
        try:
            grant = Grant.read(props.grant)
        except (AttributeError, TypeError, ValueError, KeyError):
            return _refused("nothing was granted")
        url = js.URL.new(raw.url)
        problem = self._problem(grant, url, raw)
        if problem:
            return _refused(problem)
        try:
            return await self._forwarded(raw, url, grant)
        except TooManyBytes as error:
            return _refused(str(error))
        except JsException as error:
            return _refused(f"{url.host} could not be reached: {_words(error)}")

    def _problem(self, grant: Grant, url: Any, raw: Any) -> str:
        left_ms = grant.ends_at_ms - self._clock.now_ms()
        if left_ms <= 0:
            return "the call that this was granted to is over"
        if url.username or url.password:
            return "an address may not hold a user and password"
        if raw.headers.get("upgrade"):
            return "sockets are not available"
        port = int(url.port) if url.port else None
        scheme = str(url.protocol).removesuffix(":")
        refusal = grant.refusal(scheme=scheme, host=url.hostname, port=port, near=self._near)
        return refusal or self._counted(grant.call)

    def _counted(self, call: str) -> str:
        if len(self._made) > _MOST_CALLS_KNOWN:
            self._made.clear()
        self._made[call] = self._made.get(call, 0) + 1
        most = limits.NETWORK_REQUESTS
        return "" if self._made[call] <= most else f"more than {most} requests in one call"

    async def _forwarded(self, raw: Any, url: Any, grant: Grant) -> Any:
        left_ms = grant.ends_at_ms - self._clock.now_ms()
        init = js.JSON.parse('{"redirect":"manual"}')
        init.method = raw.method
        init.headers = _headers(raw.headers, _NOT_SENT, _NOT_SENT_BEGINNINGS)
        init.signal = js.AbortSignal.timeout(max(1, min(left_ms, limits.NETWORK_REQUEST_MS)))
        if raw.method not in _METHODS_WITHOUT_BODY and raw.body:
            init.body = to_js(await _read(raw.body, limits.NETWORK_SENT_BYTES, "A request"))
        response = await js.fetch(url.href, init)
        given = _headers(response.headers, _NOT_GIVEN, ("cf-", REFUSED_HEADER))
        body = None
        if response.body:
            read = await _read(response.body, limits.NETWORK_READ_BYTES, "An answer")
            body = None if response.status in _WITHOUT_BODY else to_js(read)
        return _response(body, response.status, given)


async def _read(stream: Any, most: int, what: str) -> bytes:
    reader = stream.getReader()
    parts: list[bytes] = []
    size = 0
    while True:
        part = await reader.read()
        if part.done:
            return b"".join(parts)
        size += part.value.length
        if size > most:
            await reader.cancel()
            raise TooManyBytes(f"{what} may have {most:,} bytes at most.")
        parts.append(part.value.to_bytes())


def _headers(headers: Any, left_out: Collection[str], beginnings: tuple[str, ...]) -> Any:
    found: Mapping[str, str] = js.Object.fromEntries(headers).to_py()
    kept = js.Headers.new()
    for name, value in found.items():
        if name.lower() not in left_out and not name.lower().startswith(beginnings):
            kept.set(name, value)
    return kept


def _response(body: Any, status: int, headers: Any) -> Any:
    init = js.JSON.parse("{}")
    init.status = status
    init.headers = headers
    return js.Response.new(body, init)


def _refused(why: str) -> Any:
    headers = js.Headers.new()
    headers.set(REFUSED_HEADER, "1")
    return _response(why, 403, headers)


def _words(error: JsException) -> str:
    return str(error).partition("\n")[0][:200]
