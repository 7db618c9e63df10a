"""What answers look like, for the API description.

Routes do not build these models: their JSON comes from the objects as it is. The tests check that
it fits.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Answer(BaseModel):
    """What all answers have in common. Fields may be added in later versions."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class FieldProblem(Answer):
    """One value that breaks a rule."""

    field: str
    message: str


class TypeAlternative(Answer):
    """A type of function that words may mean, and how sure that is (0 to 1)."""

    type: Literal["code", "object", "agentic", "human"]
    confidence: float
    why: str


class Problem(Answer):
    """An error (RFC 9457). ``code`` is stable, ``nextStep`` says what to do."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    retryable: bool
    next_step: str
    errors: list[FieldProblem] = Field(default_factory=list)
    retry_after_seconds: float = 0
    job_id: str = ""
    alternatives: list[TypeAlternative] = Field(default_factory=list)


class Task(Answer):
    """A to-do. ``id`` counts within the session."""

    id: int
    title: str
    status: Literal["pending", "completed"]
    priority: Literal["low", "normal", "high"]
    due_at: str | None
    due_has_time: bool
    recurrence: str | None
    remind_at: str | None
    created_at: str
    completed_at: str | None


class Tasks(Answer):
    """All tasks of a session."""

    tasks: list[Task]


class Usage(Answer):
    """What an answer used of models."""

    input_tokens: int
    output_tokens: int
    cost_usd: float


class Approval(Answer):
    """A tool call that waits for your decision."""

    tool_call_id: str
    tool: str
    input: dict[str, Any]


class Approvals(Answer):
    """All calls of a session that wait."""

    approvals: list[Approval]


class ChatAnswer(Answer):
    """The answer to a message. ``degraded`` means that the model asked for did not give it.

    With ``approvals`` the answer goes on when they are decided.
    """

    content: str
    tasks: list[Task]
    session_id: str
    message_id: str
    model: str
    degraded: bool
    usage: Usage
    latency_ms: float
    outcome: str
    approvals: list[Approval]
    degraded_reason: str = ""


class Session(Answer):
    """A session in the list."""

    id: str
    title: str
    created_at: str
    updated_at: str
    message_count: int
    open_task_count: int
    preview: str


class Sessions(Answer):
    """A page of sessions, newest first."""

    sessions: list[Session]
    cursor: str | None


class SessionState(Answer):
    """A session with what is in it, messages aside."""

    session_id: str
    title: str
    tasks: list[Task]
    user_preferences: dict[str, Any]
    created_at: str
    updated_at: str
    message_count: int


class Message(Answer):
    """A message as the AI SDK has it (``UIMessage``)."""

    id: str
    role: Literal["user", "assistant", "system"]
    parts: list[dict[str, Any]]
    metadata: dict[str, Any] = Field(default_factory=dict)


class Messages(Answer):
    """A page of messages, oldest first. ``before`` asks for the page before it."""

    messages: list[Message]
    before: str | None


class Event(Answer):
    """A numbered fact of a session."""

    number: int
    type: str
    data: Any
    at: str


class Events(Answer):
    """Events after a number; ``next`` is the number to ask for next time."""

    events: list[Event]
    next: int


class SearchResult(Answer):
    """A place where the words were found; matches stand between U+0002 and U+0003."""

    session_id: str
    title: str
    message_id: str | None
    role: str
    snippet: str
    at: str


class SearchResults(Answer):
    """The best places first."""

    results: list[SearchResult]


class Limits(Answer):
    """How much is taken."""

    message_characters: int
    sessions: int
    tasks: int
    task_title_characters: int
    session_title_characters: int
    body_bytes: int


class Models(Answer):
    """Which models answer."""

    default: str
    fallbacks: list[str]


class Health(Answer):
    """The process runs."""

    status: Literal["ok"]
    version: str


class Dependency(Answer):
    """How a dependency was when it was last looked at, ``ageMs`` ago."""

    status: Literal["ok", "degraded", "down"]
    latency_ms: float
    age_ms: int
    needed: bool
    detail: str


class Ready(Answer):
    """Whether everything that is needed answers."""

    status: Literal["ready", "not_ready"]
    dependencies: dict[str, Dependency]
