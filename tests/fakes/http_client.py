"""``HttpClient`` for CPython, on httpx: what unit tests and scripts use in place of ``fetch``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Self

import httpx

from littoral.models.http_client import HttpFailed


class HttpxResponse:
    """An answer whose body has not been read yet."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.headers = {name.lower(): value for name, value in response.headers.items()}

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._response.aiter_raw():
                yield chunk
        except httpx.HTTPError:
            raise HttpFailed("The connection was lost.") from None

    async def close(self) -> None:
        await self._response.aclose()


class HttpxClient:
    """Use as an async context manager, so that connections are closed."""

    def __init__(self) -> None:
        self._client = httpx.AsyncClient(trust_env=False, timeout=None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def stream(
        self, method: str, url: str, headers: Mapping[str, str], body: str, timeout_seconds: float
    ) -> HttpxResponse:
        request = self._client.build_request(method, url, headers=headers, content=body.encode())
        try:
            return HttpxResponse(await self._client.send(request, stream=True))
        except httpx.HTTPError:
            raise HttpFailed("There is no answer.") from None
