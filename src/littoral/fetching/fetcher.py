"""Asks the open web for one page, or hands something to a receiver there: the guarded way out.

Every hop is judged (``target``) and its name looked up (``names``) before it is asked; no cookie,
no credential and no header of a caller goes along. Nothing is retried here: that is for whoever
knows how often it may be asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from littoral.errors import DeadlineExceeded, FetchFailed, FetchRefused
from littoral.fetching import limits
from littoral.fetching.bodies import read_body, text_of
from littoral.fetching.names import Resolver, require_public
from littoral.fetching.target import Target, read_target, redirect_target
from littoral.models.http_client import HttpClient, HttpFailed, HttpResponse

AGENT: Final = "Littoral/1.0 (page watch)"
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BUSY: Final = frozenset({408, 425, 429})
_TEXTS: Final = ("text/", "application/json", "application/xml", "application/xhtml+xml")
_ACCEPT: Final = "text/html, application/xhtml+xml, text/*;q=0.9, application/json;q=0.8, */*;q=0.1"


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page as it was answered. ``url`` is where the redirects ended; ``size`` in bytes."""

    url: str
    media_type: str
    text: str
    size: int
    redirects: int = 0


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The answer of a receiver; ``retry_after_seconds`` is 0 when it asked for no pause."""

    status: int
    retry_after_seconds: int = 0


class Fetcher:
    """One guard. ``near`` are the operator's private ``host:port``, ``allowed`` patterns of the
    only public hosts that may be asked (none: all of them).

    Without a ``resolver`` names are judged as they are written and no further.
    """

    def __init__(
        self,
        http: HttpClient,
        resolver: Resolver | None,
        *,
        near: Collection[str] = (),
        allowed: Sequence[str] = (),
        total_seconds: float = limits.TOTAL_SECONDS,
    ) -> None:
        self._http = http
        self._resolver = resolver
        self._near = near
        self._allowed = tuple(allowed)
        self._total_seconds = total_seconds

    def judge(self, url: str) -> Target:
        """Reads an address that somebody wants to have asked later; raises ``FetchRefused``."""
        return read_target(url, near=self._near, allowed=self._allowed)

    async def read(self, url: str) -> Page:
        """The page at ``url``, redirects followed; repeating is safe.

        Raises ``FetchRefused``, ``FetchFailed`` (retryable when waiting may help) or
        ``DeadlineExceeded`` after ``total_seconds`` for everything together.
        """
        try:
            async with asyncio.timeout(self._total_seconds):
                return await self._page(self.judge(url))
        except TimeoutError:
            raise DeadlineExceeded(f"The page took over {self._total_seconds:g} s.") from None

    async def post(self, url: str, headers: Mapping[str, str], body: str) -> Taken:
        """Hands ``body`` to a receiver, once; redirects are answers and not followed.

        Raises as ``read``. What the receiver says beside its status is not used.
        """
        sent = {"user-agent": AGENT, "content-type": "application/json", **headers}
        try:
            async with asyncio.timeout(self._total_seconds):
                response = await self._asked("POST", self.judge(url), sent, body)
                try:
                    await _drained(response)
                finally:
                    await response.close()
        except TimeoutError:
            raise DeadlineExceeded(f"The receiver took over {self._total_seconds:g} s.") from None
        return Taken(status=response.status, retry_after_seconds=_retry_after(response))

    async def _page(self, target: Target) -> Page:
        headers = {"user-agent": AGENT, "accept": _ACCEPT}
        for redirects in range(limits.REDIRECTS + 1):
            response = await self._asked("GET", target, headers, "")
            try:
                location = response.headers.get("location", "")
                if response.status not in _REDIRECTS or not location:
                    return await _read_page(response, target, redirects)
            finally:
                await response.close()
            target = redirect_target(target, location, near=self._near, allowed=self._allowed)
        raise FetchRefused(f"The address was redirected more than {limits.REDIRECTS} times.")

    async def _asked(
        self, method: str, target: Target, headers: Mapping[str, str], body: str
    ) -> HttpResponse:
        if self._resolver is not None and not target.is_near:
            await require_public(target.host, self._resolver)
        try:
            return await self._http.stream(method, target.url, headers, body, self._total_seconds)
        except HttpFailed:
            raise FetchFailed(f"{target.authority} could not be reached.") from None


async def _read_page(response: HttpResponse, target: Target, redirects: int) -> Page:
    if not 200 <= response.status < 300:
        raise _status_failure(response, target)
    media_type, charset = _content_type(response.headers.get("content-type", ""))
    if media_type and not (media_type.startswith(_TEXTS) or media_type.endswith(("+xml", "+json"))):
        raise FetchFailed(f"{target.authority} answered {media_type}, no text.", retryable=False)
    try:
        body = await read_body(response, limits.BODY_BYTES)
    except HttpFailed:
        raise FetchFailed(f"{target.authority} broke off in the middle.") from None
    text = text_of(body, charset)
    if not media_type:
        media_type = "text/html" if text.lstrip()[:1] == "<" else "text/plain"
    return Page(
        url=target.url, media_type=media_type, text=text, size=len(body), redirects=redirects
    )


def _status_failure(response: HttpResponse, target: Target) -> FetchFailed:
    may_pass = response.status >= 500 or response.status in _BUSY
    return FetchFailed(
        f"{target.authority} answered {response.status}.",
        retryable=may_pass,
        retry_after_seconds=_retry_after(response) or None,
    )


async def _drained(response: HttpResponse) -> None:
    """Lets a short answer end, so that the connection can be used again; no error matters."""
    try:
        await read_body(response, limits.POST_ANSWER_BYTES)
    except (HttpFailed, FetchFailed):
        return


def _content_type(header: str) -> tuple[str, str]:
    """Media type and charset, in lower case; empty when they are not told."""
    media_type, *parameters = header.lower().split(";")
    for each in parameters:
        name, _, value = each.partition("=")
        if name.strip() == "charset":
            return media_type.strip()[:100], value.strip().strip("\"'")
    return media_type.strip()[:100], ""


def _retry_after(response: HttpResponse) -> int:
    """Seconds that the answer asks to wait; the date form counts as none."""
    told = response.headers.get("retry-after", "").strip()
    if not told.isascii() or not told.isdecimal():
        return 0
    return min(int(told[:9]), limits.LONGEST_RETRY_AFTER_SECONDS)
