"""``HttpClient`` over answers that a test writes: the web without a network.

Held by its users' tests only: it follows no redirect and decompresses nothing, as the real one's
answers look to their reader.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field

from littoral.models.http_client import HttpFailed


@dataclass(kw_only=True)
class Answer:
    """``chunks`` may be endless; ``breaks`` loses the connection after them."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "text/html"})
    chunks: Callable[[], Iterator[bytes]] = lambda: iter(())
    breaks: bool = False
    stalls: bool = False


def page(text: str, media_type: str = "text/html; charset=utf-8") -> Answer:
    """An answer of 200 with this body."""
    return Answer(headers={"content-type": media_type}, chunks=lambda: iter([text.encode()]))


def moved(location: str, status: int = 302) -> Answer:
    """A redirect."""
    return Answer(status=status, headers={"location": location})


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: str


class WebWire:
    """Answers by URL; what has none is a host that cannot be reached. ``asked`` remembers all."""

    def __init__(self, **answers: Answer) -> None:
        self.answers: dict[str, Answer | Callable[[], Answer]] = dict(answers)
        self.asked: list[Asked] = []
        self.open = 0

    async def stream(
        self, method: str, url: str, headers: Mapping[str, str], body: str, timeout_seconds: float
    ) -> _Response:
        self.asked.append(Asked(method=method, url=url, headers=headers, body=body))
        found = self.answers.get(url) or self.answers.get(url.partition("?")[0])
        if found is None:
            raise HttpFailed("There is no answer.")
        self.open += 1
        return _Response(self, found if isinstance(found, Answer) else found())


class _Response:
    def __init__(self, wire: WebWire, answer: Answer) -> None:
        self._wire = wire
        self._answer = answer
        self._closed = False
        self.status = answer.status
        self.headers = answer.headers

    async def chunks(self) -> AsyncIterator[bytes]:
        for chunk in self._answer.chunks():
            yield chunk
        if self._answer.stalls:
            await asyncio.Event().wait()
        if self._answer.breaks:
            raise HttpFailed("The connection was lost.")

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._wire.open -= 1
