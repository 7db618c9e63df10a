"""What a viewer's socket may send on to the sandbox, decided before it gets there.

The daemon inside the sandbox applies the same rule; this one holds although the daemon shares its
machine with whatever runs there. The frames: docs/socket-protocol.md.
"""

from __future__ import annotations

from typing import Final

SUBPROTOCOL: Final = "tty"
DEFAULT_TERMINAL: Final = "main"
PING: Final = "ping"
PONG: Final = "pong"

_PAUSE, _RESUME, _SEEN = 0x32, 0x33, 0x34
PASSIVE_FRAMES: Final = frozenset({_PAUSE, _RESUME, _SEEN})
"""First bytes of frames that steer only what the viewer itself is sent."""

MOST_FRAME_BYTES: Final = 64 * 1024

CLOSE_GONE: Final = 4410
"""The share was revoked or has expired."""
CLOSE_AWAY: Final = 4503
"""The sandbox went away; coming again wakes it."""


def may_pass(first_byte: int | None, length: int, *, read_only: bool) -> bool:
    """Whether a frame goes on. ``first_byte`` is ``None`` for an empty one."""
    if first_byte is None or length > MOST_FRAME_BYTES:
        return False
    return not read_only or first_byte in PASSIVE_FRAMES


def asked_protocol(header: str | None) -> str | None:
    """The sub-protocol to answer with; browsers give up when the one they asked for is missing."""
    asked = [each.strip() for each in (header or "").split(",")]
    return SUBPROTOCOL if SUBPROTOCOL in asked else None


def daemon_path(terminal: str, asked: str, *, read_only: bool) -> str:
    """The path on the daemon for a viewer; ``asked`` is the query as it came.

    The mode comes from the ticket alone, so every ``readonly`` and ``ticket`` of the query goes.
    """
    kept = [
        pair
        for pair in asked.split("&")
        if pair.partition("=")[0] in ("cols", "rows", "since", "shell", "restart")
    ]
    mode = ["readonly=1"] if read_only else []
    return f"/terminal/{terminal}?{'&'.join([*kept, *mode])}"
