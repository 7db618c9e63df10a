"""A job: one call of a function, from the request to its end. Values only.

queued ──► running ──► completed
   ▲          │  ├───► failed        (deadLetter: every try of it failed)
   └──────────┘  ├───► cancelled     (from any state before the end)
     again       └───► waiting ──► completed · failed · expired · cancelled
                       for a person or a build
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from littoral.functions.function_type import FunctionType

Mode = Literal["sync", "async"]
JobStatus = Literal["queued", "running", "waiting", "completed", "failed", "cancelled", "expired"]
JOB_STATUSES: Final[tuple[JobStatus, ...]] = get_args(JobStatus)
ENDED: Final = frozenset({"completed", "failed", "cancelled", "expired"})

JobEvent = Literal[
    "job.created",
    "job.started",
    "job.classified",
    "job.progress",
    "job.retrying",
    "job.waiting",
    "job.reminded",
    "job.completed",
    "job.failed",
    "job.cancelled",
    "job.expired",
]


@dataclass(frozen=True, kw_only=True)
class Example:
    """What the function must give for these arguments."""

    args: Any
    result: Any


@dataclass(frozen=True, kw_only=True)
class JobInput:
    """What was asked for; never changes. ``schema`` is ``None`` when none was given.

    ``wait_seconds`` is how long a sync call waits, ``deadline_seconds`` how long a person has.
    ``network`` names the hosts that the code may reach.
    """

    description: str
    args: Any = None
    schema: Any = None
    examples: tuple[Example, ...] = ()
    mode: Mode = "sync"
    type: FunctionType | None = None
    wait_seconds: int
    network: tuple[str, ...] = ()
    language: Literal["python", "javascript"] | None = None
    deadline_seconds: int
    assignee: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job as its row has it. Times are milliseconds, credits millicredits.

    ``draft``: its credits are not set aside yet. ``sent_at_ms`` and ``sends`` tell of its messages
    in the queue, ``next_try_at_ms`` when it may be tried again. ``cost`` is what it came to so far
    (``counted``: with the price of the call), ``settled`` what the ledger charged.
    ``trace`` is the ``traceparent`` of the request that made it.
    ``parts`` name what is kept beside the row (result, stdout, made schema, source of its code).
    """

    id: str
    owner: str
    user_id: str
    payer: str
    description: str
    mode: Mode
    status: JobStatus = "queued"
    draft: bool = True
    type: FunctionType | None = None
    classification: dict[str, Any] | None = None
    attempts: int = 0
    sends: int = 0
    sent_at_ms: int | None = None
    next_try_at_ms: int | None = None
    error: dict[str, Any] | None = None
    dead_letter: bool = False
    replay_of: str | None = None
    task_id: str | None = None
    session_id: str | None = None
    polls: int = 0
    stage: str = ""
    code: dict[str, Any] | None = None
    reserved: int = 0
    settled: int | None = None
    cost: int = 0
    counted: bool = False
    model: str = ""
    degraded: bool = False
    input_tokens: int = 0
    output_tokens: int = 0
    parts: tuple[str, ...] = ()
    trace: str = ""
    created_at_ms: int
    started_at_ms: int | None = None
    ended_at_ms: int | None = None

    @property
    def ended(self) -> bool:
        """Nothing happens to it any more."""
        return self.status in ENDED

    @property
    def to_do(self) -> bool:
        """Somebody has to work on it."""
        return not self.draft and self.status in ("queued", "running")


@dataclass(frozen=True, kw_only=True)
class Made:
    """What working on a job came to: a result, or something to wait for.

    ``error`` is a problem that trying again does not help, such as code that raised.
    """

    result: Any = None
    error: dict[str, Any] | None = None
    stdout: str = ""
    schema: Any = None
    code: dict[str, Any] | None = None
    seconds: float = 0.0
    model: str = ""
    degraded: bool = False
    input_tokens: int = 0
    output_tokens: int = 0
    task: dict[str, Any] | None = None
    session_id: str | None = None
