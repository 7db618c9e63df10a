"""What became of one run of a function, and how it is read from what its isolate said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, Literal

Reason = Literal["completed", "raised", "steps", "deadline", "memory", "output", "refused"]
REASONS: Final[tuple[Reason, ...]] = (
    "completed",
    "raised",
    "steps",
    "deadline",
    "memory",
    "output",
    "refused",
)


@dataclass(frozen=True, kw_only=True)
class CodeError:
    """``line`` is of the function's own source, from 1; 0 when it is unknown."""

    type: str
    message: str
    line: int = 0

    def __str__(self) -> str:
        place = f" (line {self.line})" if self.line else ""
        return f"{self.type}: {self.message}{place}" if self.type else self.message + place


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """``result`` is JSON, and ``None`` unless ``reason`` is completed; then ``error`` is ``None``.

    ``raised``: an error of the code, or a result that has no JSON. ``refused``: the source was not
    run. ``stdout`` ends early when ``stdout_cut``. Everything that an isolate says of itself is
    believed for its own caller only.
    """

    reason: Reason
    result: Any = None
    error: CodeError | None = None
    stdout: str = ""
    stdout_cut: bool = False
    stderr: str = ""
    steps: int = 0
    duration_ms: int = 0

    @property
    def completed(self) -> bool:
        return self.reason == "completed"

    def to_json(self) -> dict[str, Any]:
        """As callers see it."""
        failed = self.error and {
            "type": self.error.type,
            "message": self.error.message,
            "line": self.error.line,
        }
        return {
            "reason": self.reason,
            "result": self.result,
            "error": failed,
            "stdout": self.stdout,
            "stdoutCut": self.stdout_cut,
            "steps": self.steps,
            "durationMs": self.duration_ms,
        }


def failed(reason: Reason, message: str, *, duration_ms: int = 0) -> Outcome:
    """An outcome that the isolate itself could not tell."""
    error = CodeError(type=reason, message=message)
    return Outcome(reason=reason, error=error, duration_ms=duration_ms)


def read_outcome(text: str, *, duration_ms: int) -> Outcome:
    """What an isolate said; anything that is not an outcome is ``raised``. Never raises."""
    try:
        said = json.loads(text)
        reason = said["reason"]
        if reason not in REASONS:
            raise ValueError(reason)
        return Outcome(
            reason=reason,
            result=said.get("result") if reason == "completed" else None,
            error=None if reason == "completed" else _error(said.get("error"), reason),
            stdout=str(said.get("stdout", "")),
            stdout_cut=bool(said.get("stdoutCut", False)),
            steps=max(0, int(said.get("steps", 0))),
            duration_ms=duration_ms,
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return failed("raised", "The function's isolate gave no outcome.", duration_ms=duration_ms)


def _error(said: Any, reason: Reason) -> CodeError:
    return CodeError(
        type=str(said.get("type", reason))[:200],
        message=str(said.get("message", ""))[:2_000],
        line=max(0, int(said.get("line", 0) or 0)),
    )
