"""The stages of a run as its workflow asks for them: each looks at the rows and does what is left.

A stage answers ``go`` (it is done), ``wait`` (ask again after news, or after so many seconds) or
``over`` (the run's outcome is decided: go on to closing). It may be asked any number of times, by
more than one workflow instance and after any kill: what was done is in the rows, and what is done
in the world is named such that doing it again changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from littoral.clock import Clock, Ids
from littoral.credits.amount import of_usd
from littoral.errors import (
    CallerError,
    InsufficientCredits,
    LimitError,
    LittoralError,
    NotFound,
    OutsideError,
)
from littoral.errors import problem as problem_of
from littoral.orchestrator.changes import RunChanges
from littoral.orchestrator.charges import Charges
from littoral.orchestrator.closing import Closing
from littoral.orchestrator.planner import Planner
from littoral.orchestrator.ports import Purse, Sandbox
from littoral.orchestrator.run import Approval, Run, Step
from littoral.orchestrator.run_book import RunBook
from littoral.orchestrator.sandbox_session import SandboxSession, SessionBook
from littoral.orchestrator.step_ends import LOST_BEFORE, NEVER_BEGUN, Ending

LONG_SECONDS = 3600
REPLACED = "replaced"
"""How a sandbox answers that it lost the files of the run and has not started the command."""
Next = Literal["go", "wait", "over"]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a workflow is told. ``commands`` is how many steps the run has."""

    next: Next
    wait_seconds: int = 0
    commands: int = 0

    def to_json(self) -> dict[str, Any]:
        return {"next": self.next, "waitSeconds": self.wait_seconds, "commands": self.commands}


GO = Answer(next="go")
OVER = Answer(next="over")


@dataclass(frozen=True, kw_only=True)
class StageParts:
    """What stages work with. ``planned_expiry`` plans the end of an approval's time."""

    book: RunBook
    changes: RunChanges
    charges: Charges
    closing: Closing
    planner: Planner
    purse: Purse
    sandbox: Callable[[str], Sandbox]
    sessions: SessionBook
    planned_expiry: Callable[[Approval], None]
    clock: Clock
    ids: Ids


