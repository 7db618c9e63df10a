"""Server-sent events out of an object, written as they come.

What is ready goes out together once per turn of the event loop; a client that does not read is let
go when too much waits for it. The turn goes on without the client.
"""

from __future__ import annotations

import asyncio
from typing import Any

import js
from pyodide.ffi import JsException, to_js

MAX_WAITING_CHARACTERS = 2_000_000


class EventStreamOut:
    """One client's stream of events. ``readable`` is the body of the response."""

    def __init__(self) -> None:
        pipe = js.TransformStream.new()
        self.readable = pipe.readable
        self._writer: Any = pipe.writable.getWriter()
        self._waiting: list[str] = []
        self._characters = 0
        self._news = asyncio.Event()
        self._ended = False

    def push(self, text: str) -> None:
        """Adds text to what is to be written; nothing is awaited."""
        if self._ended:
            return
        self._waiting.append(text)
        self._characters += len(text)
        if self._characters > MAX_WAITING_CHARACTERS:
            self._ended = True
            self._waiting.clear()
        self._news.set()

    def end(self) -> None:
        """Nothing more is added."""
        self._ended = True
        self._news.set()

    async def pump(self) -> None:
        """Writes until the end, or until the client has gone."""
        try:
            while not self._ended or self._waiting:
                await self._news.wait()
                self._news.clear()
                text, self._waiting = "".join(self._waiting), []
                self._characters = 0
                if text:
                    await self._writer.write(to_js(text.encode()))
            await self._writer.close()
        except JsException:
            self._ended = True
