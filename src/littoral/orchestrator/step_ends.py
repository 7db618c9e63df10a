"""How a command ended, and what that means for its run. An exit code is never made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from littoral.orchestrator.run import Outcome, Run, Step, StepStatus

Verdict = tuple[Outcome | None, dict[str, str] | None]

_LIMITS = {
    "memory": "used more memory than a sandbox has",
    "disk": "wrote more than a sandbox's disk holds",
    "processes": "started more processes than a sandbox may have",
}


@dataclass(frozen=True, kw_only=True)
class Ending:
    """The end of one command, as far as it is known."""

    status: StepStatus
    exit_code: int | None = None
    signal: str | None = None
    reason: str | None = None
    ended_at_ms: int | None = None
    stdout_bytes: int = 0
    stderr_bytes: int = 0
    skipped_bytes: int = 0

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Ending:
        """From the sandbox's description of a command that does not run any more."""
        return cls(
            status=_status(raw),
            exit_code=raw.get("exitCode") if raw.get("state") == "exited" else None,
            signal=raw.get("signal"),
            reason=raw.get("reason") or ("lost" if raw.get("state") == "unknown" else None),
            ended_at_ms=raw.get("endedAt"),
            stdout_bytes=int(raw.get("stdoutBytes") or 0),
            stderr_bytes=int(raw.get("stderrBytes") or 0),
            skipped_bytes=int(raw.get("skippedBytes") or 0),
        )


LOST = Ending(status="unknown", reason="lost")
LOST_BEFORE = Ending(status="skipped", reason="sandbox_lost")
"""The sandbox went with its files before the command began."""
NEVER_BEGUN = Ending(status="cancelled", reason="cancelled")


def _status(raw: Mapping[str, Any]) -> StepStatus:
    if raw.get("state") != "exited":
        return "unknown"
    if raw.get("reason") == "cancelled":
        return "cancelled"
    ended_well = raw.get("exitCode") == 0 and raw.get("reason") in ("exited", None)
    return "completed" if ended_well else "failed"


def verdict(run: Run, step: Step) -> Verdict:
    """What the run's outcome is after this step, ``(None, None)`` while it goes on."""
    if run.outcome is not None:
        return None, None
    if run.cancelling_at_ms is not None:
        return "cancelled", _unknown(step) if step.status == "unknown" else None
    if step.status == "skipped":
        return "failed", _lost_before(step)
    if step.status == "completed":
        return ("completed", None) if step.index + 1 == run.steps_total else (None, None)
    if step.status == "unknown":
        return "failed", _unknown(step)
    if step.reason == "deadline" and step.deadline_is_budget:
        return "budget_exceeded", _error(
            "budget_exceeded",
            f"The credits of this run were used up in step {step.index + 1}.",
            "Start it again with a higher maxCredits.",
        )
    return "failed", _failure(step)


def _failure(step: Step) -> dict[str, str]:
    name = f"Step {step.index + 1}"
    if step.reason == "deadline":
        return _error(
            "deadline_exceeded",
            f"{name} was still running at the deadline and was ended.",
            "Start it again with a longer timeoutSeconds.",
        )
    if step.reason in _LIMITS:
        return _error(
            "limit_exceeded", f"{name} {_LIMITS[step.reason]}.", "Do less at once in one command."
        )
    if step.status == "cancelled":
        return _error("command_failed", f"{name} was ended from outside.", "Start the run again.")
    if step.signal:
        return _error("command_failed", f"{name} was ended by {step.signal}.", "Read its output.")
    return _error(
        "command_failed", f"{name} ended with exit code {step.exit_code}.", "Read its output."
    )


def _unknown(step: Step) -> dict[str, str]:
    return _error(
        "outcome_unknown",
        f"The sandbox was lost while step {step.index + 1} ran: it is not known how it ended.",
        "Check what it has done before you start it again.",
    )


def _lost_before(step: Step) -> dict[str, str]:
    return _error(
        "sandbox_lost",
        f"The sandbox was lost with its files before step {step.index + 1} began.",
        "Check what the finished steps have done, then start the run again.",
    )


def _error(code: str, message: str, next_step: str) -> dict[str, str]:
    return {"code": code, "message": message, "nextStep": next_step}
