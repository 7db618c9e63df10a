"""Owns what set-up says while it works: one line when a step begins, its time when it ends."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(name: str) -> Iterator[None]:
    """Prints `name …` and then the seconds it took; nothing more when the step fails."""
    started = time.monotonic()
    say(f"  {name} …")
    yield
    say(f"  {name}: {time.monotonic() - started:.1f} s")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
