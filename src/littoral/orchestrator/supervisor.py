"""Looks at every active run every few seconds: what went missing is begun again, or given up.

It repairs what kills leave behind: a workflow that lies still, a command that nobody follows, a
cancellation that did not arrive, an outcome that was not closed, a draft whose caller went away.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from littoral.clock import Clock
from littoral.errors import LittoralError, NotFound
from littoral.orchestrator import limits
from littoral.orchestrator.changes import RunChanges
from littoral.orchestrator.closing import Closing
from littoral.orchestrator.motors import Motors
from littoral.orchestrator.ports import Purse, Sandbox
from littoral.orchestrator.run import Run, Step
from littoral.orchestrator.run_book import RunBook
from littoral.orchestrator.sandbox_reports import SandboxReports
from littoral.orchestrator.step_ends import LOST

_log = logging.getLogger(__name__)

STUCK = {
    "code": "dependency_unavailable",
    "message": "The workflow engine stopped answering for this run, again and again.",
    "nextStep": "Check what the finished steps have done, then start the run again.",
}


@dataclass(frozen=True, kw_only=True)
class SupervisorParts:
    """``expire`` ends the approvals whose time is over."""

    book: RunBook
    changes: RunChanges
    closing: Closing
    motors: Motors
    reports: SandboxReports
    purse: Purse
    sandbox: Callable[[str], Sandbox]
    expire: Callable[[], Awaitable[None]]
    clock: Clock


class Supervisor:
    """One look at a time."""

    def __init__(self, parts: SupervisorParts) -> None:
        self._parts = parts
        self.starting: set[str] = set()
        """Drafts that a request of this moment is reserving for."""
        self.sweeping: set[str] = set()
        """Drafts whose credits are being freed at this moment."""

    def next_look_ms(self) -> int | None:
        """When to look again; ``None`` while every run waits for a person."""
        now = self._parts.clock.now_ms()
        needed = any(self._needs_looking(run) for run in self._parts.book.active())
        return now + limits.SUPERVISE_MS if needed else None

    async def look(self) -> None:
        """Looks at all active runs. One that fails does not keep the others from it."""
        await self._parts.expire()
        for run in self._parts.book.active():
            try:
                await self._look(run)
            except LittoralError as error:
                _log.warning("a run could not be looked after: %s", error.detail)

    def _needs_looking(self, run: Run) -> bool:
        if run.draft or run.over or run.cancelling_at_ms is not None:
            return True
        if run.paused:
            return self._parts.changes.running_step(run.id) is not None
        return run.phase != "waiting_for_approval"

    async def _look(self, run: Run) -> None:
        if run.draft:
            await self._sweep(run)
        elif run.over:
            await self._close(run)
        elif self._needs_looking(run):
            step = self._parts.changes.running_step(run.id)
            if step is not None and step.begun:
                await self._look_at_command(run, step)
            if not self._parts.book.get(run.id).over:
                self._keep_moving(run)

    async def _sweep(self, run: Run) -> None:
        """Whoever asked for it got no answer and did not ask again."""
        age = self._parts.clock.now_ms() - run.created_at_ms
        if run.id in self.starting or age <= limits.DRAFT_MS:
            return
        self.sweeping.add(run.id)
        try:
            await self._parts.purse.release(run.user_id, ref=run.id)
            self._parts.book.forget(run.id)
        finally:
            self.sweeping.discard(run.id)

    async def _close(self, run: Run) -> None:
        age = self._parts.clock.now_ms() - (run.decided_at_ms or 0)
        if age >= limits.CLOSE_PATIENCE_MS:
            await self._parts.closing.close(run.id)
        else:
            self._keep_moving(run)

    async def _look_at_command(self, run: Run, step: Step) -> None:
        if run.cancelling_at_ms is not None:
            await self._cancel_again(run, step)
        await self._parts.reports.look(run, self._parts.book.step(run.id, step.index))

    async def _cancel_again(self, run: Run, step: Step) -> None:
        age = self._parts.clock.now_ms() - (run.cancelling_at_ms or 0)
        if age >= limits.CANCEL_PATIENCE_MS:
            self._parts.changes.step_ended(run.id, step.index, LOST)
            return
        grace = limits.CANCEL_GRACE_SECONDS
        asked = {"execId": step.exec_id, "graceSeconds": grace}
        try:
            await self._parts.sandbox(run.sandbox_id).call("exec.cancel", asked)
        except NotFound:
            self._parts.changes.step_ended(run.id, step.index, LOST)

    def _keep_moving(self, run: Run) -> None:
        if self._parts.motors.look("run", run.id, run.motor):
            return
        if run.motor + 1 >= limits.MOST_MOTORS:
            step = self._parts.changes.running_step(run.id)
            if step is not None and step.begun:
                return  # The command is followed without a workflow; its end decides.
            if step is not None:
                self._parts.changes.step_ended(run.id, step.index, LOST)
                return  # Nobody knows whether the sandbox has heard of it.
            self._parts.changes.decide(run.id, "failed", STUCK)
            return
        run = self._parts.changes.motor(run.id, run.motor + 1)
        self._parts.motors.begin("run", run.id, run.motor, trace=run.trace)
