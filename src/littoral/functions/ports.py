"""What an owner's functions need from outside: a purse, a queue, builds, makers.

The implementations over the platform are in ``littoral.platform``; the doubles in ``tests/fakes``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from littoral.agent.alarm import AlarmClock
from littoral.agent.connection import Connections
from littoral.credits.usage import Usage
from littoral.functions.job import Job, JobInput, Made
from littoral.store.sql import Sql


class Purse(Protocol):
    """Credits of all users (``littoral.credits.ledger``). Every call may be repeated safely."""

    async def reserve(self, user_id: str, amount: int, *, ref: str, kind: str) -> None:
        """Sets millicredits aside; raises ``InsufficientCredits`` or ``BudgetExceeded``."""
        ...

    async def settle(self, user_id: str, *, ref: str, usage: Usage) -> int:
        """Charges what was used, at most what is set aside, and frees the rest."""
        ...

    async def release(self, user_id: str, *, ref: str) -> None:
        """Frees everything; nothing is charged."""
        ...


class Queue(Protocol):
    """The queue of jobs. Messages arrive at least once, or never after a crash of a local run."""

    async def send(self, owner: str, job_id: str, *, trace: str = "") -> None:
        """``trace`` goes along with the message. Raises ``DependencyUnavailable``."""
        ...


class Builds(Protocol):
    """Builds of the code agent. Every call may be repeated safely."""

    async def start(self, build_id: str, *, payer: str, query: str) -> None:
        """Begins the build of this id; one that exists already is left alone."""
        ...

    async def describe(self, build_id: str) -> Mapping[str, Any]:
        """The build's state; raises ``NotFound``."""
        ...

    async def cancel(self, build_id: str, reason: str) -> None:
        """Ends the build; one that has ended stays as it is."""
        ...


class Maker(Protocol):
    """Does what one type of function does."""

    async def make(self, job: Job, asked: JobInput, told: Callable[[str], None]) -> Made:
        """``told`` takes words about progress. Raises what another try may help with."""
        ...


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the object stands: its owner, and what the platform gives it."""

    owner: str
    sql: Sql
    connections: Connections
    alarm: AlarmClock
    purse: Purse
    queue: Queue
    builds: Builds