class Stages:
    """Answers the workflows of one owner; one stage of a run at a time."""

    def __init__(self, parts: StageParts) -> None:
        self._parts = parts
        self._book = parts.book
        self._changes = parts.changes
        self._locks: dict[str, asyncio.Lock] = {}

    async def ask(self, run_id: str, stage: str) -> Answer:
        """Does what is left of a stage. Raises what may be tried again (an outside failure)."""
        lock = self._locks.setdefault(run_id, asyncio.Lock())
        async with lock:
            try:
                return await self._ask(run_id, stage)
            except (CallerError, LimitError) as error:
                self._changes.decide(run_id, "failed", error_of(error))
                return OVER
            finally:
                run = self._book.find(run_id)
                if run is None or run.ended:
                    self._locks.pop(run_id, None)

    async def _ask(self, run_id: str, stage: str) -> Answer:
        run = self._book.get(run_id)
        if stage == "close":
            await self._parts.closing.close(run_id)
            return GO
        if run.over:
            return OVER
        name, _, index = stage.partition(" ")
        if name in ("begin", "await"):
            step = self._book.step(run_id, int(index))
            return await (self._begin(run, step) if name == "begin" else self._await(run, step))
        return await self._before(run, stage)

    async def _before(self, run: Run, stage: str) -> Answer:
        if stage == "validate":
            return self._validate(run)
        if stage == "reserve":
            return await self._reserve(run)
        if stage == "plan":
            return await self._plan(run)
        if stage == "approval":
            return self._approval(run)
        if stage == "sandbox":
            return await self._sandbox(run)
        raise NotFound(f"A run has no stage {stage!r}.")

    # --- before the first command ----------------------------------------------------------------

    def _validate(self, run: Run) -> Answer:
        self._session_of(run)
        return GO

    def _session_of(self, run: Run) -> SandboxSession | None:
        return None if run.session_id is None else self._parts.sessions.usable(run.session_id)

    async def _reserve(self, run: Run) -> Answer:
        """The request has reserved already; this proves it."""
        try:
            await self._parts.purse.reserve(run.user_id, run.reserved, ref=run.id, kind="run")
        except InsufficientCredits as error:
            self._changes.decide(run.id, "budget_exceeded", error_of(error))
            return OVER
        return GO

    async def _plan(self, run: Run) -> Answer:
        if not run.steps_total:
            run = self._changes.phase(run.id, "planning")
            try:
                plan = await self._parts.planner.plan(run.input, affinity=run.id)
            except OutsideError as error:  # The model was tried again and again already.
                self._changes.decide(run.id, "failed", error_of(error))
                return OVER
            if plan.model:
                tokens = (plan.input_tokens, plan.output_tokens)
                self._changes.plan_paid(run.id, tokens, of_usd(plan.cost_usd), plan.model)
            run = self._changes.planned(run.id, plan)
        return Answer(next="over" if run.over else "go", commands=run.steps_total)

    def _approval(self, run: Run) -> Answer:
        if not run.input.require_approval and not run.input.network:
            return GO
        return self._asked(run, None, _question(run))

    def _asked(self, run: Run, step: int | None, question: str) -> Answer:
        """Asks once, and waits until somebody has answered."""
        for approval in self._book.approvals(run.id):
            if approval.step == step:
                return GO if approval.state == "approved" else Answer(next="wait", wait_seconds=60)
        now = self._parts.clock.now_ms()
        approval = Approval(
            id=self._parts.ids.new("apr"),
            run_id=run.id,
            step=step,
            question=question,
            requested_at_ms=now,
            expires_at_ms=now + run.input.approval_timeout_seconds * 1000,
        )
        self._changes.asked(approval)
        self._parts.planned_expiry(approval)
        return Answer(next="wait", wait_seconds=run.input.approval_timeout_seconds + 60)

    async def _sandbox(self, run: Run) -> Answer:
        if run.started_at_ms is None:
            if run.paused:
                return Answer(next="wait", wait_seconds=LONG_SECONDS)
            session = self._session_of(run)
            network = run.input.network if session is None else session.network
            if self._changes.holding(run.id).over:
                return OVER
            asked = {
                "network": list(network),
                "env": {} if session else run.input.env,
                "hold": run.id,
            }
            told = await self._parts.sandbox(run.sandbox_id).call("sandbox.start", asked)
            isolation, boot = str(told.get("isolation", "")), str(told.get("boot", ""))
            run = self._changes.started(run.id, isolation, boot)
        return OVER if run.over else GO

    # --- one command -----------------------------------------------------------------------------

    async def _begin(self, run: Run, step: Step) -> Answer:
        if step.ended or step.begun:
            return GO
        if step.status != "running":
            held = self._held(run, step)
            if held is not None:
                return held
            left, is_budget = self._parts.charges.seconds_left(run, self._book.steps(run.id))
            if left < 1:
                return self._no_time(run, is_budget=is_budget)
            step = self._changes.step_started(run.id, step.index, left, is_budget=is_budget)
        return await self._start(run, step)

    def _held(self, run: Run, step: Step) -> Answer | None:
        if step.needs_approval:
            answer = self._asked(run, step.index, f"{step.title}: {step.command[:2_000]}")
            if answer.next != "go":
                return answer
        return Answer(next="wait", wait_seconds=LONG_SECONDS) if run.paused else None

    def _no_time(self, run: Run, *, is_budget: bool) -> Answer:
        code = "budget_exceeded" if is_budget else "deadline_exceeded"
        error = {
            "code": code,
            "message": "There was no time left for the next step.",
            "nextStep": "Start it again with a longer timeoutSeconds or a higher maxCredits.",
        }
        self._changes.decide(run.id, "budget_exceeded" if is_budget else "failed", error)
        return OVER

    async def _start(self, run: Run, step: Step) -> Answer:
        """Asks the sandbox until it confirms; it starts a command of one id once."""
        sandbox = self._parts.sandbox(run.sandbox_id)
        if run.cancelling_at_ms is not None:
            try:
                await sandbox.call("exec.cancel", {"execId": step.exec_id, "graceSeconds": 1})
            except NotFound:
                self._changes.step_ended(run.id, step.index, NEVER_BEGUN)
                return OVER
        told = await sandbox.call(
            "exec.start",
            {
                "execId": step.exec_id,
                "command": step.command,
                "env": run.input.env,
                "timeoutSeconds": step.deadline_seconds,
                "report": {"runId": run.id},
                "hold": run.id,
                "boot": run.boot if self._needs_files(run, step) else "",
            },
        )
        if told.get("state") == REPLACED:
            self._changes.step_ended(run.id, step.index, LOST_BEFORE)
            return OVER
        self._changes.step_begun(run.id, step.index, str(told.get("boot", "")))
        if told.get("state") == "unknown":
            self._changes.step_ended(run.id, step.index, Ending.read(told))
        run = self._book.get(run.id)
        if run.cancelling_at_ms is not None and not run.over:
            await sandbox.call("exec.cancel", {"execId": step.exec_id})
        elif run.paused and not run.over:
            await sandbox.call("exec.pause", {"execId": step.exec_id})
        return GO

    def _needs_files(self, run: Run, step: Step) -> bool:
        """Whether only the sandbox that the run knows will do; an empty one is as good as new."""
        return run.session_id is not None or any(
            each.begun for each in self._book.steps(run.id)[: step.index]
        )

    async def _await(self, run: Run, step: Step) -> Answer:
        if step.ended:
            return GO
        return Answer(next="wait", wait_seconds=int(step.deadline_seconds) + 120)


def error_of(error: LittoralError) -> dict[str, str]:
    """An error as a run shows it."""
    told = problem_of(error)
    return {"code": told["code"], "message": told["detail"], "nextStep": told["nextStep"]}


def _question(run: Run) -> str:
    asked = "Run this?" if not run.input.network else "Run this with the network open to "
    hosts = f"{', '.join(run.input.network)}?" if run.input.network else ""
    return f"{asked}{hosts} {run.title}"
