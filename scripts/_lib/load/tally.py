"""Owns what is counted while a load goes on: ends, latencies, errors by code."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import httpx

from _lib.load.client import Refused, Untrue
from benchmarks.samples import percentile

SAMPLES_KEPT = 3


@dataclass
class SurfaceTally:
    """Seconds of every operation that ended well, and errors by code with a few samples."""

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def fail(self, error: BaseException) -> None:
        code = code_of(error)
        self.errors[code] += 1
        if len(self.samples[code]) < SAMPLES_KEPT:
            self.samples[code].append(f"{type(error).__name__}: {error}"[:400])

    def milliseconds(self, percent: float) -> float | None:
        """A percentile of the latencies; `None` when nothing ended well."""
        return percentile(self.seconds, percent) * 1000 if self.seconds else None


class Tally:
    """All surfaces."""

    def __init__(self) -> None:
        self.surfaces: dict[str, SurfaceTally] = defaultdict(SurfaceTally)

    @property
    def done(self) -> int:
        return sum(len(each.seconds) for each in self.surfaces.values())

    @property
    def failed(self) -> int:
        return sum(each.errors.total() for each in self.surfaces.values())


def code_of(error: BaseException) -> str:
    """The server's own code, or what happened instead of an answer."""
    if isinstance(error, Refused):
        return error.code
    if isinstance(error, Untrue):
        return "untrue"
    if isinstance(error, (TimeoutError, httpx.TimeoutException)):
        return "timeout"
    if isinstance(error, httpx.TransportError):
        return "connection"
    return f"broken_{type(error).__name__}"
