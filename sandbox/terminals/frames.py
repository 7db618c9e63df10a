"""The frames of a terminal's socket: ttyd's, and a few of ours that ttyd's clients pass over.

Every frame is bytes whose first byte says what it is; docs/socket-protocol.md has the whole table.
Owns writing and reading them; who may send what is decided in ``viewer.py``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

SUBPROTOCOL = "tty"

# ttyd's, client to server.
INPUT = 0x30  # "0"
RESIZE = 0x31  # "1"
PAUSE = 0x32  # "2"
RESUME = 0x33  # "3"
HELLO = 0x7B  # "{": ttyd's clients begin with a JSON object
# Ours, client to server.
SEEN = 0x34  # "4": position up to which the viewer has taken the output in

# ttyd's, server to client.
OUTPUT = b"0"
TITLE = b"1"
# Ours, server to client.
ERROR = b"e"
POSITION = b"p"
STATE = b"s"
EXIT = b"x"

MAX_FRAME_BYTES = 64 * 1024
LEAST_COLUMNS, MOST_COLUMNS = 2, 500
LEAST_ROWS, MOST_ROWS = 1, 300


class BadFrame(Exception):
    """A frame that cannot be used; its text says why and may be shown."""


class InputFull(BadFrame):
    """More was typed than a program may leave unread."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """Columns and rows in characters, within what a terminal can have."""

    columns: int = 80
    rows: int = 24

    @classmethod
    def clamped(cls, columns: int, rows: int) -> Size:
        """The nearest size that is allowed."""
        return cls(
            columns=min(max(columns, LEAST_COLUMNS), MOST_COLUMNS),
            rows=min(max(rows, LEAST_ROWS), MOST_ROWS),
        )


def read_size(body: bytes) -> Size:
    """The size in ``{"columns", "rows"}``; ``BadFrame`` when there is none."""
    try:
        told = json.loads(body)
        columns, rows = told["columns"], told["rows"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadFrame("A size is a JSON object with columns and rows.") from None
    if type(columns) is not int or type(rows) is not int:
        raise BadFrame("Columns and rows are whole numbers.")
    return Size.clamped(columns, rows)


def read_position(body: bytes) -> int:
    """The position in a ``SEEN`` frame, decimal digits."""
    if not body.isdigit() or len(body) > 15:
        raise BadFrame("A position is a number of at most 15 digits.")
    return int(body)


def json_frame(kind: bytes, value: Any) -> bytes:
    """A frame whose body is JSON."""
    return kind + json.dumps(value, separators=(",", ":")).encode()
