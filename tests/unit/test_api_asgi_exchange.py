"""Requests and answers in ASGI's words, as the Worker's bridge makes them."""

from __future__ import annotations

from collections.abc import AsyncIterator

from littoral.api.event_stream import EXTENSION, EventStream, event
from littoral.platform.asgi_exchange import STREAM_EXTENSION, Exchange, scope_of
from tests.unit.api_world import ApiWorld


def reader(*pieces: bytes):
    waiting = list(pieces)

    async def read() -> tuple[bytes, bool]:
        piece = waiting.pop(0)
        return piece, bool(waiting)

    return read


def test_an_address_is_taken_apart():
    scope = scope_of(
        "GET", "https://a.test:8443/api/x%20y/%E2%9C%93?q=a%20b&c=#no", {"host": "a.test:8443"}
    )

    assert scope["scheme"] == "https"
    assert scope["path"] == "/api/x y/✓"
    assert scope["raw_path"] == b"/api/x%20y/%E2%9C%93"
    assert scope["query_string"] == b"q=a%20b&c="
    assert scope["headers"] == [(b"host", b"a.test:8443")]


def test_an_address_without_a_path_is_the_root():
    assert scope_of("GET", "http://a.test", {})["path"] == "/"
    assert scope_of("GET", "http://a.test/?x", {})["query_string"] == b"x"


async def test_a_body_is_read_only_when_it_is_asked_for():
    exchange = Exchange(reader(b"one", b"two"))

    first = await exchange.receive()
    second = await exchange.receive()
    third = await exchange.receive()

    assert (first["body"], first["more_body"]) == (b"one", True)
    assert (second["body"], second["more_body"]) == (b"two", False)
    assert third == {"type": "http.disconnect"}


async def test_the_application_answers_through_it():
    world = ApiWorld()
    body = b'{"title": "Trip"}'
    headers = {"content-type": "application/json", "content-length": str(len(body))}
    exchange = Exchange(reader(body))

    await world.app(
        scope_of("POST", "http://littoral.test/api/sessions", headers),
        exchange.receive,
        exchange.send,
    )
    world.close()

    names = [name for name, _ in exchange.headers]
    assert exchange.status == 201
    assert b'"title":"Trip"' in exchange.body
    assert "set-cookie" in names and "content-length" not in names


async def test_a_stream_is_handed_over_instead_of_run():
    async def chunks() -> AsyncIterator[bytes]:
        yield event("one", name="first", number=7)

    assert EXTENSION == STREAM_EXTENSION
    exchange = Exchange(reader(b""))
    scope = scope_of("GET", "http://a.test/", {})

    await EventStream(chunks())(scope, exchange.receive, exchange.send)

    assert exchange.stream is not None and exchange.body == b""
    assert [chunk async for chunk in exchange.stream] == [b"id: 7\nevent: first\ndata: one\n\n"]
    assert ("content-type", "text/event-stream; charset=utf-8") in exchange.headers
