"""What a build is: its states, its phases, its files, and the round of work that goes on.

The values are rows' contents; what changes them is ``littoral.builder.changes``. Times are
milliseconds since 1970, amounts of credits are millicredits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from littoral.builder.blueprint import Blueprint, PlannedPhase
from littoral.builder.budget import DEFAULT_BUDGET, Amounts

Mode = Literal["deterministic", "smart"]
BuildStatus = Literal[
    "drafting",
    "waiting",
    "building",
    "reviewing",
    "completed",
    "completed_with_issues",
    "failed",
    "cancelled",
    "budget_exceeded",
]
DevState = Literal["idle", "blueprint", "phase", "files", "review", "finalizing"]
PhaseStatus = Literal["pending", "running", "completed", "completed_with_issues"]
FileStatus = Literal["pending", "saved", "failed"]
RoundStage = Literal["asked", "open", "closing"]
BuildEvent = Literal[
    "build.created",
    "build.started",
    "build.resumed",
    "build.cancelled",
    "build.completed",
    "build.failed",
    "build.budget_exceeded",
    "blueprint.started",
    "blueprint.ready",
    "blueprint.edited",
    "action.chosen",
    "phase.started",
    "phase.completed",
    "file.started",
    "file.saved",
    "file.failed",
    "review.started",
    "review.completed",
    "review.reverted",
    "issue.found",
    "issue.fixed",
    "message.queued",
    "message.taken",
    "revision.saved",
    "revision.restored",
    "preview.opened",
    "preview.revoked",
]

MODES: Final[tuple[Mode, ...]] = get_args(Mode)
STATUSES: Final[tuple[BuildStatus, ...]] = get_args(BuildStatus)
ACTIVE: Final[frozenset[BuildStatus]] = frozenset({"drafting", "building", "reviewing"})
"""States in which the object works, and the build takes one of its user's places."""

BUILT: Final[frozenset[BuildStatus]] = frozenset({"completed", "completed_with_issues"})
ENDED: Final = BUILT | {"failed", "cancelled", "budget_exceeded"}


@dataclass(frozen=True, kw_only=True)
class Round:
    """One piece of work that is paid for: from the moment that it is asked for to its settlement.

    ``asked``: the place in the list and the credits are being asked for. ``open``: it goes on.
    ``closing``: its outcome is known, its credits are not settled yet. ``inputs`` and ``outputs``
    are its tokens, ``started`` whether files were begun, ``trace`` is the ``traceparent`` of the
    request that asked for it.
    """

    number: int
    stage: RoundStage
    reserved: int
    asked_at_ms: int
    limit: Amounts = DEFAULT_BUDGET
    used: Amounts = field(default_factory=Amounts)
    inputs: int = 0
    outputs: int = 0
    started: bool = False
    decisions: int = 0
    outcome: str = ""
    trace: str = ""

    def ref(self, build_id: str) -> str:
        """Its name in the ledger."""
        return f"{build_id}-{self.number}"


@dataclass(frozen=True, kw_only=True)
class Writing:
    """The file that is being written. ``attempt`` counts answers, ``starts`` kills as well."""

    path: str
    attempt: int = 1
    starts: int = 1
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Review:
    """A review that goes on. ``pending`` are the files that are still to be repaired.

    ``look`` counts from 1; ``repairing`` is so from its end to the next one. ``before`` are the
    fingerprints of what was open before the last repair, ``weight`` how bad that was, ``revision``
    the files as they were then.
    """

    look: int = 1
    repairing: bool = False
    pending: tuple[str, ...] = ()
    before: tuple[str, ...] | None = None
    weight: tuple[int, int] = (0, 0)
    revision: int | None = None


@dataclass(frozen=True, kw_only=True)
class Build:
    """One build. ``start``: the plan is built as soon as it is there.

    ``current`` is the index of the phase whose files are written. ``reviewed``: nothing was
    written since the last review. ``lost`` counts files given up one after the other, ``setbacks``
    stores that did not answer one after the other, until ``pause_until_ms``. ``wanted``: the limits
    of the round that shall begin when the blueprint is there. ``listed`` is what the list of builds
    was told last.
    """

    id: str
    owner: str
    user_id: str
    query: str
    mode: Mode
    start: bool
    created_at_ms: int
    updated_at_ms: int
    title: str = ""
    draft: bool = True
    status: BuildStatus = "drafting"
    dev: DevState = "blueprint"
    blueprint: Blueprint | None = None
    attempts: int = 0
    problem: str = ""
    current: int | None = None
    writing: Writing | None = None
    review: Review | None = None
    review_cycles: int = 0
    mvp: bool = False
    reviewed: bool = False
    lost: int = 0
    round: Round | None = None
    rounds: int = 0
    last_limit: Amounts = DEFAULT_BUDGET
    last_used: Amounts = field(default_factory=Amounts)
    wanted: Amounts | None = None
    decision: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    model: str = ""
    degraded: bool = False
    degraded_reason: str = ""
    setbacks: int = 0
    pause_until_ms: int = 0
    listed: str = ""

    @property
    def working(self) -> bool:
        """Whether the object has work to do for it now."""
        return self.status in ACTIVE and self.round is not None and self.round.stage == "open"

    @property
    def ended(self) -> bool:
        """Whether it is in a terminal state; messages, repairs and resuming leave it again."""
        return self.status in ENDED


@dataclass(frozen=True, kw_only=True)
class PhaseFile:
    """A file of a phase and what became of it."""

    path: str
    purpose: str
    status: FileStatus = "pending"


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A phase of the build. ``messages`` are the user's words that it is for, if it is."""

    index: int
    name: str
    description: str
    files: tuple[PhaseFile, ...]
    status: PhaseStatus = "pending"
    messages: tuple[str, ...] = ()

    @classmethod
    def of(cls, plan: PlannedPhase, index: int, messages: tuple[str, ...] = ()) -> Phase:
        """A phase that nothing was done of yet."""
        files = tuple(PhaseFile(path=each.path, purpose=each.purpose) for each in plan.files)
        return cls(
            index=index,
            name=plan.name,
            description=plan.description,
            files=files,
            messages=messages,
        )


@dataclass(frozen=True, kw_only=True)
class SavedFile:
    """A file as it is now. ``hash`` is the SHA-256 of its bytes, under which its content lies."""

    path: str
    hash: str
    bytes: int
    language: str
    phase: int
    updated_at_ms: int


@dataclass(frozen=True, kw_only=True)
class QueuedMessage:
    """What a user said about a build; ``taken`` into a phase or not yet."""

    number: int
    text: str
    at_ms: int
    taken: bool = False
