"""What answers about functions look like, for the API description."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from littoral.api.answers import Answer, TypeAlternative
from littoral.functions.function_type import FunctionType
from littoral.functions.human_task import TaskStatus
from littoral.functions.job import JobStatus


class FunctionUsage(Answer):
    """Tokens of all models that were asked."""

    input_tokens: int
    output_tokens: int


class ClassificationAnswer(Answer):
    """What words were found to be. ``type`` is null when it is not clear enough."""

    type: FunctionType | None
    confidence: float
    reasoning: str
    layer: Literal["explicit", "override", "rules", "cache", "model"]
    alternatives: list[TypeAlternative]
    needs_clarification: bool
    model: str


class ClassifiedAnswer(ClassificationAnswer):
    """The same, with what finding it out used."""

    degraded: bool
    usage: FunctionUsage


class FunctionCode(Answer):
    """The code that gave the result. ``reused``: it was kept from an earlier call."""

    language: Literal["python", "javascript"]
    hash: str
    version: int = 1
    source: str = ""
    reused: bool = False


class JobError(Answer):
    """Why a job did not complete."""

    code: str
    message: str
    next_step: str


class FunctionResult(Answer):
    """The end of a call."""

    job_id: str
    type: FunctionType
    status: JobStatus
    result: Any
    classification: ClassificationAnswer
    stdout: str
    error: JobError | None
    code: FunctionCode | None
    model: str
    degraded: bool
    usage: FunctionUsage
    latency_ms: int


class FunctionAccepted(Answer):
    """The job goes on. ``result`` names the human task or the build that it waits for."""

    job_id: str
    type: FunctionType | None
    status: JobStatus
    classification: ClassificationAnswer | None = None
    result: Any = None


class JobCredits(Answer):
    """Credits set aside, and what it cost when that is settled."""

    reserved: float
    settled: float | None


class JobSummary(Answer):
    """One line of a list."""

    job_id: str
    title: str
    type: FunctionType | None
    mode: Literal["sync", "async"]
    status: JobStatus
    attempts: int
    dead_letter: bool
    replay_of: str | None
    task_id: str | None
    session_id: str | None
    credits: JobCredits
    latency_ms: int | None
    created_at: str
    started_at: str | None
    ended_at: str | None


class JobList(Answer):
    """A page of jobs, newest first."""

    jobs: list[JobSummary]
    cursor: str | None


class JobProgress(Answer):
    """What a job was busy with."""

    at: str
    text: str


class JobExample(Answer):
    """What the function must give for some arguments."""

    args: Any
    result: Any


class JobAnswer(JobSummary):
    """Everything of one job."""

    description: str
    args: Any
    result_schema: dict[str, Any] | bool | None = Field(alias="schema")
    examples: list[JobExample]
    options: dict[str, Any]
    classification: ClassificationAnswer | None
    result: Any
    stdout: str
    error: JobError | None
    progress: list[JobProgress]
    code: FunctionCode | None
    model: str
    degraded: bool
    usage: FunctionUsage
    last_event: int


class JobEventAnswer(Answer):
    """A numbered fact about a job."""

    number: int
    type: str
    at: str
    data: dict[str, Any]


class JobEventPage(Answer):
    """Events in order. ``ended``: the last one of all is among those known now."""

    events: list[JobEventAnswer]
    next: int
    ended: bool


class HumanTaskAnswer(Answer):
    """A question to a person. ``form`` is the JSON Schema that the answer must fit."""

    task_id: str
    job_id: str
    title: str
    description: str
    args: Any
    form: dict[str, Any] | bool
    assignee: str
    note: str
    status: TaskStatus
    answer: Any
    reason: str
    created_at: str
    due_at: str
    reminded_at: str | None
    ended_at: str | None


class HumanTaskList(Answer):
    """Human tasks: those that wait oldest first, others newest first."""

    tasks: list[HumanTaskAnswer]


class OverrideAnswer(Answer):
    """What words mean to you."""

    key: str
    description: str
    type: FunctionType
    at: str


class OverrideList(Answer):
    """Everything that you said words mean, newest first."""

    overrides: list[OverrideAnswer]
