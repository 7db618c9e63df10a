"""The output of one command: ordered pieces in a file that never grows beyond its cap.

The first MiB is kept as it comes. Of what follows, the last 64 KiB of each stream wait in memory
and are written at the end, after a visible mark that counts what was skipped. One line of JSON for
each piece: ``{"seq", "stream", "text", "at"}``; ``seq`` counts from 1 without gaps.
"""

from __future__ import annotations

import codecs
import json
import os
import time
from collections import deque
from pathlib import Path
from typing import Any, Literal

from sandboxd.configuration import KEPT_HEAD_BYTES, KEPT_TAIL_BYTES, MAX_HEAD_CHUNKS

Stream = Literal["stdout", "stderr"]
STREAMS: tuple[Stream, ...] = ("stdout", "stderr")


class _Tail:
    """The newest bytes of one stream, and how many older ones went."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self._kept = 0
        self.dropped = 0

    def add(self, data: bytes) -> None:
        self._pieces.append(data)
        self._kept += len(data)
        while self._kept - len(self._pieces[0]) >= KEPT_TAIL_BYTES:
            gone = self._pieces.popleft()
            self._kept -= len(gone)
            self.dropped += len(gone)

    def take(self) -> bytes:
        data = b"".join(self._pieces)
        kept = data[-KEPT_TAIL_BYTES:]
        self.dropped += len(data) - len(kept)
        self._pieces.clear()
        return kept


class OutputLog:
    """Made anew for a command, or opened again to read what a former daemon kept."""

    def __init__(self, path: Path) -> None:
        self.bytes = {"stdout": 0, "stderr": 0}
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._offsets, self._end = _index(self._file)
        self._head_bytes = self._end
        self._tails = {stream: _Tail() for stream in STREAMS}
        self._decoders = {stream: _decoder() for stream in STREAMS}
        self._is_full = False

    @property
    def last(self) -> int:
        """Number of the newest piece, 0 when there is none."""
        return len(self._offsets)

    @property
    def skipped_bytes(self) -> int:
        """Bytes that are gone for good, or wait in memory and may still be kept."""
        return sum(tail.dropped for tail in self._tails.values())

    def add(self, stream: Stream, data: bytes) -> None:
        """Takes what was read from a pipe."""
        self.bytes[stream] += len(data)
        room = KEPT_HEAD_BYTES - self._head_bytes
        if self._is_full or room <= 0 or len(self._offsets) >= MAX_HEAD_CHUNKS:
            self._is_full = True
            self._tails[stream].add(data)
            return
        self._head_bytes += min(len(data), room)
        self._write(stream, self._decoders[stream].decode(data[:room]))
        if len(data) > room:
            self._is_full = True
            self._tails[stream].add(data[room:])

    def finish(self) -> None:
        """Writes the ends that were held back, with marks; repeating does nothing."""
        for stream in STREAMS:
            self._write(stream, self._decoders[stream].decode(b"", final=True))
            tail = self._tails[stream]
            kept = tail.take()
            if tail.dropped:
                self._write(stream, f"\n[… {tail.dropped} bytes of {stream} were skipped …]\n")
            self._write(stream, kept.decode(errors="replace"))

    def read(self, since: int, limit: int, most_characters: int) -> list[dict[str, Any]]:
        """Pieces after ``since``, in order: at most ``limit`` and about ``most_characters``."""
        first = max(0, since)
        if first >= len(self._offsets):
            return []
        begin = self._offsets[first]
        stop = min(len(self._offsets), first + limit)
        until = self._offsets[stop] if stop < len(self._offsets) else self._end
        until = min(until, max(begin + most_characters, _next(self._offsets, first, self._end)))
        data = os.pread(self._file, until - begin, begin)
        return [json.loads(line) for line in data.split(b"\n")[:-1]]

    def close(self) -> None:
        os.close(self._file)

    def _write(self, stream: Stream, text: str) -> None:
        if not text:
            return
        piece = {"seq": self.last + 1, "stream": stream, "text": text, "at": _now_ms()}
        line = json.dumps(piece, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        self._offsets.append(self._end)
        self._end += os.write(self._file, line)


def _next(offsets: list[int], number: int, end: int) -> int:
    return offsets[number + 1] if number + 1 < len(offsets) else end


def _index(file: int) -> tuple[list[int], int]:
    """Where each line begins; a last line that was cut by a crash is cut off."""
    offsets: list[int] = []
    at = begin = 0
    while data := os.pread(file, 1 << 16, at):
        for number, byte in enumerate(data):
            if byte == 10:
                offsets.append(begin)
                begin = at + number + 1
        at += len(data)
    os.ftruncate(file, begin)
    return offsets, begin


def _decoder() -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder("utf-8")(errors="replace")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
