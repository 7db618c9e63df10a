"""What the data agent remembers: watches by id, and breakers of the hosts that they ask.

A fold of events, in place; what is decided on messages is ``data_agent``'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.clock import iso_or_none
from littoral.mesh.watch import breaker, limits

State = dict[str, Any]
Watch = Mapping[str, Any]


def initial() -> State:
    return {"watches": {}, "breakers": {}}


def fold(state: State, event_type: str, body: Mapping[str, Any], at_ms: int) -> None:
    """One event. Total: an unknown type, or one about a watch that has gone, changes nothing."""
    if event_type in breaker.TYPES:
        breaker.apply(state["breakers"], event_type, body)
        return
    watches = state["watches"]
    watch_id = str(body.get("watchId", ""))
    if event_type == "watch.started":
        watches[watch_id] = _new(watch_id, body, at_ms)
    elif event_type == "watch.stopped":
        watches.pop(watch_id, None)
    elif watch_id in watches:
        _fold_one(watches[watch_id], event_type, body, at_ms)


def _new(watch_id: str, body: Mapping[str, Any], at_ms: int) -> dict[str, Any]:
    wanted = ("url", "host", "name", "everySeconds", "question", "webhookId", "payer")
    return {
        "id": watch_id,
        **{key: body.get(key) for key in wanted},
        "paused": False,
        "postponed": False,
        "createdAt": at_ms,
        "lastLookAt": 0,
        "lastChangeAt": 0,
        "nextLookAt": 0,
        "looks": 0,
        "changes": 0,
        "failures": 0,
        "hash": "",
        "title": "",
        "error": None,
    }


def _fold_one(watch: State, event_type: str, body: Mapping[str, Any], at_ms: int) -> None:
    if event_type == "watch.edited":
        watch.update(body.get("changed", {}))
        if body.get("anew"):
            watch.update(hash="", title="", failures=0, error=None, nextLookAt=0)
    elif event_type == "look.postponed":
        watch.update(nextLookAt=body["until"], postponed=True)
    elif event_type == "look.failed":
        watch["looks"] += 1
        watch["failures"] += 1
        watch.update(error=body["error"], lastLookAt=at_ms, nextLookAt=body["nextLookAt"])
        watch["postponed"] = False
    elif event_type in ("page.read", "page.unchanged", "page.changed"):
        watch["looks"] += 1
        watch.update(error=None, failures=0, lastLookAt=at_ms, nextLookAt=body["nextLookAt"])
        watch["postponed"] = False
        if event_type != "page.unchanged":
            watch.update(hash=body["hash"], title=body["title"])
        if event_type == "page.changed":
            watch["changes"] += 1
            watch["lastChangeAt"] = at_ms


def view(watch: Watch) -> dict[str, Any]:
    """A watch as routes and the page have it."""
    failing = watch["failures"] >= limits.FAILING
    times = ("createdAt", "lastLookAt", "lastChangeAt", "nextLookAt")
    hidden = ("hash", "paused", "postponed", "host", "payer")
    shown = {key: value for key, value in watch.items() if key not in hidden}
    return {
        **shown,
        **{key: iso_or_none(watch[key] or None) for key in times},
        "nextLookAt": None if watch["paused"] else iso_or_none(watch["nextLookAt"] or None),
        "status": "paused" if watch["paused"] else "failing" if failing else "active",
    }
