"""``HttpClient`` over the runtime's own ``fetch``: the cheapest way out of a Worker."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import js
from pyodide.ffi import JsException

from littoral.models.http_client import HttpFailed
from littoral.ops.current import traceparent
from littoral.ops.trace import TRACEPARENT


class FetchResponse:
    """An answer whose body has not been read. ``raw`` is the JavaScript ``Response``."""

    def __init__(self, raw: Any, controller: Any) -> None:
        self._raw = raw
        self._controller = controller
        self.status: int = raw.status
        self.headers: Mapping[str, str] = json.loads(
            js.JSON.stringify(js.Object.fromEntries(raw.headers))
        )

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives."""
        if not self._raw.body:
            return
        reader = self._raw.body.getReader()
        try:
            while True:
                part = await reader.read()
                if part.done:
                    return
                yield part.value.to_bytes()
        except JsException:
            raise HttpFailed("The connection was lost.") from None
        finally:
            await _cancel(reader)

    async def close(self) -> None:
        """Aborts what is still under way; repeating is safe."""
        self._controller.abort()


async def _cancel(reader: Any) -> None:
    """Does nothing to a body that has ended; one that has failed fails once more, unheard."""
    try:
        await reader.cancel()
    except JsException:
        pass


class FetchClient:
    """Sends by ``fetch``, without following redirects.

    ``traced`` requests tell which trace they belong to: for services of ours, not for strangers.
    """

    def __init__(self, *, traced: bool = True) -> None:
        self._traced = traced

    async def stream(
        self, method: str, url: str, headers: Mapping[str, str], body: str, timeout_seconds: float
    ) -> FetchResponse:
        """As ``HttpClient.stream``."""
        controller = js.AbortController.new()
        sent = dict(headers)
        if self._traced and (trace := traceparent()):
            sent.setdefault(TRACEPARENT, trace)
        wish = {"method": method, "headers": sent, "redirect": "manual"}
        if body:
            wish["body"] = body
        init = js.JSON.parse(json.dumps(wish))
        init.signal = controller.signal
        try:
            return FetchResponse(await js.fetch(url, init), controller)
        except JsException:
            raise HttpFailed("There is no answer.") from None
        except BaseException:
            controller.abort()
            raise
