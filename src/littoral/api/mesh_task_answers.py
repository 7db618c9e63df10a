"""What answers about tasks of the mesh look like, for the API description."""

from __future__ import annotations

from typing import Any

from littoral.api.answers import Answer
from littoral.mesh.work.part import PartStatus, Work
from littoral.mesh.work.task import TaskStatus


class MeshTaskStarted(Answer):
    """A task that goes on by itself; all its events have this `correlationId`."""

    task_id: str
    correlation_id: str
    status: TaskStatus
    created_at: str


class MeshTaskCancelled(Answer):
    """A task that was ended."""

    task_id: str
    correlation_id: str
    status: TaskStatus


class MeshError(Answer):
    """Why a part or a task failed."""

    code: str
    detail: str
    retryable: bool
    next_step: str = ""


class MeshCounts(Answer):
    """Parts by their state."""

    total: int
    waiting: int
    running: int
    completed: int
    failed: int
    cancelled: int
    expired: int


class MeshPart(Answer):
    """One part of a task. `worker` had it last; `attempts` counts tries."""

    id: str
    name: str
    work: Work
    status: PartStatus
    worker: str | None
    attempts: int
    result: Any
    error: MeshError | None
    took_ms: int | None


class MeshTaskSummary(Answer):
    """One line of a list. `credits` is null until the ledger has settled them."""

    task_id: str
    correlation_id: str
    goal: str
    work: Work | None
    status: TaskStatus
    error: MeshError | None
    credits: float | None
    deadline: str
    created_at: str
    ended_at: str | None
    counts: MeshCounts


class MeshTaskList(Answer):
    """A page of tasks, newest first."""

    tasks: list[MeshTaskSummary]
    cursor: str | None


class MeshTaskUsage(Answer):
    """Tokens of all models that were asked."""

    model: str | None
    input_tokens: int
    output_tokens: int


class MeshTask(MeshTaskSummary):
    """Everything of one task. `result` is the one part's, or a list of the parts' in order.

    `cut`: the results were too long for one answer, and later ones are left out.
    """

    usage: MeshTaskUsage
    parts: list[MeshPart]
    result: Any
    cut: bool


class ProjectionsRebuilt(Answer):
    """What a rebuild found; `equal`: the rows are what they were before."""

    events: int
    tasks: int
    equal: bool
    digest: str
    duration_ms: int
