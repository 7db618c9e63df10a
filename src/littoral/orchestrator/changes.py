"""Every change of a run: the rows and the event that tells of it, in one transaction.

Nothing here awaits and nothing reaches outside; what has to happen in the world for a change is
the business of those who call. ``told`` is called after the transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from littoral.clock import Clock
from littoral.credits.amount import credits_of
from littoral.ops.here import observer
from littoral.orchestrator import limits
from littoral.orchestrator.ended_instances import EndedInstances
from littoral.orchestrator.plan import Plan
from littoral.orchestrator.risk import risk_of
from littoral.orchestrator.run import (
    Approval,
    ApprovalState,
    Outcome,
    Phase,
    Run,
    RunEvent,
    Step,
)
from littoral.orchestrator.run_book import RunBook
from littoral.orchestrator.run_events import RunEvents
from littoral.orchestrator.run_json import approval_json, artifact_json, credits_json, step_json
from littoral.orchestrator.step_ends import Ending, verdict
from littoral.store.sql import Sql

Result = TypeVar("Result")


class RunChanges:
    """Writes. Each method may be repeated: what is so already changes nothing."""

    def __init__(
        self,
        sql: Sql,
        clock: Clock,
        book: RunBook,
        events: RunEvents,
        told: Callable[[str, bool], None],
        instances: EndedInstances,
    ) -> None:
        self._sql = sql
        self._clock = clock
        self._book = book
        self._events = events
        self._told = told
        self._instances = instances

    def _change(self, run_id: str, work: Callable[[], Result], *, shown: bool = True) -> Result:
        result = self._sql.transaction(work)
        self._told(run_id, shown)
        return result

    def _event(self, run_id: str, event_type: RunEvent, data: dict[str, Any]) -> None:
        self._events.append(run_id, event_type, data)

    # --- from the request to the first command ---------------------------------------------------

    def accepted(self, run_id: str, reserved: int, commands: Plan | None) -> Run:
        """The credits are reserved: from now on the run exists for everybody."""

        def work() -> Run:
            run = self._book.find(run_id)
            assert run is not None, "a draft is only deleted by its own caller"
            if not run.draft:
                return run
            run = replace(run, draft=False, reserved=reserved)
            self._book.put(run)
            self._event(run.id, "run.created", {"title": run.title, "kind": run.input.kind})
            self._event(run.id, "credits.reserved", {"credits": credits_json(reserved)})
            return run if commands is None else self._write_plan(run, commands, risky=False)

        return self._change(run_id, work)

    def phase(self, run_id: str, phase: Phase) -> Run:
        """What the run is busy with, where no event tells it."""

        def work() -> Run:
            run = self._book.get(run_id)
            if run.phase != phase and not run.over:
                run = replace(run, phase=phase)
                self._book.put(run)
            return run

        return self._change(run_id, work)

    def planned(self, run_id: str, plan: Plan) -> Run:
        """The planner's commands become the run's steps, once."""

        def work() -> Run:
            run = self._book.get(run_id)
            return run if run.steps_total or run.over else self._write_plan(run, plan, risky=True)

        return self._change(run_id, work)

    def _write_plan(self, run: Run, plan: Plan, *, risky: bool) -> Run:
        steps = []
        for index, each in enumerate(plan.commands):
            risk = risk_of(each.command)
            steps.append(
                Step(
                    run_id=run.id,
                    index=index,
                    title=each.title,
                    command=each.command,
                    risk=risk,
                    needs_approval=risky and risk is not None and not run.input.require_approval,
                )
            )
        for step in steps:
            self._book.put_step(step)
        run = replace(run, steps_total=len(steps), model=plan.model)
        self._book.put(run)
        told = {"steps": [step_json(step) for step in steps], "model": plan.model}
        self._event(run.id, "run.planned", told)
        return run

    def plan_paid(self, run_id: str, tokens: tuple[int, int], cost: int, model: str) -> None:
        """What planning used, to be settled with the run."""

        def work() -> None:
            run = self._book.get(run_id)
            self._book.put(replace(run, plan_tokens=tokens, plan_cost=cost, model=model))

        self._change(run_id, work, shown=False)

    def holding(self, run_id: str) -> Run:
        """The sandbox is about to be asked for; from now on closing has to let it go."""

        def work() -> Run:
            run = self._book.get(run_id)
            return run if run.held or run.over else self._kept(replace(run, held=True))

        return self._sql.transaction(work)

    def started(self, run_id: str, isolation: str, boot: str) -> Run:
        """The sandbox is ready; ``boot`` names its container."""

        def work() -> Run:
            run = self._book.get(run_id)
            if run.started_at_ms is not None or run.over:
                return run
            now = self._clock.now_ms()
            run = replace(run, phase="running", started_at_ms=now, isolation=isolation, boot=boot)
            self._book.put(run)
            self._event(run.id, "run.started", {"isolation": isolation})
            return run

        return self._change(run_id, work)

    def motor(self, run_id: str, number: int) -> Run:
        """Another workflow instance takes over."""

        def work() -> Run:
            run = replace(self._book.get(run_id), motor=number)
            self._book.put(run)
            return run

        return self._change(run_id, work, shown=False)

    # --- approvals -------------------------------------------------------------------------------

    def asked(self, approval: Approval) -> None:
        """A person is asked."""

        def work() -> None:
            run = self._book.get(approval.run_id)
            self._book.put_approval(approval)
            self._book.put(replace(run, phase="waiting_for_approval"))
            if approval.step is not None:
                step = self._book.step(run.id, approval.step)
                self._book.put_step(replace(step, status="waiting_for_approval"))
            self._event(run.id, "run.approval_requested", _about(approval))

        self._change(approval.run_id, work)

    def decided(self, approval: Approval, state: ApprovalState, note: str = "") -> None:
        """A person answered, or the time was over."""

        def work() -> None:
            run = self._book.get(approval.run_id)
            answered = replace(approval, state=state, decided_at_ms=self._clock.now_ms(), note=note)
            self._book.put_approval(answered)
            if state != "approved":
                return
            phase: Phase = "running" if run.started_at_ms is not None else "queued"
            self._book.put(replace(run, phase=phase))
            if approval.step is not None:
                step = self._book.step(run.id, approval.step)
                self._book.put_step(replace(step, status="pending"))
            self._event(run.id, "run.approved", {**_about(answered), "note": note})

        self._change(approval.run_id, work)

    # --- commands --------------------------------------------------------------------------------

    def step_started(self, run_id: str, index: int, deadline: float, *, is_budget: bool) -> Step:
        """A command is about to begin; written before the sandbox is asked."""

        def work() -> Step:
            step = self._book.step(run_id, index)
            if step.status != "pending":
                return step
            step = replace(
                step,
                status="running",
                started_at_ms=self._clock.now_ms(),
                deadline_seconds=deadline,
                deadline_is_budget=is_budget,
            )
            self._book.put_step(step)
            self._event(run_id, "step.started", {"step": index, "command": step.command})
            return step

        return self._change(run_id, work)

    def step_begun(self, run_id: str, index: int, boot: str) -> Step:
        """The sandbox confirmed that it has the command, in the container of that boot."""

        def work() -> Step:
            step = self._book.step(run_id, index)
            if not step.begun:
                step = replace(step, begun=True)
                self._book.put_step(step)
                self._book.put(replace(self._book.get(run_id), boot=boot))
            return step

        return self._sql.transaction(work)

    def output(
        self, run_id: str, index: int, chunks: Sequence[dict[str, Any]], skipped: int
    ) -> None:
        """Output that is new becomes events; what is known already is passed over."""

        def work() -> None:
            step = self._book.step(run_id, index)
            kept = step.kept_bytes
            for each in _joined(chunks, step.last_seq):
                size = len(each["text"].encode("utf-8", "replace"))
                if kept + size <= limits.RUN_OUTPUT_BYTES:
                    kept += size
                    self._event(run_id, "step.output", {"step": index, **each})
                else:
                    self._event(run_id, "step.output_skipped", {"step": index, "bytes": size})
                step = replace(step, last_seq=each["seq"], kept_bytes=kept)
            if skipped > step.skipped_bytes:
                more = skipped - step.skipped_bytes
                self._event(run_id, "step.output_skipped", {"step": index, "bytes": more})
                step = replace(step, skipped_bytes=skipped)
            self._book.put_step(step)

        self._change(run_id, work, shown=False)

    def step_ended(self, run_id: str, index: int, ending: Ending) -> Run:
        """A command has ended, and with it perhaps the run; the first word counts."""

        def work() -> Run:
            run, step = self._book.get(run_id), self._book.step(run_id, index)
            if step.ended:
                return run
            step = replace(
                step,
                status=ending.status,
                exit_code=ending.exit_code,
                signal=ending.signal,
                reason=ending.reason,
                ended_at_ms=max(ending.ended_at_ms or 0, step.started_at_ms or 0)
                or self._clock.now_ms(),
                stdout_bytes=ending.stdout_bytes,
                stderr_bytes=ending.stderr_bytes,
                skipped_bytes=max(step.skipped_bytes, ending.skipped_bytes),
            )
            self._book.put_step(step)
            told = {"exitCode": step.exit_code, "status": step.status, "reason": step.reason}
            self._event(run_id, "step.completed", {"step": index, **told})
            code = "unknown" if step.status == "unknown" else step.exit_code
            done = run.steps_done + (step.status != "skipped")
            run = replace(run, exit_code=code, steps_done=done)  # type: ignore[arg-type]
            outcome, error = verdict(run, step)
            return self._decide(run, outcome, error) if outcome else self._kept(run)

        return self._change(run_id, work)

    def _kept(self, run: Run) -> Run:
        self._book.put(run)
        return run

    # --- what people do to a run -----------------------------------------------------------------

    def cancelling(self, run_id: str, reason: str) -> Run:
        """Somebody wants it to end; a running command is told by the caller."""

        def work() -> Run:
            run = self._book.get(run_id)
            if run.over or run.cancelling_at_ms is not None:
                return run
            run = replace(run, cancelling_at_ms=self._clock.now_ms(), reason=reason)
            self._event(run_id, "run.cancelling", {"reason": reason})
            if self.running_step(run_id) is None:
                return self._decide(run, "cancelled", None)
            return self._kept(run)

        return self._change(run_id, work)

    def paused(self, run_id: str, *, paused: bool) -> Run:
        """Held, or let go on."""

        def work() -> Run:
            run = self._book.get(run_id)
            if run.paused == paused or run.over:
                return run
            self._event(run_id, "run.paused" if paused else "run.resumed", {})
            return self._kept(replace(run, paused=paused))

        return self._change(run_id, work)

    # --- the end ---------------------------------------------------------------------------------

    def decide(
        self, run_id: str, outcome: Outcome, error: dict[str, str] | None = None, reason: str = ""
    ) -> Run:
        """How the run ends; the first decision stays. No command begins after it."""

        def work() -> Run:
            run = self._book.get(run_id)
            if run.over:
                return run
            return self._decide(replace(run, reason=reason or run.reason), outcome, error)

        return self._change(run_id, work)

    def _decide(self, run: Run, outcome: Outcome, error: dict[str, str] | None) -> Run:
        for step in self._book.steps(run.id):
            if step.status in ("pending", "waiting_for_approval"):
                self._book.put_step(replace(step, status="skipped"))
        for approval in self._book.approvals(run.id):
            if approval.state == "waiting":
                self._book.put_approval(
                    replace(approval, state="expired", decided_at_ms=self._clock.now_ms())
                )
        now = self._clock.now_ms()
        run = replace(run, outcome=outcome, error=error, decided_at_ms=now, paused=False)
        self._book.put(run)
        return run

    def artifacts(self, run_id: str, found: Sequence[dict[str, Any]], *, lost: bool = False) -> Run:
        """The files that the run left, once; ``lost`` when they were gone with its sandbox."""

        def work() -> Run:
            run = self._book.get(run_id)
            if run.artifacts is not None:
                return run
            for each in found:
                self._event(run_id, "artifact.saved", artifact_json(each))
            if lost:
                self._event(run_id, "artifact.lost", {})
            return self._kept(replace(run, artifacts=tuple(found), artifacts_lost=lost))

        return self._change(run_id, work)

    def settled(self, run_id: str, charged: int) -> Run:
        """What the run cost, once."""

        def work() -> Run:
            run = self._book.get(run_id)
            if run.settled is not None:
                return run
            self._event(run_id, "credits.settled", {"credits": credits_json(charged)})
            return self._kept(replace(run, settled=charged))

        return self._change(run_id, work)

    def ended(self, run_id: str) -> Run:
        """The last event of a run."""

        ended_now = False

        def work() -> Run:
            nonlocal ended_now
            run = self._book.get(run_id)
            if run.ended or run.outcome is None:
                return run
            ended_now = True
            tail = self._events.tail(run_id, limits.OUTPUT_TAIL_CHARACTERS)
            run = replace(run, ended_at_ms=self._clock.now_ms(), tail=tail)
            data: dict[str, Any] = {"exitCode": run.exit_code, "error": run.error}
            if run.reason:
                data["reason"] = run.reason
            self._event(run_id, f"run.{run.outcome}", data)  # type: ignore[arg-type]
            self._instances.note("run", run_id, run.motor)
            return self._kept(run)

        run = self._change(run_id, work)
        if ended_now:
            _note_end(run)
        return run

    def running_step(self, run_id: str) -> Step | None:
        """The command that runs now, as far as the rows know."""
        for step in self._book.steps(run_id):
            if step.status == "running":
                return step
        return None


def _note_end(run: Run) -> None:
    read, written = run.plan_tokens
    observer().work(
        agent="orchestrator-agent",
        work="run",
        outcome=run.status,
        begun_ms=run.created_at_ms,
        id=run.id,
        user=run.user_id,
        model=run.model,
        input_tokens=read,
        output_tokens=written,
        credits=credits_of(run.settled or 0),
        code=(run.error or {}).get("code", ""),
        trace=run.trace,
    )


def _about(approval: Approval) -> dict[str, Any]:
    return {**approval_json(approval), "approvalId": approval.id}


def _joined(chunks: Sequence[dict[str, Any]], last_seq: int) -> list[dict[str, Any]]:
    """Pieces after ``last_seq``, neighbours of one stream together up to an event's length."""
    found: list[dict[str, Any]] = []
    for chunk in sorted(chunks, key=lambda each: each["seq"]):
        if chunk["seq"] <= last_seq:
            continue
        last = found[-1] if found else None
        fits = last is not None and last["stream"] == chunk["stream"]
        if fits and last is not None and _length(last, chunk) <= limits.EVENT_TEXT_CHARACTERS:
            last["text"] += chunk["text"]
            last["seq"] = chunk["seq"]
        else:
            found.append({key: chunk[key] for key in ("stream", "text", "seq")})
    return found


def _length(one: dict[str, Any], other: dict[str, Any]) -> int:
    return len(one["text"]) + len(other["text"])
