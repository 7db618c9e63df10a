"""What a run is: its input, its steps, its approvals, and the states that each may be in.

The values are rows' contents; what changes them is ``littoral.orchestrator.machine``. Times are
milliseconds since 1970, amounts of credits are millicredits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal

RunKind = Literal["command", "commands", "task"]
Phase = Literal["queued", "planning", "waiting_for_approval", "running"]
Outcome = Literal["completed", "failed", "cancelled", "rejected", "expired", "budget_exceeded"]
StepStatus = Literal[
    "pending",
    "waiting_for_approval",
    "running",
    "completed",
    "failed",
    "cancelled",
    "skipped",
    "unknown",
]
Risk = Literal["deletes", "spends", "leaves the sandbox"]
ApprovalState = Literal["waiting", "approved", "rejected", "expired"]
RunEvent = Literal[
    "run.created",
    "run.planned",
    "run.approval_requested",
    "run.approved",
    "run.started",
    "run.paused",
    "run.resumed",
    "run.cancelling",
    "run.completed",
    "run.failed",
    "run.cancelled",
    "run.rejected",
    "run.expired",
    "run.budget_exceeded",
    "step.started",
    "step.output",
    "step.output_skipped",
    "step.completed",
    "artifact.saved",
    "artifact.lost",
    "credits.reserved",
    "credits.settled",
]

OUTCOMES: Final[tuple[Outcome, ...]] = (
    "completed",
    "failed",
    "cancelled",
    "rejected",
    "expired",
    "budget_exceeded",
)
STATUSES: Final = ("queued", "planning", "waiting_for_approval", "running", "paused", *OUTCOMES)
ENDED_STEP: Final = frozenset({"completed", "failed", "cancelled", "skipped", "unknown"})


@dataclass(frozen=True, kw_only=True)
class RunInput:
    """What was asked for. One of ``commands`` and ``task`` is given.

    ``max_credits`` is the run's own budget in millicredits, ``None`` for what its time costs.
    """

    kind: RunKind
    commands: tuple[str, ...] = ()
    task: str = ""
    require_approval: bool = False
    timeout_seconds: int = 600
    approval_timeout_seconds: int = 86_400
    network: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    max_credits: int | None = None


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run. ``draft`` until its credits are reserved: nobody else sees it before.

    ``outcome`` is decided before the run has ended: then artifacts are collected and credits
    settled, and ``ended_at_ms`` is written last. ``reason`` is what somebody said who ended it.
    ``motor`` counts the workflow instances that drove it, ``plan_cost`` is what planning used.
    ``held`` says that its sandbox was asked for, ``boot`` names the container that has its files,
    ``trace`` is the ``traceparent`` of the request that began it,
    and ``artifacts_lost`` that these were gone before its artifacts could be kept.
    """

    id: str
    owner: str
    user_id: str
    title: str
    input: RunInput
    created_at_ms: int
    draft: bool = True
    session_id: str | None = None
    restarted_from: str | None = None
    phase: Phase = "queued"
    paused: bool = False
    cancelling_at_ms: int | None = None
    reason: str = ""
    outcome: Outcome | None = None
    decided_at_ms: int | None = None
    error: dict[str, str] | None = None
    exit_code: int | Literal["unknown"] | None = None
    isolation: str = ""
    reserved: int = 0
    settled: int | None = None
    model: str = ""
    plan_cost: int = 0
    plan_tokens: tuple[int, int] = (0, 0)
    held: bool = False
    boot: str = ""
    artifacts: tuple[dict[str, Any], ...] | None = None
    artifacts_lost: bool = False
    tail: str = ""
    steps_total: int = 0
    steps_done: int = 0
    motor: int = 0
    trace: str = ""
    started_at_ms: int | None = None
    ended_at_ms: int | None = None

    @property
    def status(self) -> str:
        """The state as everybody sees it."""
        if self.ended_at_ms is not None and self.outcome is not None:
            return self.outcome
        return "paused" if self.paused else self.phase

    @property
    def over(self) -> bool:
        """Whether no command is begun any more."""
        return self.outcome is not None

    @property
    def ended(self) -> bool:
        return self.ended_at_ms is not None

    @property
    def sandbox_id(self) -> str:
        return self.session_id or self.id


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command of a run.

    ``begun`` says that the sandbox confirmed the start: from then on it is never started again.
    ``last_seq`` is the last piece of its output that is in the events.
    """

    run_id: str
    index: int
    title: str
    command: str
    status: StepStatus = "pending"
    risk: Risk | None = None
    needs_approval: bool = False
    begun: bool = False
    exit_code: int | None = None
    signal: str | None = None
    reason: str | None = None
    started_at_ms: int | None = None
    ended_at_ms: int | None = None
    deadline_seconds: float = 0
    deadline_is_budget: bool = False
    stdout_bytes: int = 0
    stderr_bytes: int = 0
    skipped_bytes: int = 0
    kept_bytes: int = 0
    last_seq: int = 0

    @property
    def ended(self) -> bool:
        return self.status in ENDED_STEP

    @property
    def exec_id(self) -> str:
        """Names the command in the sandbox; the same at every try."""
        return f"{self.run_id}-{self.index}"

    @property
    def running_ms(self) -> int:
        if self.started_at_ms is None or self.ended_at_ms is None:
            return 0
        return max(0, self.ended_at_ms - self.started_at_ms)


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A question that waits for a person. ``step`` is an index, ``None`` for the whole run."""

    id: str
    run_id: str
    step: int | None
    question: str
    requested_at_ms: int
    expires_at_ms: int
    state: ApprovalState = "waiting"
    decided_at_ms: int | None = None
    note: str = ""
