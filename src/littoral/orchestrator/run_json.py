"""How runs, steps and approvals look in JSON, for every door alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from littoral.clock import iso, iso_or_none
from littoral.credits.amount import credits_of
from littoral.orchestrator.run import Approval, Run, RunInput, Step


def credits_json(millicredits: int | None) -> float | int | None:
    """Millicredits as credits, ``None`` where nothing is known yet."""
    return None if millicredits is None else credits_of(millicredits)


def run_json(
    run: Run, steps: Sequence[Step], approvals: Sequence[Approval], *, output: str, last_event: int
) -> dict[str, Any]:
    """Everything of one run."""
    return {
        "id": run.id,
        "title": run.title,
        "kind": run.input.kind,
        "status": run.status,
        "sessionId": run.session_id,
        "restartedFrom": run.restarted_from,
        "cancelling": run.cancelling_at_ms is not None and not run.ended,
        "input": input_json(run.input),
        "steps": [step_json(step) for step in steps],
        "exitCode": run.exit_code,
        "output": output,
        "approvals": [approval_json(each) for each in approvals],
        "credits": {"reserved": credits_json(run.reserved), "settled": credits_json(run.settled)},
        "artifacts": [artifact_json(each) for each in run.artifacts or ()],
        "artifactsLost": run.artifacts_lost,
        "isolation": run.isolation,
        "error": run.error,
        "createdAt": iso(run.created_at_ms),
        "startedAt": iso_or_none(run.started_at_ms),
        "endedAt": iso_or_none(run.ended_at_ms),
        "lastEvent": last_event,
    }


def summary_json(run: Run) -> dict[str, Any]:
    """One line of a list."""
    return {
        "id": run.id,
        "title": run.title,
        "kind": run.input.kind,
        "status": run.status,
        "createdAt": iso(run.created_at_ms),
        "startedAt": iso_or_none(run.started_at_ms),
        "endedAt": iso_or_none(run.ended_at_ms),
        "exitCode": run.exit_code,
        "steps": {"done": run.steps_done, "total": run.steps_total},
        "sessionId": run.session_id,
        "credits": {"reserved": credits_json(run.reserved), "settled": credits_json(run.settled)},
        "waiting": run.status == "waiting_for_approval",
    }


def input_json(asked: RunInput) -> dict[str, Any]:
    """What was asked for, as it may be asked for again."""
    words: dict[str, Any] = {"task": asked.task} if asked.kind == "task" else {}
    if asked.kind == "command":
        words = {"command": asked.commands[0]}
    elif asked.kind == "commands":
        words = {"commands": list(asked.commands)}
    return {
        **words,
        "requireApproval": asked.require_approval,
        "timeoutSeconds": asked.timeout_seconds,
        "approvalTimeoutSeconds": asked.approval_timeout_seconds,
        "network": list(asked.network),
        "env": asked.env,
        "maxCredits": credits_json(asked.max_credits),
    }


def step_json(step: Step) -> dict[str, Any]:
    """One command and what is known of it."""
    return {
        "index": step.index,
        "title": step.title,
        "command": step.command,
        "status": step.status,
        "exitCode": step.exit_code,
        "signal": step.signal,
        "reason": step.reason,
        "needsApproval": step.needs_approval,
        "risk": step.risk,
        "startedAt": iso_or_none(step.started_at_ms),
        "endedAt": iso_or_none(step.ended_at_ms),
        "stdoutBytes": step.stdout_bytes,
        "stderrBytes": step.stderr_bytes,
        "skippedBytes": step.skipped_bytes,
    }


def approval_json(approval: Approval) -> dict[str, Any]:
    """One question and its answer."""
    return {
        "id": approval.id,
        "step": approval.step,
        "state": approval.state,
        "question": approval.question,
        "requestedAt": iso(approval.requested_at_ms),
        "expiresAt": iso(approval.expires_at_ms),
        "decidedAt": iso_or_none(approval.decided_at_ms),
        "note": approval.note,
    }


def artifact_json(raw: dict[str, Any]) -> dict[str, Any]:
    """A file that the run left."""
    return {key: raw[key] for key in ("path", "bytes", "contentType")}
