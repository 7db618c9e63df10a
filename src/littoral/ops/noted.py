"""What was last heard of models and queues, from the notes of all isolates, as states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from littoral.api.gateway import DependencyState

RECENT_MS: Final = 900_000
"""A failure that is older says nothing about now."""


def models_state(
    notes: Mapping[str, Any], breakers: Mapping[str, str], models: Iterable[str], now_ms: int
) -> DependencyState:
    """The models' state: what their last calls came to, wherever they were made.

    ``breakers`` are this isolate's, ``models`` the ids that may answer, the offline one aside. With
    none of them, or with one that answers, all is well; what fails is passed over, so this is never
    ``down``: the offline model answers then.
    """
    told = []
    failing = 0
    for model in models:
        note = notes.get(f"model {model}")
        breaker = breakers.get(model, "closed")
        if note is not None and breaker == "closed":
            breaker = str(note["breaker"])
        failed = note is not None and note["outcome"] == "failed" and _is_recent(note, now_ms)
        failing += failed or breaker == "open"
        told.append(f"{model}: {_last(note, now_ms)}, breaker {breaker}")
    if not told:
        return DependencyState(status="ok", needed=False, detail="Only the offline model is set.")
    status = "degraded" if failing else "ok"
    return DependencyState(status=status, needed=False, detail="; ".join(told))  # type: ignore[arg-type]


def queue_state(
    note: Mapping[str, Any] | None, waiting: int | None, now_ms: int
) -> DependencyState:
    """A queue's state: what its last message came to, and how many wait, where that is told."""
    told = f"last message {_last(note, now_ms)}"
    if waiting is not None:
        told = f"{waiting} waiting; {told}"
    failed = note is not None and note["outcome"] == "failed" and _is_recent(note, now_ms)
    return DependencyState(status="degraded" if failed else "ok", detail=told)


def _is_recent(note: Mapping[str, Any], now_ms: int) -> bool:
    return now_ms - int(note["atMs"]) < RECENT_MS


def _last(note: Mapping[str, Any] | None, now_ms: int) -> str:
    if note is None:
        return "never seen"
    seconds = max(0, now_ms - int(note["atMs"])) // 1000
    why = f" ({note['code']})" if note.get("code") else ""
    return f"{note['outcome']}{why} {seconds} s ago"
