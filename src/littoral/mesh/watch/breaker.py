"""Circuit breakers whose every change is an event: the fold of these events is their state.

    closed ──(failures in a row)──▶ open ──(pause over, one trial)──▶ half_open
       ▲                             ▲                                    │
       └───────── trial succeeded ───┼───────────── trial failed ─────────┘

Pure, unlike ``littoral.models.breaker``, which lives in a process's memory: these survive kills and
are replayed. One belongs to one dependency by name: a host, a model. Each failed trial doubles the
pause. A trial that nobody reports on is given up after ``TRIAL_MS``.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any, Final

from littoral.clock import iso_or_none

FAILURES: Final = 3
PAUSE_MS: Final = 60_000
LONGEST_PAUSE_MS: Final = 3_600_000
TRIAL_MS: Final = 120_000
NAME_CHARACTERS: Final = 260

COUNTED: Final = "breaker.counted"
OPENED: Final = "breaker.opened"
HALF_OPENED: Final = "breaker.half_opened"
CLOSED: Final = "breaker.closed"
TYPES: Final = (COUNTED, OPENED, HALF_OPENED, CLOSED)

Breakers = MutableMapping[str, dict[str, Any]]
"""By name: ``{state, failures, openedAt, retryAt, pauses}``, times in milliseconds; 0 for none.

A breaker that is closed and has no failures is not there at all.
"""
Events = tuple[tuple[str, Mapping[str, Any]], ...]


def waits_until(breakers: Mapping[str, Mapping[str, Any]], name: str, now: int) -> int:
    """When this dependency may be asked again, in milliseconds; 0 for at once."""
    known = breakers.get(name)
    if known is None or known["state"] == "closed" or now >= known["retryAt"]:
        return 0
    return int(known["retryAt"])


def begun(breakers: Mapping[str, Mapping[str, Any]], name: str, now: int) -> Events:
    """What to record as a call begins that ``waits_until`` let through."""
    known = breakers.get(name)
    if known is None or known["state"] == "closed":
        return ()
    return ((HALF_OPENED, {"name": name, "retryAt": now + TRIAL_MS}),)


def failed(
    breakers: Mapping[str, Mapping[str, Any]], name: str, now: int, *, pause_ms: int = PAUSE_MS
) -> Events:
    """What to record when a call failed in a way that speaks against the dependency.

    One that comes in while the breaker is open, begun before that, changes nothing.
    """
    known = breakers.get(name) or {"state": "closed", "failures": 0, "pauses": 0}
    if known["state"] == "open":
        return ()
    failures = known["failures"] + 1
    if known["state"] == "closed" and failures < FAILURES:
        return ((COUNTED, {"name": name, "failures": failures}),)
    pauses = known["pauses"] + 1
    pause = min(pause_ms * 2 ** min(pauses - 1, 20), LONGEST_PAUSE_MS)
    body = {"name": name, "failures": failures, "openedAt": now, "retryAt": now + pause}
    return ((OPENED, {**body, "pauses": pauses}),)


def succeeded(breakers: Mapping[str, Mapping[str, Any]], name: str) -> Events:
    """What to record when the dependency answered: everything is forgiven."""
    return ((CLOSED, {"name": name}),) if name in breakers else ()


def apply(breakers: Breakers, event_type: str, body: Mapping[str, Any]) -> None:
    """The fold of one ``breaker.…`` event, in place. Total."""
    name = str(body.get("name", ""))
    if event_type == CLOSED:
        breakers.pop(name, None)
        return
    known = breakers.get(name) or {
        "state": "closed",
        "failures": 0,
        "openedAt": 0,
        "retryAt": 0,
        "pauses": 0,
    }
    told = {key: body[key] for key in ("failures", "openedAt", "retryAt", "pauses") if key in body}
    states = {COUNTED: "closed", OPENED: "open", HALF_OPENED: "half_open"}
    breakers[name] = {**known, **told, "state": states.get(event_type, known["state"])}


def views(breakers: Mapping[str, Mapping[str, Any]], agent: str) -> list[dict[str, Any]]:
    """As ``GET /api/mesh/breakers`` lists them, by name."""
    return [
        {
            "name": name,
            "agent": agent,
            "state": known["state"],
            "failures": known["failures"],
            "openedAt": iso_or_none(known["openedAt"] or None),
            "retryAt": iso_or_none(known["retryAt"] or None),
        }
        for name, known in sorted(breakers.items())
    ]
