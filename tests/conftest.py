"""Shared fixtures; tests/harness owns them. Importing starts nothing."""

from tests.harness.fixtures import (
    _scripted_ai,
    ai,
    killable_worker,
    make_killable_worker,
    near_port,
    offline_worker,
    pages_port,
    runtime,
    worker,
)

__all__ = [
    "_scripted_ai",
    "ai",
    "killable_worker",
    "make_killable_worker",
    "near_port",
    "offline_worker",
    "pages_port",
    "runtime",
    "worker",
]
