"""What the HTTP API needs from the rest of the platform.

``littoral.platform.gateway`` is the implementation over Durable Objects; ``tests.fakes.gateway`` is
the one in memory. Routes are tested against that one, and by ``tests/worker`` on the runtime.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from littoral.builder.blobs import Blobs

JsonObject = Mapping[str, Any]


class Remote(Protocol):
    """One object of the platform, called by name."""

    async def call(self, method: str, arguments: JsonObject | None = None) -> Any:
        """The method's result, as JSON values.

        Raises the ``LittoralError`` that the object answered, and ``DependencyUnavailable`` when
        the object did not answer at all (then it is not known whether the method took effect).
        """
        ...


DependencyStatus = Literal["ok", "degraded", "down"]


@dataclass(frozen=True, kw_only=True)
class DependencyState:
    """How one dependency was when it was last looked at. ``age_ms`` says how long ago that was.

    ``detail`` is for people and names no secrets. Only a dependency that is ``needed`` makes the
    platform not ready when it is down.
    """

    status: DependencyStatus
    latency_ms: float = 0.0
    age_ms: int = 0
    needed: bool = True
    detail: str = ""


class Gateway(Protocol):
    """The way from a door of the Worker to the objects behind it."""

    def agent(self, owner: str, session_id: str, *, bare: bool = False, payer: str = "") -> Remote:
        """The agent of a session. ``bare`` tells it that the caller has no cookie.

        ``payer`` tells it who pays and with which key (``Call.payer``), empty for a guest.
        """
        ...

    def directory(self, owner: str, *, payer: str = "") -> Remote:
        """The list of an owner's sessions."""
        ...

    def orchestrator(self, owner: str, *, payer: str = "") -> Remote:
        """The runs and sandbox sessions of an owner."""
        ...

    def functions(self, owner: str, *, payer: str = "") -> Remote:
        """The functions of an owner: their jobs and human tasks."""
        ...

    def mesh(self, owner: str, name: str = "mesh", *, payer: str = "") -> Remote:
        """An owner's mesh, or one of its agents by name. Raises ``NotFound`` for a name that
        cannot be.
        """
        ...

    async def artifact(self, owner: str, run_id: str, path: str) -> bytes | None:
        """A file that a run left, ``None`` when there is none of that path."""
        ...

    def sandbox(self, owner: str, sandbox_id: str, *, payer: str = "") -> Remote:
        """One of an owner's sandboxes, by the id of its session or run."""
        ...

    def build(self, owner: str, build_id: str, *, payer: str = "") -> Remote:
        """One of an owner's builds."""
        ...

    def blobs(self, owner: str, build_id: str) -> Blobs:
        """The contents of a build's files."""
        ...

    def memory(self, owner: str, agent_id: str, *, payer: str = "") -> Remote:
        """The memory of one of an owner's agents."""
        ...

    def executor(self, owner: str, agent_id: str, place: str, *, payer: str = "") -> Remote:
        """The executions of one of an owner's registry agents in one place."""
        ...

    def registry(self, owner: str) -> Remote:
        """The live view of an owner's registry agents and executions."""
        ...

    def key_sockets(self, user_id: str) -> Remote:
        """The object that ends a user's keys and the sockets that were opened with them."""
        ...

    def telemetry(self) -> Remote:
        """The one object that keeps counts, traces and the tail of the log."""
        ...

    async def ready(self) -> Mapping[str, DependencyState]:
        """The state of every dependency by name; looks at most every few seconds."""
        ...
