"""A chat completions endpoint that builds as the offline model does, slowly, in small pieces."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Self

from littoral.builder.offline.skill import OfflineBuilder
from littoral.models.model import Finished, ModelMessage, ModelRequest, TextDelta
from littoral.models.offline import OfflineModel
from tests.fakes.completions import DONE, delta, sse, usage

PIECES = 6


class SlowBuilder:
    """Answers every request over ``seconds``. ``calls`` counts requests, ``broken`` those that
    nobody waited for to the end."""

    def __init__(self, *, seconds: float = 0.4) -> None:
        self.seconds = seconds
        self.calls = 0
        self.broken = 0
        self._model = OfflineModel((OfflineBuilder(),))
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**24)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            body = await _body(reader)
            self.calls += 1
            words, tokens = await self._words(body)
            writer.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                b"transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
            )
            size = -(-len(words) // PIECES) or 1
            for begin in range(0, len(words), size):
                _send(writer, sse(delta(content=words[begin : begin + size])))
                await writer.drain()
                await asyncio.sleep(self.seconds / PIECES)
            _send(writer, sse(delta("stop"), {"choices": [], "usage": usage(*tokens)}))
            _send(writer, [DONE])
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            self.broken += 1
        finally:
            writer.close()

    async def _words(self, body: dict[str, Any]) -> tuple[str, tuple[int, int]]:
        request = ModelRequest(
            messages=[ModelMessage(role=m["role"], text=m["content"]) for m in body["messages"]],
            response_schema=_schema(body),
            max_output_tokens=100_000,
        )
        words, tokens = "", (0, 0)
        async for event in self._model.stream(request):
            if isinstance(event, TextDelta):
                words += event.text
            elif isinstance(event, Finished):
                tokens = (event.usage.input_tokens, event.usage.output_tokens)
        return words, tokens


def _schema(body: dict[str, Any]) -> dict[str, Any] | None:
    wanted = (body.get("response_format") or {}).get("json_schema") or {}
    schema = wanted.get("schema")
    return schema if isinstance(schema, dict) else None


async def _body(reader: asyncio.StreamReader) -> dict[str, Any]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
    length = next(line for line in head if line.startswith("content-length:"))
    found: dict[str, Any] = json.loads(await reader.readexactly(int(length.partition(":")[2])))
    return found


def _send(writer: asyncio.StreamWriter, chunks: list[bytes]) -> None:
    data = b"".join(chunks)
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
