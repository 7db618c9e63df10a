"""The pool of workers: a bounded number of short-lived agents, each with a few slots for parts.

A worker exists while it has something to do: its object is woken by an offer and sleeps when its
parts are done. Which worker gets a part follows from what is out, so nobody has to be asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.mesh.work.limits import STAY_WITH_WORKER, WORKER_SLOTS

Counts = dict[str, int]


def free_slots(out: Mapping[str, Any], size: int) -> Counts:
    """Free slots by worker, those without one left out; ``size`` workers are in the pool."""
    free = {f"worker-{number}": WORKER_SLOTS for number in range(1, size + 1)}
    for each in out.values():
        if each["worker"] in free:
            free[each["worker"]] -= 1
    return {name: slots for name, slots in free.items() if slots > 0}


def choose(free: Mapping[str, int], part: Mapping[str, Any]) -> str:
    """The worker for a part: the one that may have begun it already, else the least busy.

    ``free`` must not be empty.
    """
    before, offers = part["worker"], part["offers"]
    if before in free and offers % STAY_WITH_WORKER:
        return str(before)
    others = [name for name in free if name != before] or list(free)
    return max(others, key=lambda name: free[name])
