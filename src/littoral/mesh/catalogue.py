"""The kinds of agents that a mesh has, as its lists and cards show them.

What an agent does is its behaviour's; where it runs is ``littoral.platform.mesh_object``'s. Every
account has one of each kind under the kind's name, and a pool of workers that come and go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from littoral.errors import NotFound
from littoral.mesh.kernel.envelope import kind_of_agent


@dataclass(frozen=True, kw_only=True)
class AgentKind:
    """``binding`` names the namespace of its objects; a ``pooled`` kind has no agent of its own
    name, but as many numbered ones as there is work for.
    """

    kind: str
    title: str
    binding: str
    description: str
    tags: tuple[str, ...]
    pooled: bool = False


KINDS: Final = {
    each.kind: each
    for each in (
        AgentKind(
            kind="coordinator",
            title="Coordinator",
            binding="COORDINATOR_AGENT",
            description="Takes a goal or a list of items, splits it into parts, hands them to "
            "workers and puts their results together.",
            tags=("planning", "coordination"),
        ),
        AgentKind(
            kind="worker",
            title="Worker",
            binding="WORKER_AGENT",
            description="Does parts of tasks, a few at a time: asks a model, calls a function, "
            "fetches a page, works on text.",
            tags=("model", "function", "fetch", "text"),
            pooled=True,
        ),
        AgentKind(
            kind="data",
            title="Data",
            binding="DATA_AGENT",
            description="Looks at web pages by schedule and tells when they have changed.",
            tags=("fetch", "watch"),
        ),
        AgentKind(
            kind="analysis",
            title="Analysis",
            binding="ANALYSIS_AGENT",
            description="Says what a change means, with a model.",
            tags=("analysis",),
        ),
        AgentKind(
            kind="notification",
            title="Notification",
            binding="NOTIFICATION_AGENT",
            description="Tells people: in the page, in a kept list, by signed webhooks.",
            tags=("notification", "webhook"),
        ),
    )
}


def kind_named(agent: str) -> AgentKind:
    """The kind of an agent; raises ``NotFound`` for a name that no agent can have."""
    found = KINDS.get(kind_of_agent(agent))
    if found is None or found.pooled != ("-" in agent):
        raise NotFound(
            f"The mesh has no agent {agent[:40]!r}.",
            next_step="List them with GET /api/mesh/agents.",
        )
    return found
