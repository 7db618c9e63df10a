"""What the orchestrator needs from outside: a purse, sandboxes, workflow instances, itself later.

The implementations over the platform are in ``littoral.platform``; the doubles in ``tests/fakes``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from littoral.agent.alarm import AlarmClock
from littoral.agent.connection import Connections
from littoral.credits.usage import Usage
from littoral.store.sql import Sql

WorkflowKind = Literal["run", "session"]


def instance_id(subject: str, number: int) -> str:
    """The run's or the session's id; later instances of the same one are counted."""
    return subject if number == 0 else f"{subject}-m{number}"


class Purse(Protocol):
    """Credits of all users (``littoral.credits.ledger``). Every call may be repeated safely."""

    async def reserve(
        self, user_id: str, amount: int, *, ref: str, kind: Literal["run", "session"]
    ) -> None:
        """Sets millicredits aside; raises ``InsufficientCredits`` or ``BudgetExceeded``."""
        ...

    async def settle(self, user_id: str, *, ref: str, usage: Usage) -> int:
        """Charges what was used, at most what is set aside, and frees the rest."""
        ...

    async def release(self, user_id: str, *, ref: str) -> None:
        """Frees everything; nothing is charged."""
        ...


class Sandbox(Protocol):
    """One sandbox object."""

    async def call(self, method: str, arguments: Mapping[str, Any] | None = None) -> Any:
        """Raises the error that it answered, ``DependencyUnavailable`` when it did not answer."""
        ...


class Workflows(Protocol):
    """The workflow engine."""

    async def create(
        self, kind: WorkflowKind, instance_id: str, subject: Mapping[str, Any]
    ) -> None:
        """Begins an instance. One that exists already is left alone."""
        ...

    async def tell(self, kind: WorkflowKind, instance_id: str) -> None:
        """Sends the event ``news``; it wakes an instance that a kill left lying.

        Raises ``DependencyUnavailable`` when there is no such instance or it has ended.
        """
        ...

    async def delete(self, kind: WorkflowKind, instance_ids: Sequence[str]) -> None:
        """Deletes up to 100 instances with what is stored of them; one that runs is stopped.

        One that does not exist is left out, so repeating is safe. Raises
        ``DependencyUnavailable`` when not all of them could be deleted.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the object stands: its owner, and what the platform gives it.

    ``sandbox`` gives the sandbox of an id; ``spawn`` runs a coroutine function in the background.
    """

    owner: str
    sql: Sql
    connections: Connections
    alarm: AlarmClock
    purse: Purse
    workflows: Workflows
    sandbox: Callable[[str], Sandbox]
    spawn: Callable[[Callable[[], Awaitable[Any]]], None]
