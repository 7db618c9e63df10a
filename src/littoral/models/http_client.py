"""HTTP as the OpenAI-compatible provider needs it: one request out, a body read chunk by chunk.

The platform's implementation is ``littoral.platform.http``; tests bring one on the standard
library.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Protocol

from littoral.models.reply_stream import TransportFailed


class HttpFailed(TransportFailed):
    """No answer: no such host, connection refused or lost. The text names no header and no body."""


class HttpResponse(Protocol):
    """An answer whose head has arrived. ``headers`` has lower-case names."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives; raises ``HttpFailed`` when the connection is lost."""
        ...

    async def close(self) -> None:
        """Ends the exchange, also in the middle of the body. Repeating is safe."""
        ...


class HttpClient(Protocol):
    """Sends requests. Redirects are not followed: a key must not travel to another host."""

    async def stream(
        self, method: str, url: str, headers: Mapping[str, str], body: str, timeout_seconds: float
    ) -> HttpResponse:
        """Sends the request and gives the answer as soon as its head is there.

        Raises ``HttpFailed``. ``timeout_seconds`` is a hint to let go of the connection; the caller
        watches the time itself.
        """
        ...
