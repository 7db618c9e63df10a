"""What a command is: what was asked for, and what is known of it.

The values cross three borders as JSON in camelCase: the object's door, the daemon's HTTP, and the
report to the orchestrator. How output is kept is the daemon's business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from littoral.errors import InvalidInput
from littoral.sandbox import limits

State = Literal["running", "exited", "unknown"]
Reason = Literal["exited", "deadline", "cancelled", "memory", "disk", "processes", "lost"]
Stream = Literal["stdout", "stderr"]

_EXEC_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
SHELL = ("/bin/sh", "-c")


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command to run. ``argv`` is what is executed; a line of shell is ``/bin/sh -c line``."""

    exec_id: str
    argv: tuple[str, ...]
    cwd: str = "/workspace"
    env: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: float = limits.DEFAULT_TIMEOUT_SECONDS

    def to_json(self) -> dict[str, Any]:
        return {
            "execId": self.exec_id,
            "argv": list(self.argv),
            "cwd": self.cwd,
            "env": dict(self.env),
            "timeoutSeconds": self.timeout_seconds,
        }

    @classmethod
    def read(cls, args: Mapping[str, Any]) -> Command:
        """The arguments of ``exec.start``; raises ``InvalidInput`` that names the bad one."""
        return cls(
            exec_id=read_exec_id(args),
            argv=_argv(args),
            cwd=_text(args.get("cwd") or "/workspace", "cwd", 4096),
            env=read_environment(args.get("env") or {}),
            timeout_seconds=_timeout(args.get("timeoutSeconds")),
        )


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """A piece of output. ``seq`` counts from 1 over both streams without gaps."""

    seq: int
    stream: Stream
    text: str
    at_ms: int

    def to_json(self) -> dict[str, Any]:
        return {"seq": self.seq, "stream": self.stream, "text": self.text, "at": self.at_ms}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Chunk:
        return cls(
            seq=int(raw["seq"]), stream=raw["stream"], text=str(raw["text"]), at_ms=int(raw["at"])
        )


@dataclass(frozen=True, kw_only=True)
class Description:
    """What is known of a command. An exit code is there only when the kernel reported it.

    ``unknown`` with reason ``lost`` says that the sandbox or its daemon went away before the end
    was seen. Times are milliseconds since 1970; bytes count everything that was written, also what
    was skipped.
    """

    exec_id: str
    state: State
    exit_code: int | None = None
    signal: str | None = None
    reason: Reason | None = None
    stdout_bytes: int = 0
    stderr_bytes: int = 0
    skipped_bytes: int = 0
    started_at_ms: int | None = None
    ended_at_ms: int | None = None
    last_seq: int = 0
    paused: bool = False

    @property
    def ended(self) -> bool:
        return self.state != "running"

    def to_json(self) -> dict[str, Any]:
        return {
            "execId": self.exec_id,
            "state": self.state,
            "exitCode": self.exit_code,
            "signal": self.signal,
            "reason": self.reason,
            "stdoutBytes": self.stdout_bytes,
            "stderrBytes": self.stderr_bytes,
            "skippedBytes": self.skipped_bytes,
            "startedAt": self.started_at_ms,
            "endedAt": self.ended_at_ms,
            "lastSeq": self.last_seq,
            "paused": self.paused,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Description:
        return cls(
            exec_id=str(raw["execId"]),
            state=raw["state"],
            exit_code=raw.get("exitCode"),
            signal=raw.get("signal"),
            reason=raw.get("reason"),
            stdout_bytes=int(raw.get("stdoutBytes", 0)),
            stderr_bytes=int(raw.get("stderrBytes", 0)),
            skipped_bytes=int(raw.get("skippedBytes", 0)),
            started_at_ms=raw.get("startedAt"),
            ended_at_ms=raw.get("endedAt"),
            last_seq=int(raw.get("lastSeq", 0)),
            paused=bool(raw.get("paused", False)),
        )


def read_exec_id(args: Mapping[str, Any]) -> str:
    """``execId`` of a call; raises ``InvalidInput``."""
    value = args.get("execId")
    if not isinstance(value, str) or not _EXEC_ID.fullmatch(value):
        raise InvalidInput(f"execId is {value!r}: use 1 to 64 letters, digits, - and _.")
    return value


def read_environment(raw: Any) -> dict[str, str]:
    """Variables by name; raises ``InvalidInput``."""
    if not isinstance(raw, Mapping) or len(raw) > limits.MAX_ENVIRONMENT_VARIABLES:
        raise InvalidInput(
            f"env must be an object of at most {limits.MAX_ENVIRONMENT_VARIABLES} texts."
        )
    for name, value in raw.items():
        if not isinstance(name, str) or not _VARIABLE.fullmatch(name):
            raise InvalidInput(f"env has {name!r}: names are letters, digits and _.")
        _text(value, f"env.{name}", limits.MAX_COMMAND_CHARACTERS, may_be_empty=True)
    return dict(raw)


def _argv(args: Mapping[str, Any]) -> tuple[str, ...]:
    command, argv = args.get("command"), args.get("argv")
    if (command is None) == (argv is None):
        raise InvalidInput("Give either command (a line of shell) or argv (a list of words).")
    if command is not None:
        return (*SHELL, _text(command, "command", limits.MAX_COMMAND_CHARACTERS))
    if not isinstance(argv, list | tuple) or not argv:
        raise InvalidInput("argv must be a list of at least one text.")
    words = tuple(
        _text(word, "argv", limits.MAX_COMMAND_CHARACTERS, may_be_empty=number > 0)
        for number, word in enumerate(argv)
    )
    if sum(map(len, words)) > limits.MAX_COMMAND_CHARACTERS:
        raise InvalidInput(f"argv is longer than {limits.MAX_COMMAND_CHARACTERS} characters.")
    return words


def _text(value: Any, name: str, most: int, *, may_be_empty: bool = False) -> str:
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        raise InvalidInput(f"{name} must be a text of at most {most} characters without NUL.")
    if not value and not may_be_empty:
        raise InvalidInput(f"{name} must not be empty.")
    return value


def _timeout(value: Any) -> float:
    if value is None:
        return limits.DEFAULT_TIMEOUT_SECONDS
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput("timeoutSeconds must be a number.")
    if not 0 < value <= limits.MAX_TIMEOUT_SECONDS:
        raise InvalidInput(
            f"timeoutSeconds is {value}: it must be above 0 and at most "
            f"{limits.MAX_TIMEOUT_SECONDS}."
        )
    return float(value)
