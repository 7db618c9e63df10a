"""The newest bytes that a shell wrote, addressed by their position in everything it ever wrote.

Owns bounding and addressing. Viewers hold a position and read at their own speed, so there is one
copy of the output however many watch, and nobody's queue can grow.
"""

from __future__ import annotations

KEPT_BYTES = 256 * 1024
_LONGEST_LINE_TO_PASS = 4_096
_LONGEST_CHARACTER = 4


class Scrollback:
    """A window of ``kept_bytes`` over an endless stream. Positions count bytes from 0."""

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept_bytes = kept_bytes
        self._held = bytearray()
        self._base = 0

    @property
    def start(self) -> int:
        """Position of the oldest byte that can still be read."""
        return max(self._base, self.end - self._kept_bytes)

    @property
    def end(self) -> int:
        """Position after the newest byte."""
        return self._base + len(self._held)

    def append(self, data: bytes) -> None:
        """Adds bytes; the oldest beyond the bound are forgotten (in lumps, so that it is cheap)."""
        self._held += data
        if len(self._held) > 2 * self._kept_bytes:
            surplus = len(self._held) - self._kept_bytes
            del self._held[:surplus]
            self._base += surplus

    def read(self, position: int, most_bytes: int) -> bytes:
        """At most ``most_bytes`` from ``position`` on, which lies in ``start … end``."""
        offset = position - self._base
        return bytes(self._held[offset : offset + most_bytes])

    def line_start(self, position: int) -> int:
        """Where a reader who cannot have what lies before ``position`` had better begin.

        After the next line break, so that no half escape sequence comes first; when the line is
        long, after the rest of a cut UTF-8 character.
        """
        if position <= 0 or position >= self.end:
            return max(position, 0)
        ahead = self.read(position, _LONGEST_LINE_TO_PASS)
        line_break = ahead.find(b"\n")
        if line_break >= 0:
            return position + line_break + 1
        cut = 0
        while cut < min(_LONGEST_CHARACTER - 1, len(ahead)) and ahead[cut] & 0xC0 == 0x80:
            cut += 1
        return position + cut
