"""What people do with a run that exists: approve, reject, cancel, hold, let go on."""

from __future__ import annotations

import logging
from collections.abc import Callable

from littoral.clock import Clock
from littoral.errors import Conflict, LittoralError, NotFound
from littoral.orchestrator import limits
from littoral.orchestrator.changes import RunChanges
from littoral.orchestrator.closing import Closing
from littoral.orchestrator.motors import Motors
from littoral.orchestrator.ports import Sandbox
from littoral.orchestrator.run import Approval, Run, Step
from littoral.orchestrator.run_book import RunBook

_log = logging.getLogger(__name__)


class RunDesk:
    """Decisions about one owner's runs; each may be repeated."""

    def __init__(
        self,
        *,
        book: RunBook,
        changes: RunChanges,
        closing: Closing,
        motors: Motors,
        sandbox: Callable[[str], Sandbox],
        clock: Clock,
    ) -> None:
        self._book = book
        self._changes = changes
        self._closing = closing
        self._motors = motors
        self._sandbox = sandbox
        self._clock = clock

    # --- approvals -------------------------------------------------------------------------------

    async def approve(self, run_id: str, approval_id: str | None, note: str) -> Run:
        """Lets the run, or its step, go on. Raises ``NotFound`` or ``Conflict``."""
        approval = self._asked(run_id, approval_id, "approved")
        if approval.state == "waiting":
            self._changes.decided(approval, "approved", note)
            self.moved(self._book.get(run_id))
        return self._book.get(run_id)

    async def reject(self, run_id: str, approval_id: str | None, reason: str) -> Run:
        """Ends the run: nothing more of it is done. Raises ``NotFound`` or ``Conflict``."""
        approval = self._asked(run_id, approval_id, "rejected")
        if approval.state == "waiting":
            self._changes.decided(approval, "rejected", reason)
            self._changes.decide(run_id, "rejected", reason=reason)
        return await self._closed(run_id)

    async def expire(self) -> None:
        """Ends the runs whose approvals came too late."""
        now = self._clock.now_ms()
        for approval in self._book.waiting_approvals():
            if approval.expires_at_ms <= now:
                self._changes.decided(approval, "expired")
                self._changes.decide(approval.run_id, "expired")
                await self._closed(approval.run_id)

    def _asked(self, run_id: str, approval_id: str | None, wanted: str) -> Approval:
        self._book.get(run_id)
        approvals = self._book.approvals(run_id)
        waiting = [each for each in approvals if each.state == "waiting"]
        if approval_id is None:
            if not waiting:
                raise Conflict("No approval of this run waits for a decision.")
            found = waiting[0]
        else:
            named = [each for each in approvals if each.id == approval_id]
            if not named:
                raise NotFound(f"This run has no approval {approval_id[:60]!r}.")
            found = named[0]
        if found.state == "waiting" and found.expires_at_ms <= self._clock.now_ms():
            raise Conflict("The time for this decision is over.")
        if found.state not in ("waiting", wanted):
            raise Conflict(f"This approval was {found.state} already.")
        return found

    # --- cancel, pause, resume -------------------------------------------------------------------

    async def cancel(self, run_id: str, reason: str) -> Run:
        """Ends the run; a running command is told to end, then made to."""
        run = self._changes.cancelling(run_id, reason)
        if run.over:
            return await self._closed(run_id)
        step = self._changes.running_step(run_id)
        if step is not None and step.begun:
            grace = limits.CANCEL_GRACE_SECONDS
            await self._tell(run, step, "exec.cancel", {"graceSeconds": grace})
        self._motors.news("run", run_id, run.motor)
        return self._book.get(run_id)

    async def pause(self, run_id: str) -> Run:
        """Stops the running command where it is; no other one begins."""
        return await self._hold(run_id, paused=True)

    async def resume(self, run_id: str) -> Run:
        """Lets a paused run go on."""
        return await self._hold(run_id, paused=False)

    async def _hold(self, run_id: str, *, paused: bool) -> Run:
        run = self._book.get(run_id)
        if run.over or run.cancelling_at_ms is not None:
            raise Conflict(f"The run is {run.status} and cannot be {_held(paused)}.")
        run = self._changes.paused(run_id, paused=paused)
        step = self._changes.running_step(run_id)
        if step is not None and step.begun:
            await self._tell(run, step, "exec.pause" if paused else "exec.resume", {})
        if not paused:
            self._motors.news("run", run_id, run.motor)
        return self._book.get(run_id)

    async def _tell(self, run: Run, step: Step, method: str, more: dict[str, int]) -> None:
        """A sandbox that does not answer is told again by the supervisor, where that matters."""
        try:
            await self._sandbox(run.sandbox_id).call(method, {"execId": step.exec_id, **more})
        except LittoralError as error:
            _log.warning("%s did not reach the sandbox: %s", method, error.detail)

    # --- afterwards ------------------------------------------------------------------------------

    def moved(self, run: Run) -> None:
        """Something happened that the run's workflow waits for."""
        self._motors.news("run", run.id, run.motor)

    async def _closed(self, run_id: str) -> Run:
        """Closes a run at once; if that fails, its workflow or the supervisor does it."""
        try:
            run = await self._closing.close(run_id)
        except LittoralError as error:
            _log.warning("a run could not be closed yet: %s", error.detail)
            run = self._book.get(run_id)
        self.moved(run)
        return run


def _held(paused: bool) -> str:
    return "paused" if paused else "resumed"
