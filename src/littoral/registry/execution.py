"""An execution: one call of a registry agent, from the request to its end.

    pending ─► running ─► completed · failed · cancelled

``stage`` is the object's own note of how far it came: what a kill may repeat and what it may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, get_args

from littoral.clock import iso, iso_or_none
from littoral.credits.amount import credits_of
from littoral.errors import Conflict, Interrupted, LittoralError, problem
from littoral.registry.agent import Definition

ExecutionStatus = Literal["pending", "running", "completed", "failed", "cancelled"]
STATUSES: Final[tuple[ExecutionStatus, ...]] = get_args(ExecutionStatus)
EXECUTION_PREFIX: Final = "exe"

Stage = Literal["asked", "accepted", "spending", "over"]
"""``asked``: credits may not be set aside yet. ``accepted``: they are, nothing is spent.
``spending``: a model was asked. ``over``: the outcome is written."""

ExecutionEvent = Literal[
    "execution.started",
    "execution.output",
    "execution.completed",
    "execution.failed",
    "execution.cancelled",
]

_CUT: Final = 400


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What a caller asks of an agent, after it was checked."""

    agent_id: str
    agent_name: str
    agent_version: int
    definition: Definition
    input: str
    variables: Mapping[str, str]
    prompt: str
    session_id: str | None
    place: str
    edge_location: str
    fingerprint: str

    def to_row(self) -> dict[str, Any]:
        """As it is stored, and as it travels to the object."""
        return {**asdict(self), "definition": self.definition.to_row()}

    @classmethod
    def of_row(cls, raw: Mapping[str, Any]) -> Ask:
        """Reads what ``to_row`` wrote."""
        return cls(**{**raw, "definition": Definition.of_row(raw["definition"])})


@dataclass(frozen=True, kw_only=True)
class Execution:
    """One execution as it stands. Amounts are millicredits, times ms since 1970.

    ``listed`` and ``charged`` say whether the list and the ledger know the end. ``beginnings``
    counts lives of the object that took it up. ``trace`` is the ``traceparent`` of the request.
    """

    id: str
    owner: str
    user_id: str
    ask: Ask
    created_at_ms: int
    status: ExecutionStatus = "pending"
    stage: Stage = "asked"
    reserved: int = 0
    cost: int = 0
    started_at_ms: int | None = None
    ended_at_ms: int | None = None
    output: str | None = None
    model: str = ""
    degraded: bool = False
    input_tokens: int = 0
    output_tokens: int = 0
    cached_at_ms: int | None = None
    filtered: tuple[Mapping[str, Any], ...] = ()
    citations: tuple[Mapping[str, Any], ...] = ()
    error: Mapping[str, Any] | None = None
    listed: bool = False
    charged: bool = False
    beginnings: int = 0
    trace: str = ""

    @property
    def over(self) -> bool:
        return self.stage == "over"

    @property
    def latency_ms(self) -> int | None:
        """From the request to the end; ``None`` before that."""
        if self.ended_at_ms is None:
            return None
        return max(0, self.ended_at_ms - self.created_at_ms)

    def to_json(self) -> dict[str, Any]:
        """As callers see it."""
        age = None
        if self.cached_at_ms is not None:
            age = max(0, (self.started_at_ms or self.created_at_ms) - self.cached_at_ms) // 1000
        return {
            "id": self.id,
            "agentId": self.ask.agent_id,
            "agentName": self.ask.agent_name,
            "agentVersion": self.ask.agent_version,
            "input": self.ask.input,
            "variables": dict(self.ask.variables),
            "output": self.output,
            "status": self.status,
            "edgeLocation": self.ask.edge_location,
            "requestedLocation": self.ask.place,
            "latencyMs": self.latency_ms,
            "tokens": {"input": self.input_tokens, "output": self.output_tokens},
            "credits": credits_of(self.cost),
            "model": self.model or self.ask.definition.model,
            "degraded": self.degraded,
            "cached": self.cached_at_ms is not None,
            "cacheAgeSeconds": age,
            "filtered": [dict(each) for each in self.filtered],
            "citations": [dict(each) for each in self.citations],
            "error": None if self.error is None else dict(self.error),
            "sessionId": self.ask.session_id,
            "createdAt": iso(self.created_at_ms),
            "startedAt": iso_or_none(self.started_at_ms),
            "endedAt": iso_or_none(self.ended_at_ms),
        }


def error_of(error: BaseException) -> dict[str, Any]:
    """What an execution keeps of an error; an unknown exception loses its text."""
    body = problem(error)
    return {
        "code": body["code"],
        "detail": body["detail"],
        "retryable": body["retryable"],
        "nextStep": body["nextStep"],
    }


def interrupted() -> LittoralError:
    """The error of an execution whose object was cut off after its model had been asked."""
    return Interrupted(
        "The execution was cut off after the model had been asked; nothing is charged for it.",
        next_step="Execute it again, with a new Idempotency-Key.",
    )


def used_otherwise() -> Conflict:
    """The error for an ``Idempotency-Key`` that comes again with another request."""
    return Conflict(
        "This Idempotency-Key was used for another execution.",
        next_step="Use a new key for a new execution.",
    )


def summary_of(execution: Mapping[str, Any]) -> dict[str, Any]:
    """An execution as lists on sockets show it: long texts are cut, details are left out."""
    shown = {
        name: value
        for name, value in execution.items()
        if name not in ("variables", "citations", "filtered")
    }
    for name in ("input", "output"):
        text = shown.get(name)
        if isinstance(text, str) and len(text) > _CUT:
            shown[name] = text[:_CUT]
            shown["cut"] = True
    return shown
