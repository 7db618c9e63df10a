"""The observer of this isolate, as the standard library's loggers are there for everybody.

``littoral.platform.telemetry`` installs the one that tells what it noted; until then, and in tests,
there is one that only counts in memory.
"""

from __future__ import annotations

from littoral.clock import SystemClock
from littoral.ops.observer import Observer
from littoral.ops.recorder import Recorder

_held: list[Observer] = []


def observer() -> Observer:
    """The observer of this isolate."""
    if not _held:
        install(Observer(Recorder(), SystemClock(), share=0.0))
    return _held[0]


def install(made: Observer) -> None:
    """Puts an observer in the place of the one before."""
    _held[:] = [made]
