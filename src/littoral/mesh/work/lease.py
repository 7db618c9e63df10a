"""How long a part may be out: an offer waits for the worker's first word, a lease for the next one.

Owns the times that follow from the coordinator's state, and with them when it has to look again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.mesh.work.limits import OFFER_PATIENCE_MS
from littoral.mesh.work.task import is_active


def offer_until_ms(offer: int, at_ms: int) -> int:
    """Until when an offer is waited for; ``offer`` counts those of this try, from 1."""
    return at_ms + OFFER_PATIENCE_MS[min(offer, len(OFFER_PATIENCE_MS)) - 1]


def next_look_ms(state: Mapping[str, Any]) -> int | None:
    """The earliest time at which something has to happen by itself; ``None``: nothing ever."""
    times = [each["until"] for each in state["out"].values()]
    for task in state["tasks"].values():
        if is_active(task):
            times.append(task["deadline"])
            if task["draftUntil"] is not None:
                times.append(task["draftUntil"])
            times.extend(task["later"].values())
    return min(times, default=None)


def silent(state: Mapping[str, Any], now_ms: int) -> list[str]:
    """Parts whose worker said nothing in time."""
    return [key for key, each in state["out"].items() if each["until"] <= now_ms]
