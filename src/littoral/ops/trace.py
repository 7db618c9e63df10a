"""Where a piece of work stands in a trace: W3C Trace Context (``traceparent``), as values.

Parsing, making and passing on; what is going on now is ``littoral.ops.current``, what is kept of it
``littoral.ops.recorder``.
"""

from __future__ import annotations

import random
import re
import secrets
from typing import NamedTuple

TRACEPARENT = "traceparent"
"""The header that says which trace a request belongs to."""

TRACERESPONSE = "traceresponse"
"""The header of an answer that says which trace it was given in (Trace Context, level 2)."""

SAMPLED = 0x01

# Version 00 has exactly four fields; a later version may have more after them (W3C, 3.2.4).
_HEADER = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_LENGTH = 55
_NO_TRACE = "0" * 32
_NO_SPAN = "0" * 16


class _Digits:
    """Random digits for ids that only need to differ: nobody is kept out by them.

    Made at the first use: a deploy's snapshot forbids entropy at import, and would give every
    isolate the same digits.
    """

    def __init__(self) -> None:
        self._source: random.Random | None = None

    def bits(self, count: int) -> int:
        if self._source is None:
            self._source = random.Random(secrets.randbits(256))  # noqa: S311 - no secrets
        return self._source.getrandbits(count)


_digits = _Digits()


def new_span_id() -> str:
    """16 hexadecimal digits, not all zero."""
    return f"{_digits.bits(64) or 1:016x}"


class Trace(NamedTuple):
    """A place in a trace. ``span_id`` is the piece of work that what follows belongs to.

    ``sampled`` says whether spans of it are kept. A named tuple, because some are made in every
    turn of the chat and a frozen dataclass takes several times as long to make.
    """

    trace_id: str
    span_id: str
    sampled: bool

    @classmethod
    def begin(cls, share: float) -> Trace:
        """A new trace; ``share`` of them (0 to 1) are sampled, decided by the id alone."""
        number = _digits.bits(192) | 1 << 191 | 1
        digits = f"{number:048x}"
        # Bits of the trace's id, which are random in every generator that keeps to the standard.
        sampled = (number >> 64) & 0xFFFF_FFFF < share * 0x1_0000_0000
        return cls(digits[:32], digits[32:], sampled)

    @classmethod
    def read(cls, header: str | None) -> Trace | None:
        """The trace that a ``traceparent`` names; ``None`` for a missing or malformed one."""
        found = _HEADER.fullmatch(header.strip()) if header and len(header) <= 256 else None
        if found is None:
            return None
        version, trace_id, span_id, flags, more = found.groups()
        if version == "ff" or (version == "00" and more) or trace_id == _NO_TRACE:
            return None
        if span_id == _NO_SPAN:
            return None
        return cls(trace_id=trace_id, span_id=span_id, sampled=bool(int(flags, 16) & SAMPLED))

    @classmethod
    def of_ours(cls, header: str) -> Trace | None:
        """As ``read``, for what another part of the platform passed on: only looked at roughly."""
        if len(header) == _LENGTH and header.startswith("00-"):
            return cls(header[3:35], header[36:52], header[54] == "1")
        return cls.read(header)

    def header(self) -> str:
        """The ``traceparent`` that passes this place on."""
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"

    def child(self) -> Trace:
        """A new piece of work within this one; the same place where spans are not kept."""
        return Trace(self.trace_id, new_span_id(), True) if self.sampled else self
