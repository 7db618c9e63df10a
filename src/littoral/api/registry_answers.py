"""What answers about registry agents and executions look like, for the API description."""

from __future__ import annotations

from typing import Any

from littoral.api.answers import Answer
from littoral.registry.agent import CacheMode
from littoral.registry.execution import ExecutionStatus


class OutputFilterAnswer(Answer):
    """Which rules an agent's output passes."""

    secrets: bool
    personal_data: bool


class MemoryChoiceAnswer(Answer):
    """Whether the agent's memory is asked, and for how many passages."""

    enabled: bool
    passages: int


class AgentStats(Answer):
    """Of the executions that have ended. ``recentLatencies`` (ms): completed ones, oldest first."""

    executions: int
    failed: int
    p50_latency_ms: int | None
    last_at: str | None
    recent_latencies: list[int]


class _Defined(Answer):
    name: str
    description: str
    model: str
    prompt_template: str
    system_prompt: str
    temperature: float
    max_tokens: int
    edge_locations: list[str]
    output_filter: OutputFilterAnswer
    cache: CacheMode
    cache_seconds: int
    gateway: dict[str, Any] | None
    memory: MemoryChoiceAnswer
    version: int
    created_at: str


class AgentAnswer(_Defined):
    """A registry agent in its newest version."""

    id: str
    archived: bool
    updated_at: str
    stats: AgentStats


class AgentList(Answer):
    """Agents, newest first."""

    agents: list[AgentAnswer]
    cursor: str | None


class AgentVersionAnswer(_Defined):
    """An agent as it was defined once."""


class AgentVersionList(Answer):
    """Every version of an agent, newest first."""

    versions: list[AgentVersionAnswer]


class ExecutionTokens(Answer):
    """What the model read and wrote; 0 for a kept answer."""

    input: int
    output: int


class FilteredAnswer(Answer):
    """How often a rule took something out of the output."""

    rule: str
    count: int


class CitationAnswer(Answer):
    """A passage of the memory that the model was given; ``cited`` when it named the number."""

    number: int
    document_id: str
    title: str
    passage: str
    start: int
    end: int
    score: float
    cited: bool


class ExecutionError(Answer):
    """Why an execution did not complete."""

    code: str
    detail: str
    retryable: bool
    next_step: str


class ExecutionAnswer(Answer):
    """One execution. ``cacheAgeSeconds`` is how old a kept answer was when it was given."""

    id: str
    agent_id: str
    agent_name: str
    agent_version: int
    input: str
    variables: dict[str, str]
    output: str | None
    status: ExecutionStatus
    edge_location: str
    requested_location: str
    latency_ms: int | None
    tokens: ExecutionTokens
    credits: float
    model: str
    degraded: bool
    cached: bool
    cache_age_seconds: int | None
    filtered: list[FilteredAnswer]
    citations: list[CitationAnswer]
    error: ExecutionError | None
    session_id: str | None
    created_at: str
    started_at: str | None
    ended_at: str | None


class ExecutionList(Answer):
    """Executions, newest first."""

    executions: list[ExecutionAnswer]
    cursor: str | None


class ExecutionEventAnswer(Answer):
    """One numbered fact."""

    number: int
    type: str
    at: str
    data: dict[str, Any]


class ExecutionEventPage(Answer):
    """Events after a number; ``ended`` when no more will come. Then ``execution`` is there."""

    events: list[ExecutionEventAnswer]
    next: int
    ended: bool
    execution: ExecutionAnswer | None = None
