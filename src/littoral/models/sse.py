"""Server-sent events, read incrementally from bytes that may be split anywhere.

Follows the event stream format of the WHATWG HTML standard (section "Server-sent events"). Lines
and events are bounded: a server that never ends one must not fill the memory.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_LINE_BYTES = 1_000_000
MAX_EVENT_BYTES = 2_000_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class SseOverflow(Exception):
    """A line or an event is longer than is taken; the stream cannot be read any further."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SseEvent:
    """One event. ``data`` has the lines of all its data fields; ``id`` is the last one seen."""

    data: str
    name: str = "message"
    id: str = ""


class SseParser:
    """Takes bytes as they arrive and gives the events that are complete.

    What follows the last blank line is dropped at the end of the stream, as the standard says.
    Bytes that are no UTF-8 become U+FFFD.
    """

    def __init__(
        self, *, max_line_bytes: int = MAX_LINE_BYTES, max_event_bytes: int = MAX_EVENT_BYTES
    ) -> None:
        self._max_line_bytes = max_line_bytes
        self._max_event_bytes = max_event_bytes
        self._line = bytearray()
        self._data: list[bytes] = []
        self._data_bytes = 0
        self._name = ""
        self._id = ""
        self._begun = False
        self._after_return = False

    def feed(self, chunk: bytes) -> list[SseEvent]:
        """The events that this chunk completes. Raises ``SseOverflow``."""
        if self._after_return and chunk:
            self._after_return = False
            chunk = chunk.removeprefix(b"\n")
        if not chunk:
            return []
        self._line += chunk
        if b"\n" not in chunk and b"\r" not in chunk:
            self._check_line(len(self._line))
            return []
        return self._read_lines()

    def _read_lines(self) -> list[SseEvent]:
        lines = bytes(self._line).splitlines(keepends=True)
        self._line.clear()
        self._after_return = lines[-1].endswith(b"\r")
        if not lines[-1].endswith((b"\n", b"\r")):
            self._line += lines.pop()
            self._check_line(len(self._line))
        events: list[SseEvent] = []
        for line in lines:
            self._check_line(len(line))
            event = self._take(line.rstrip(b"\r\n"))
            if event is not None:
                events.append(event)
        return events

    def _check_line(self, count: int) -> None:
        if count > self._max_line_bytes:
            raise SseOverflow(f"a line has more than {self._max_line_bytes} bytes")

    def _take(self, line: bytes) -> SseEvent | None:
        if not self._begun:
            self._begun = True
            line = line.removeprefix(_BYTE_ORDER_MARK)
        if not line:
            return self._dispatch()
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._data_bytes += len(value) + 1
            if self._data_bytes > self._max_event_bytes:
                raise SseOverflow(f"an event has more than {self._max_event_bytes} bytes")
            self._data.append(value)
        elif field == b"event":
            self._name = value.decode(errors="replace")
        elif field == b"id" and b"\0" not in value:
            self._id = value.decode(errors="replace")
        return None

    def _dispatch(self) -> SseEvent | None:
        data, name = self._data, self._name
        self._name = ""
        if not data:
            return None
        self._data, self._data_bytes = [], 0
        text = b"\n".join(data).decode(errors="replace")
        return SseEvent(data=text, name=name or "message", id=self._id)
