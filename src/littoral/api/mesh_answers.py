"""What answers about the mesh itself look like, for the API description."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from littoral.api.answers import Answer


class MeshMember(Answer):
    """An agent as it was last heard. `inbox`, `outbox` and `effects` count what is before it."""

    name: str
    title: str
    kind: str
    status: Literal["active", "idle", "silent", "unreachable", "new"]
    version: int
    capabilities: list[str]
    lease_until: str | None
    heartbeat_at: str | None
    inbox: int
    outbox: int
    effects: int
    timers: int
    dead_letters: int
    breakers: list[dict[str, Any]]
    events: int


class MeshMembers(Answer):
    """All agents of the account's mesh."""

    agents: list[MeshMember]


class MeshMemberState(MeshMember):
    """An agent with its state; `null` when it is new, or its state is too long to be shown."""

    state: dict[str, Any] | None


class MeshEventAnswer(Answer):
    """One fact. `number` counts in its agent, `position` in the mesh; both have no gap."""

    position: int
    agent: str
    number: int
    type: str
    at: str
    version: int
    body: dict[str, Any]
    correlation_id: str
    causation_id: str
    sender: str | None = Field(default=None, alias="from")
    to: str | None = None


class MeshEventPage(Answer):
    """Events, oldest first. `next` is where to go on, `last` the newest position."""

    events: list[MeshEventAnswer]
    next: int
    last: int


class ReplayAnswer(Answer):
    """State built from events alone. `equal` is `null` when not all events were used.

    `state` is `null` when it is too long to be shown; `digest` is SHA-256 of its canonical JSON.
    """

    agent: str
    events: int
    up_to: int
    equal: bool | None
    state: dict[str, Any] | None
    digest: str
    live_digest: str
    upgraded: int
    duration_ms: int


class PermissionRuleAnswer(Answer):
    """One rule."""

    sender: str = Field(alias="from")
    to: str
    kind: str
    allow: bool


class PermissionsAnswer(Answer):
    """The rules that hold."""

    version: int
    rules: list[PermissionRuleAnswer]


class PermissionsChanged(PermissionsAnswer):
    """Agents in `pending` did not answer; they take the rules with their next report."""

    applied: list[str]
    pending: list[str]


class LetterEnvelope(Answer):
    """The message that is given up; `from` is `timer` or `engine` for what never was one."""

    id: str
    sender: str = Field(alias="from")
    to: str
    kind: str
    correlation_id: str
    body: dict[str, Any]


class LetterError(Answer):
    """Why."""

    code: str
    detail: str


class DeadLetter(Answer):
    """What is given up. `side` is `out` for a message of the agent's, `in` for one that came."""

    id: str
    agent: str
    side: Literal["in", "out"]
    envelope: LetterEnvelope
    error: LetterError
    attempts: int
    at: str


class DeadLetters(Answer):
    """The newest of all agents, newest first."""

    dead_letters: list[DeadLetter]


class LetterHandled(Answer):
    """What became of a dead letter."""

    id: str
    status: Literal["replayed", "discarded"]
