"""What answers about operations look like, for the API description."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from littoral.api.answers import Answer, Dependency


class Figures(Answer):
    """Of one row or point. Times are milliseconds; percentiles are read from buckets."""

    count: int
    per_second: float
    failed: int
    failed_share: float
    mean_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None


class RouteRow(Figures):
    """Requests of one route."""

    method: str
    route: str


class WorkRow(Figures):
    """Turns, runs, builds, jobs or executions of one kind of agent."""

    agent: str
    work: str


class CallRow(Figures):
    """Calls of one kind of object."""

    agent: str


class ModelRow(Figures):
    """Attempts at one model."""

    model: str


class QueueRow(Figures):
    """Messages of one queue."""

    queue: str


class StageRow(Figures):
    """One stage of one kind of workflow."""

    workflow: str
    stage: str


class OperationsSummary(Answer):
    """The last `minutes` minutes."""

    from_: str = Field(alias="from")
    until: str
    minutes: int
    trace_sample: float
    requests: Figures
    refused: int
    routes: list[RouteRow]
    agents: list[WorkRow]
    calls: list[CallRow]
    models: list[ModelRow]
    queues: list[QueueRow]
    stages: list[StageRow]
    tokens: list[dict[str, Any]]
    credits: list[dict[str, Any]]
    errors: list[dict[str, Any]]
    lost: list[dict[str, Any]]
    status: Literal["ready", "not_ready"]
    dependencies: dict[str, Dependency]
    notes: dict[str, Any]


class Point(Figures):
    """One step of time."""

    at: str
    at_ms: int
    sum: float


class SeriesLine(Answer):
    """One line of a chart; ``name`` is the value of the label that parts the lines."""

    name: str
    points: list[Point]


class OperationsSeries(Answer):
    """One metric over time."""

    metric: str
    by: str | None
    step_ms: int
    lines: list[SeriesLine]


class TraceLine(Answer):
    """One trace in a list."""

    trace_id: str
    name: str
    kind: str
    begun_at: str
    begun_ms: int
    duration_ms: int
    spans: int
    errors: int


class TraceList(Answer):
    """Traces that were sampled."""

    traces: list[TraceLine]


class TracePart(Answer):
    """One span."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: str
    begun_ms: int
    duration_ms: float
    status: Literal["ok", "error"]
    facts: dict[str, Any]


class TraceAnswer(TraceLine):
    """A trace with its spans, in the order of their beginning."""

    parts: list[TracePart]


class LogLines(Answer):
    """Lines of the log after a number; each has `number`, `at`, `kind` and its facts."""

    lines: list[dict[str, Any]]
