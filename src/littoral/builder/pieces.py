"""Live frames of the file that is being written: for sockets only, not kept, a few each second.

    {"type": "file-piece", "path", "offset", "text"}

``offset`` counts characters (code points) from the beginning of the file; a piece of offset 0
begins it anew. Whoever missed pieces reads the saved file.
"""

from __future__ import annotations

from littoral import wire
from littoral.agent.connection import Connections, broadcast
from littoral.builder.limits import PIECE_CHARACTERS, PIECE_MS
from littoral.clock import Clock
from littoral.jsontext import dumps


class Pieces:
    """The pieces of one answer."""

    def __init__(self, connections: Connections, clock: Clock, path: str) -> None:
        self._connections = connections
        self._clock = clock
        self._path = path
        self._offset = 0
        self._waiting: list[str] = []
        self._sent_ms = 0

    def add(self, text: str) -> None:
        """More of the file; sent now, or with what comes next."""
        if text:
            self._waiting.append(text)
        if self._clock.now_ms() - self._sent_ms >= PIECE_MS:
            self.flush()

    def flush(self) -> None:
        """Sends what waits."""
        text = "".join(self._waiting)
        self._waiting.clear()
        if not text:
            return
        self._sent_ms = self._clock.now_ms()
        connections = self._connections.all()
        for begin in range(0, len(text), PIECE_CHARACTERS):
            part = text[begin : begin + PIECE_CHARACTERS]
            if connections:
                frame = {"type": wire.FILE_PIECE, "path": self._path, "offset": self._offset}
                broadcast(connections, dumps({**frame, "text": part}))
            self._offset += len(part)
