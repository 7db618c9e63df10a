"""What one agent of the mesh needs from outside: the way to the others, and the owner's mesh.

The implementations over the platform are in ``littoral.platform.mesh_object``; those in memory are
in ``tests.fakes.mesh``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from littoral.agent.alarm import AlarmClock
from littoral.clock import Clock, Ids
from littoral.mesh.kernel.envelope import Envelope
from littoral.mesh.kernel.event import MeshEvent
from littoral.mesh.kernel.permissions import Permissions
from littoral.store.sql import Sql

ReceiptStatus = Literal["taken", "duplicate", "waiting", "refused", "expired", "later"]


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What became of one delivery.

    ``taken`` now, ``duplicate`` before, ``waiting`` to be tried again by the receiver itself: the
    sender is done. ``refused`` and ``expired`` are final; ``later`` asks to come again. ``problem``
    is the error of the last three, ``reply`` what the receiver decided to say.
    """

    id: str
    status: ReceiptStatus
    reply: Mapping[str, Any] | None = None
    problem: Mapping[str, Any] | None = None

    @property
    def is_done(self) -> bool:
        return self.status in ("taken", "duplicate", "waiting")

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "reply": None if self.reply is None else dict(self.reply),
            "problem": None if self.problem is None else dict(self.problem),
        }

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Receipt:
        """What ``to_json`` wrote."""
        return cls(
            id=value["id"], status=value["status"], reply=value["reply"], problem=value["problem"]
        )


class Transport(Protocol):
    """The way to other agents of the same owner."""

    async def deliver(self, to: str, envelopes: Sequence[Envelope]) -> list[Receipt]:
        """Hands messages to one agent; one receipt each, in order.

        Raises ``LittoralError`` when there is no answer: any of them may have been taken.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Report:
    """What an agent tells the owner's mesh: who it is, how it is, and events in order.

    ``last`` is the number of its newest event; ``status`` has counts and the behaviour's own.
    """

    agent: str
    kind: str
    version: int
    capabilities: tuple[str, ...]
    last: int
    status: Mapping[str, Any]
    permissions: int
    events: Sequence[MeshEvent] = field(default_factory=tuple)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The mesh's answer: the last number it has, and the permissions when they are newer."""

    has: int
    permissions: Permissions | None = None


class Home(Protocol):
    """The owner's mesh, as its agents see it. Every call may be repeated safely."""

    async def report(self, report: Report) -> Heard:
        """Renews the agent's lease and takes what is new. Raises ``LittoralError``."""
        ...

    async def match(self, capability: str) -> str | None:
        """The name of an agent that has the capability and can take work."""
        ...


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one agent stands. ``jitter`` gives a number from 0 to 1; ``fault`` is for the log."""

    owner: str
    name: str
    sql: Sql
    alarm: AlarmClock
    transport: Transport
    home: Home
    clock: Clock
    ids: Ids
    jitter: Callable[[], float]
    fault: Callable[[BaseException, str], None]
