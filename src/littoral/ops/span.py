"""One piece of work of a trace, with its place, its time and few facts. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from littoral.ops.trace import Trace

SpanKind = Literal["http", "call", "work", "message", "stage", "model"]
Status = Literal["ok", "error"]

MOST_FACTS: Final = 8
MOST_CHARACTERS: Final = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """``parent_id`` is empty for the first of a trace. ``facts`` name no secret and no text of a
    user's: ids, names of methods, numbers, codes of errors."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: SpanKind
    begun_ms: int
    duration_ms: float
    status: Status = "ok"
    facts: Mapping[str, str | int | float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As it travels and as the API tells it."""
        return {
            "traceId": self.trace_id,
            "spanId": self.span_id,
            "parentId": self.parent_id,
            "name": self.name[:MOST_CHARACTERS],
            "kind": self.kind,
            "begunMs": self.begun_ms,
            "durationMs": self.duration_ms,
            "status": self.status,
            "facts": _bounded(self.facts),
        }

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Span:
        """What ``to_json`` gave; raises ``KeyError``, ``TypeError`` or ``ValueError``."""
        return cls(
            trace_id=str(raw["traceId"])[:32],
            span_id=str(raw["spanId"])[:16],
            parent_id=str(raw["parentId"])[:16],
            name=str(raw["name"])[:MOST_CHARACTERS],
            kind=raw["kind"],
            begun_ms=int(raw["begunMs"]),
            duration_ms=float(raw["durationMs"]),
            status="error" if raw["status"] == "error" else "ok",
            facts=_bounded(raw["facts"]),
        )


def span_at(
    place: Trace,
    parent_id: str,
    name: str,
    kind: SpanKind,
    *,
    begun_ms: int,
    ended_ms: int,
    ok: bool,
    facts: Mapping[str, str | int | float] | None = None,
) -> Span:
    """The span of a piece of work whose own place in the trace is ``place``."""
    return Span(
        trace_id=place.trace_id,
        span_id=place.span_id,
        parent_id=parent_id,
        name=name,
        kind=kind,
        begun_ms=begun_ms,
        duration_ms=max(0, ended_ms - begun_ms),
        status="ok" if ok else "error",
        facts=facts or {},
    )


def _bounded(facts: Mapping[str, Any]) -> dict[str, Any]:
    kept = list(facts.items())[:MOST_FACTS]
    return {
        str(name)[:40]: value if isinstance(value, (int, float)) else str(value)[:MOST_CHARACTERS]
        for name, value in kept
    }
