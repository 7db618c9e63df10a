"""Time and identity as the rest of the package sees them: two small protocols.

The real ones read the platform's clock and randomness when they are called, never at import: the
snapshot that a deploy takes forbids both.
"""

from __future__ import annotations

import secrets
import time
from binascii import b2a_base64
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

_ID_BYTES = 16
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


class Clock(Protocol):
    """Tells the time."""

    def now_ms(self) -> int:
        """Milliseconds since 1970-01-01 UTC."""
        ...


class Ids(Protocol):
    """Makes ids that nobody can guess."""

    def new(self, prefix: str) -> str:
        """``<prefix>_`` and 128 random bits as 22 URL-safe characters."""
        ...


class SystemClock:
    """The process's clock. On Workers it stands still between two awaits, by design."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000


class RandomIds:
    """Ids from the platform's cryptographic randomness, which is asked for 16 ids at a time."""

    def __init__(self) -> None:
        self._drawn = b""

    def new(self, prefix: str) -> str:
        drawn = self._drawn or secrets.token_bytes(16 * _ID_BYTES)
        self._drawn = drawn[_ID_BYTES:]
        bits = drawn[:_ID_BYTES]
        return f"{prefix}_{b2a_base64(bits, newline=False).translate(_URL_SAFE, b'=').decode()}"


def iso(at_ms: int) -> str:
    """ISO 8601 in UTC with milliseconds, as every JSON of ours has it."""
    second, millisecond = divmod(at_ms, 1000)
    return f"{_second(second)}.{millisecond:03}Z"


@lru_cache(maxsize=8)
def _second(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat().removesuffix("+00:00")


def iso_or_none(at_ms: int | None) -> str | None:
    """``iso`` that lets ``None`` through."""
    return None if at_ms is None else iso(at_ms)
