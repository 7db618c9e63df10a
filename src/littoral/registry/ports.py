"""What executions need from outside: credits, the database, models by name, a memory, an ear.

The implementations over the platform are in ``littoral.platform``; the doubles in ``tests/fakes``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from littoral.agent.alarm import AlarmClock
from littoral.credits.till import Till
from littoral.memory.passages import PassageSource
from littoral.models.model import Model
from littoral.store.database import Database
from littoral.store.sql import Sql


class Ear(Protocol):
    """The owner's live view (``littoral.registry.live``)."""

    def tell(self, owner: str) -> None:
        """Something in the owner's list changed. Waits for nothing and never raises."""
        ...


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an object of executions stands, and what the platform gives it.

    ``model_named`` gives the chain of models that begins with the one of this id. ``passages`` is
    ``None`` where there are no memories.
    """

    owner: str
    sql: Sql
    alarm: AlarmClock
    till: Till
    database: Database
    model_named: Callable[[str], Model]
    passages: PassageSource | None
    ear: Ear
