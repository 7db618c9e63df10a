"""The executions of one agent in one place, put together from their parts; plain Python.

``durable_objects/execution_agent.py`` gives it the platform's parts and hands it every event.
"""

from __future__ import annotations

import logging
from typing import Any

from littoral.clock import Clock
from littoral.errors import LittoralError
from littoral.orchestrator.watchers import Watchers
from littoral.registry import limits
from littoral.registry.answers import Answers
from littoral.registry.closing import Closing
from littoral.registry.executing import Executing, ExecutingParts
from littoral.registry.execution import Execution
from littoral.registry.execution_book import EXECUTION_BOOK_SCHEMA, ExecutionBook
from littoral.registry.execution_changes import ExecutionChanges
from littoral.registry.execution_desk import ExecutionDesk
from littoral.registry.listing import ExecutionListing
from littoral.registry.ports import Place
from littoral.settings import Settings
from littoral.store.migrations import migrate

_log = logging.getLogger(__name__)


class Executor:
    """Composition; ``on_start`` brings it to life."""

    def __init__(self, place: Place, *, settings: Settings, clock: Clock) -> None:
        migrate(place.sql, (EXECUTION_BOOK_SCHEMA,))
        self._place = place
        self._clock = clock
        self.watchers = Watchers()
        self.book = ExecutionBook(place.sql, clock)
        changes = ExecutionChanges(self.book, clock, self._told)
        listing = ExecutionListing(place.database, most_at_once=settings.executions_at_once)
        closing = Closing(place, self.book, listing)
        self.executing = Executing(
            ExecutingParts(
                place=place,
                book=self.book,
                changes=changes,
                listing=listing,
                closing=closing,
                answers=Answers(place.database),
                clock=clock,
                timeout_seconds=settings.model_timeout_seconds,
                fault=self.fault,
            )
        )
        self.desk = ExecutionDesk(
            owner=place.owner,
            book=self.book,
            changes=changes,
            executing=self.executing,
            closing=closing,
            clock=clock,
            accepting={},
        )

    def on_start(self) -> None:
        """Goes on with what was going on when the object lost its memory; call it once, first."""
        self.plan_alarm()

    async def on_alarm(self) -> None:
        """The alarm: sets the next one, so that nothing needs this life to go on; then looks."""
        self._place.alarm.rang()
        try:
            await self.desk.look()
        finally:
            self.plan_alarm()

    def plan_alarm(self) -> None:
        """Has the alarm ring soon as long as anything is unfinished."""
        if self.book.unfinished():
            self.watch()

    def watch(self) -> None:
        """Has the alarm ring soon: an execution begins."""
        self._place.alarm.at_latest(self._clock.now_ms() + limits.SUPERVISE_MS)

    def shown(self, execution: Execution) -> dict[str, Any]:
        """An execution as calls answer it."""
        return execution.to_json()

    def _told(self, execution_id: str) -> None:
        self.watchers.tell(execution_id)

    def fault(self, error: BaseException, where: str) -> None:
        """Something failed that should not have; for the log."""
        if isinstance(error, LittoralError):
            _log.warning("%s failed: %s", where, error.detail)
        else:
            _log.error("fault in %s", where, exc_info=error)
