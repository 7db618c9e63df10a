"""What is counted: the list of metrics with their labels, and the bounds of the histograms.

Labels have few values each, and none of them comes from a user: routes are templates, methods of
objects stand in tables, models in settings. What is too many all the same is put together
(``littoral.ops.tally``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric. ``key`` is its name among us, ``name`` the one in ``/api/metrics``.

    A duration is counted in milliseconds here and told in seconds there.
    """

    key: str
    name: str
    kind: Literal["duration", "counter"]
    labels: tuple[str, ...]
    summary: str


BOUNDS_MS: Final = (
    1, 2, 5, 10, 20, 35, 50, 75, 100, 150, 250, 400, 600, 1_000,
    1_500, 2_500, 4_000, 6_000, 10_000, 20_000, 40_000, 90_000, 300_000,
)  # fmt: skip
"""Upper bounds of the buckets, each about half as much again as the last; one more holds the rest.

A percentile is read from the bucket that it falls into, so it is right to within that factor.
"""

HTTP: Final = "http"
CALL: Final = "call"
WORK: Final = "work"
MESSAGE: Final = "message"
STAGE: Final = "stage"
MODEL: Final = "model"
TOKENS: Final = "tokens"
CREDITS: Final = "credits"
ERRORS: Final = "errors"
LOST: Final = "lost"

METRICS: Final[dict[str, Metric]] = {
    each.key: each
    for each in (
        Metric(
            key=HTTP,
            name="littoral_http_request_duration_seconds",
            kind="duration",
            labels=("method", "route", "status"),
            summary="Time from a request to the head of its answer.",
        ),
        Metric(
            key=CALL,
            name="littoral_object_call_duration_seconds",
            kind="duration",
            labels=("agent", "method", "outcome"),
            summary="Time that an object took for one call of a method.",
        ),
        Metric(
            key=WORK,
            name="littoral_work_duration_seconds",
            kind="duration",
            labels=("agent", "work", "outcome"),
            summary="Time from the acceptance of a turn, run, build, job or execution to its end.",
        ),
        Metric(
            key=MESSAGE,
            name="littoral_queue_message_duration_seconds",
            kind="duration",
            labels=("queue", "outcome"),
            summary="Time that one message of a queue took its consumer.",
        ),
        Metric(
            key=STAGE,
            name="littoral_workflow_stage_duration_seconds",
            kind="duration",
            labels=("workflow", "stage", "outcome"),
            summary="Time of one stage of a workflow.",
        ),
        Metric(
            key=MODEL,
            name="littoral_model_call_duration_seconds",
            kind="duration",
            labels=("model", "outcome"),
            summary="Time of one attempt at a model, from asking to its last word.",
        ),
        Metric(
            key=TOKENS,
            name="littoral_model_tokens_total",
            kind="counter",
            labels=("model", "direction"),
            summary="Tokens that models read and wrote.",
        ),
        Metric(
            key=CREDITS,
            name="littoral_credits_total",
            kind="counter",
            labels=("agent",),
            summary="Credits that turns, runs, builds, jobs and executions came to.",
        ),
        Metric(
            key=ERRORS,
            name="littoral_errors_total",
            kind="counter",
            labels=("code",),
            summary="Errors that callers were told, by code.",
        ),
        Metric(
            key=LOST,
            name="littoral_telemetry_lost_total",
            kind="counter",
            labels=("what",),
            summary="Spans, log lines and series that were too many and not kept.",
        ),
    )
}
