"""What answers about runs and sandbox sessions look like, for the API description."""

from __future__ import annotations

from typing import Any, Literal

from littoral.api.answers import Answer

RunStatusName = Literal[
    "queued",
    "planning",
    "waiting_for_approval",
    "running",
    "paused",
    "completed",
    "failed",
    "cancelled",
    "rejected",
    "expired",
    "budget_exceeded",
]


class RunStarted(Answer):
    """The run was accepted and goes on by itself."""

    run_id: str
    status: RunStatusName


class RunCredits(Answer):
    """Credits set aside, and what it cost when that is settled."""

    reserved: float
    settled: float | None


class RunProgress(Answer):
    """Commands that have ended, of all."""

    done: int
    total: int


class RunSummary(Answer):
    """One line of a list."""

    id: str
    title: str
    kind: Literal["command", "commands", "task"]
    status: RunStatusName
    created_at: str
    started_at: str | None
    ended_at: str | None
    exit_code: int | Literal["unknown"] | None
    steps: RunProgress
    session_id: str | None
    credits: RunCredits
    waiting: bool


class RunList(Answer):
    """A page of runs, newest first."""

    runs: list[RunSummary]
    cursor: str | None


class RunStep(Answer):
    """One command. ``exitCode`` is there only when the system reported it."""

    index: int
    title: str
    command: str
    status: Literal[
        "pending",
        "waiting_for_approval",
        "running",
        "completed",
        "failed",
        "cancelled",
        "skipped",
        "unknown",
    ]
    exit_code: int | None
    signal: str | None
    reason: str | None
    needs_approval: bool
    risk: Literal["deletes", "spends", "leaves the sandbox"] | None
    started_at: str | None
    ended_at: str | None
    stdout_bytes: int
    stderr_bytes: int
    skipped_bytes: int


class RunApproval(Answer):
    """A question to a person. ``step`` is an index, ``null`` for the whole run."""

    id: str
    step: int | None
    state: Literal["waiting", "approved", "rejected", "expired"]
    question: str
    requested_at: str
    expires_at: str
    decided_at: str | None
    note: str


class WaitingRunApproval(RunApproval):
    """An approval in the inbox."""

    run_id: str
    run_title: str
    command: str | None


class RunApprovals(Answer):
    """Approvals of all runs that wait for a decision, oldest first."""

    approvals: list[WaitingRunApproval]


class Artifact(Answer):
    """A file that a run left in ``/workspace/artifacts``."""

    path: str
    bytes: int
    content_type: str


class Artifacts(Answer):
    """All files that a run left."""

    artifacts: list[Artifact]


class RunError(Answer):
    """Why a run did not complete."""

    code: str
    message: str
    next_step: str


class Run(Answer):
    """Everything of one run. ``output`` is the end of its standard output."""

    id: str
    title: str
    kind: Literal["command", "commands", "task"]
    status: RunStatusName
    cancelling: bool
    session_id: str | None
    restarted_from: str | None
    input: dict[str, Any]
    steps: list[RunStep]
    exit_code: int | Literal["unknown"] | None
    output: str
    approvals: list[RunApproval]
    credits: RunCredits
    artifacts: list[Artifact]
    artifacts_lost: bool
    isolation: str
    error: RunError | None
    created_at: str
    started_at: str | None
    ended_at: str | None
    last_event: int


class RunEventAnswer(Answer):
    """A numbered fact about a run."""

    number: int
    type: str
    at: str
    data: dict[str, Any]


class RunEventPage(Answer):
    """Events in order. ``ended``: the last one of all is among those known now."""

    events: list[RunEventAnswer]
    next: int
    ended: bool


class SandboxSessionStarted(Answer):
    """The sandbox is being made ready."""

    session_id: str
    status: Literal["starting", "ready", "asleep", "stopped", "failed"]


class SandboxSessionAnswer(Answer):
    """A sandbox that stays."""

    id: str
    name: str
    status: Literal["starting", "ready", "asleep", "stopped", "failed"]
    created_at: str
    last_used_at: str
    ended_at: str | None
    isolation: str
    network: list[str]
    ports: list[int]
    error: RunError | None


class SandboxSessions(Answer):
    """Your sandbox sessions, open ones first."""

    sessions: list[SandboxSessionAnswer]
