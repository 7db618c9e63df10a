"""Writing a build: its row and the event that tells of it, in one transaction, and who hears of it.

What the changes are is ``round_changes``, ``plan_changes``, ``file_changes`` and
``review_changes``. A change of the worker's is dropped by raising ``Overtaken`` when the round that
it belongs to does not go on any more: somebody cancelled meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from littoral.builder.build import Build, BuildEvent
from littoral.builder.build_book import BuildBook
from littoral.clock import Clock
from littoral.store.event_log import EventLog
from littoral.store.sql import Sql

Result = TypeVar("Result")


class Overtaken(Exception):
    """The build is not in the state any more that a step of work began in; nothing was written."""


class Journal:
    """One build's transactions. ``told`` is called after each, with whether it shows."""

    def __init__(
        self,
        sql: Sql,
        clock: Clock,
        book: BuildBook,
        events: EventLog,
        told: Callable[[bool], None],
    ) -> None:
        self.book = book
        self._sql = sql
        self._clock = clock
        self._events = events
        self._told = told

    def now_ms(self) -> int:
        return self._clock.now_ms()

    def change(self, work: Callable[[], Result], *, shown: bool = True) -> Result:
        """Runs ``work`` as one transaction; then tells whoever plans and, if it shows, watches."""
        result = self._sql.transaction(work)
        self._told(shown)
        return result

    def put(self, build: Build, **changes: Any) -> Build:
        """Writes the build with these changes. Call it inside a transaction."""
        changed = replace(build, **changes, updated_at_ms=self._clock.now_ms())
        self.book.put(changed)
        return changed

    def event(self, event_type: BuildEvent, data: dict[str, Any]) -> None:
        """Writes one event. Call it inside the transaction of its change."""
        self._events.append(event_type, data)

    def tell(self, event_type: str, data: dict[str, Any]) -> None:
        """The same for parts that do not know the builder's events."""
        self._events.append(event_type, data)

    def working(self, round_number: int) -> Build:
        """The build, for a step of this round; raises ``Overtaken`` when that has ended."""
        build = self.book.find()
        if build is None or not build.working or build.round is None:
            raise Overtaken
        if build.round.number != round_number:
            raise Overtaken
        return build
