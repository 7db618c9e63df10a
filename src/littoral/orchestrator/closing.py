"""The end of a run: artifacts, credits, the sandbox, the last event; in this order, each once.

Whoever comes first closes: the workflow's last stage, the object after a decision, the supervisor.
What fails is tried again by the next one; a sandbox that is gone keeps nothing from being closed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from littoral.clock import Clock
from littoral.errors import DependencyUnavailable, LittoralError
from littoral.orchestrator import limits
from littoral.orchestrator.changes import RunChanges
from littoral.orchestrator.charges import Charges
from littoral.orchestrator.ports import Purse, Sandbox
from littoral.orchestrator.run import Run
from littoral.orchestrator.run_book import RunBook

_log = logging.getLogger(__name__)


class Closing:
    """Closes the runs of one owner."""

    def __init__(
        self,
        *,
        book: RunBook,
        changes: RunChanges,
        charges: Charges,
        purse: Purse,
        sandbox: Callable[[str], Sandbox],
        clock: Clock,
    ) -> None:
        self._book = book
        self._changes = changes
        self._charges = charges
        self._purse = purse
        self._sandbox = sandbox
        self._clock = clock
        self._locks: dict[str, asyncio.Lock] = {}

    async def close(self, run_id: str) -> Run:
        """Closes a run whose outcome is decided; repeating is safe.

        Raises ``DependencyUnavailable`` while credits cannot be settled.
        """
        lock = self._locks.setdefault(run_id, asyncio.Lock())
        async with lock:
            run = self._book.get(run_id)
            if run.over and not run.ended:
                run = await self._collect(run)
                run = await self._settle(run)
                await self._stop(run)
                run = self._changes.ended(run_id)
            self._locks.pop(run_id, None)
            return run

    async def _collect(self, run: Run) -> Run:
        if run.artifacts is not None:
            return run
        if run.started_at_ms is None or not any(s.begun for s in self._book.steps(run.id)):
            return self._changes.artifacts(run.id, ())
        asked = {"runId": run.id, "boot": run.boot}
        try:
            found = await self._sandbox(run.sandbox_id).call("artifacts.collect", asked)
        except LittoralError as error:
            if isinstance(error, DependencyUnavailable) and self._patient(run):
                raise
            _log.warning("the artifacts of a run could not be collected: %s", error.detail)
            return self._changes.artifacts(run.id, (), lost=True)
        return self._changes.artifacts(run.id, found)

    async def _settle(self, run: Run) -> Run:
        if run.settled is not None:
            return run
        now = self._clock.now_ms()
        usage = self._charges.usage(run, self._book.steps(run.id), now)
        if usage is None:
            await self._purse.release(run.user_id, ref=run.id)
            return self._changes.settled(run.id, 0)
        charged = await self._purse.settle(run.user_id, ref=run.id, usage=usage)
        return self._changes.settled(run.id, charged)

    async def _stop(self, run: Run) -> None:
        """Ends the sandbox of a one-shot run; one of a session is only not needed any more."""
        if not run.held and run.started_at_ms is None:
            return
        method = "sandbox.stop" if run.session_id is None else "sandbox.release"
        try:
            await self._sandbox(run.sandbox_id).call(method, {"hold": run.id})
        except LittoralError as error:
            if isinstance(error, DependencyUnavailable) and self._patient(run):
                raise
            _log.warning("the sandbox of a run could not be let go: %s", error.detail)

    def _patient(self, run: Run) -> bool:
        return self._clock.now_ms() - (run.decided_at_ms or 0) < limits.LOST_AFTER_MS
