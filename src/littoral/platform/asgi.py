"""The lean bridge from a Worker's request to an ASGI application and back.

One coroutine and no queue: headers cross the border as one JSON string, the body in one piece when
its length is known, the answer as one string. (The SDK's own bridge starts three tasks and a
lifespan for every request, about 1.8 ms; measured 2026-11, workers-runtime-sdk 1.9.5.)

Limits, errors and headers are the application's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final

import js
from pyodide.ffi import JsException, to_js

from littoral.jsontext import dumps
from littoral.platform.answer import headers_of
from littoral.platform.asgi_exchange import BodyReader, Exchange, scope_of

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
KeepAlive = Callable[[Coroutine[Any, Any, None]], Any]
"""Runs a coroutine after the response has left, as ``ctx.waitUntil`` does."""

MOST_READ_AWAY: Final = 1024 * 1024
READ_AWAY_SECONDS: Final = 2.0

_NO_BODY = frozenset({101, 204, 205, 304})
_TEXT = ("application/json", "application/problem+json", "text/")

_log = logging.getLogger(__name__)


async def respond(app: Application, request: Any, keep_alive: KeepAlive) -> Any:
    """The ``js.Response`` of an application to a raw ``js.Request``.

    An application that raises, or sends nothing, is answered with a bare 500: it is expected to
    turn its errors into answers itself.
    """
    headers = headers_of(request)
    exchange = Exchange(_body_reader(request, headers))
    try:
        await app(scope_of(request.method, request.url, headers), exchange.receive, exchange.send)
    except Exception:  # noqa: BLE001 - the rim: nothing is left to catch it
        _log.exception("The application failed")
        return js.Response.new("Internal error", js.JSON.parse('{"status":500}'))
    if not exchange.body_was_read:
        await read_away(exchange.read_body, headers)
    return _response(exchange, keep_alive)


async def drop_body(request: Any, headers: Mapping[str, str]) -> None:
    """Reads a body away that nobody has begun to read; as ``read_away``."""
    await read_away(_body_reader(request, headers), headers)


async def read_away(read: BodyReader, headers: Mapping[str, str]) -> None:
    """Reads the rest of a body that nobody wants, before its request is refused.

    A proxy in front may still be sending it: when it is left there, the connection can be reset
    before the refusal was read. One that is larger than ``MOST_READ_AWAY`` or too slow is left.
    """
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > MOST_READ_AWAY:
        return
    read_so_far, more = 0, True
    try:
        async with asyncio.timeout(READ_AWAY_SECONDS):
            while more and read_so_far <= MOST_READ_AWAY:
                piece, more = await read()
                read_so_far += len(piece)
    except (JsException, TimeoutError):
        _log.debug("the rest of a body did not come")


def _body_reader(request: Any, headers: Mapping[str, str]) -> BodyReader:
    if "content-length" in headers:
        return _whole(request)
    if not request.body:
        return _nothing
    return _pieces(request)


async def _nothing() -> tuple[bytes, bool]:
    return b"", False


def _whole(request: Any) -> BodyReader:
    async def read() -> tuple[bytes, bool]:
        buffer = await request.arrayBuffer()
        return buffer.to_bytes(), False

    return read


def _pieces(request: Any) -> BodyReader:
    """Of a body of unknown length, piece by piece: the application stops when it has enough."""
    reader: Any = None

    async def read() -> tuple[bytes, bool]:
        nonlocal reader
        if reader is None:
            reader = request.body.getReader()
        found = await reader.read()
        if found.done:
            return b"", False
        return found.value.to_bytes(), True

    return read


def _response(exchange: Exchange, keep_alive: KeepAlive) -> Any:
    init = js.JSON.parse(dumps({"status": exchange.status, "headers": exchange.headers}))
    if exchange.stream is not None:
        pipe = js.TransformStream.new()
        keep_alive(_pump(exchange.stream, pipe.writable.getWriter()))
        return js.Response.new(pipe.readable, init)
    if exchange.status in _NO_BODY:
        return js.Response.new(None, init)
    return js.Response.new(_carried(exchange), init)


def _carried(exchange: Exchange) -> Any:
    """The body as it crosses most cheaply: text as a string, anything else as bytes."""
    content_type = next((v for name, v in exchange.headers if name == "content-type"), "")
    if content_type.startswith(_TEXT):
        return exchange.body.decode()
    return to_js(exchange.body)


async def _pump(chunks: AsyncIterator[bytes], writer: Any) -> None:
    """Writes until the chunks end or the client leaves; a slow client slows the chunks down."""
    try:
        async for chunk in chunks:
            await writer.write(to_js(chunk))
        await writer.close()
    except JsException:
        _log.debug("The client left in the middle of a stream")
    except Exception:  # noqa: BLE001 - the head is sent; the client sees the stream break off
        _log.exception("A stream failed")
        await writer.abort("failed")
    finally:
        await _close(chunks)


async def _close(chunks: AsyncIterator[bytes]) -> None:
    close = getattr(chunks, "aclose", None)
    if close is not None:
        await close()
