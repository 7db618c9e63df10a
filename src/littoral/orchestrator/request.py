"""Reads what somebody asks to be run; what cannot be run is refused with every reason at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from littoral.errors import InvalidInput
from littoral.orchestrator import limits
from littoral.orchestrator.run import RunInput, RunKind
from littoral.text import require_text

Arguments = Mapping[str, Any]
_HOST = re.compile(
    r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(:[0-9]{1,5})?"
)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_NOT_IN_COMMANDS = "\0"


def read_input(args: Arguments) -> RunInput:
    """The input of a run. Raises ``InvalidInput`` whose ``fields`` name what is wrong."""
    reader = _Reader(args)
    kind = reader.kind()
    asked = RunInput(
        kind=kind,
        commands=reader.commands(kind),
        task=reader.words("task", limits.MAX_TASK_CHARACTERS) if kind == "task" else "",
        require_approval=bool(args.get("requireApproval")),
        timeout_seconds=reader.seconds(
            "timeoutSeconds", limits.DEFAULT_TIMEOUT_SECONDS, limits.MAX_TIMEOUT_SECONDS
        ),
        approval_timeout_seconds=reader.seconds(
            "approvalTimeoutSeconds", limits.DEFAULT_APPROVAL_SECONDS, limits.MAX_APPROVAL_SECONDS
        ),
        network=reader.hosts(),
        env=reader.variables(),
        max_credits=reader.budget(),
    )
    reader.refuse()
    return asked


def read_title(args: Arguments, asked: RunInput) -> str:
    """The given title, or the first line of what was asked for."""
    given = args.get("title")
    if given:
        text = require_text(given, field="title", most=limits.MAX_TITLE_CHARACTERS)
    else:
        text = asked.task or asked.commands[0]
        text = text.strip().splitlines()[0]
    words = " ".join(text.split())
    return words if len(words) <= 80 else f"{words[:79]}…"


def read_hosts(value: Any) -> tuple[str, ...]:
    """Hosts that a sandbox may reach. Raises ``InvalidInput``."""
    reader = _Reader({"network": value})
    hosts = reader.hosts()
    reader.refuse()
    return hosts


def read_command(value: Any, field: str) -> str:
    """One line of shell. Raises ``InvalidInput`` or ``TooLarge``."""
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput(f"{field} is empty; write a command.")
    if len(value) > limits.MAX_COMMAND_CHARACTERS:
        raise InvalidInput(
            f"{field} has {len(value)} characters; at most {limits.MAX_COMMAND_CHARACTERS}."
        )
    if any(c in _NOT_IN_COMMANDS or "\ud800" <= c <= "\udfff" for c in value):
        raise InvalidInput(f"{field} has a NUL or half a character.")
    return value


class _Reader:
    """Collects what is wrong, field by field."""

    def __init__(self, args: Arguments) -> None:
        self._args = args
        self._wrong: list[dict[str, str]] = []

    def refuse(self) -> None:
        if self._wrong:
            told = "; ".join(f"{each['field']}: {each['message']}" for each in self._wrong[:3])
            raise InvalidInput(told, fields=self._wrong[:20])

    def kind(self) -> RunKind:
        kinds: tuple[RunKind, ...] = ("command", "commands", "task")
        given = [kind for kind in kinds if self._args.get(kind) is not None]
        if len(given) != 1:
            raise InvalidInput("Give one of command, commands and task.")
        return given[0]

    def commands(self, kind: RunKind) -> tuple[str, ...]:
        if kind == "task":
            return ()
        given = self._args[kind]
        listed = [given] if kind == "command" else given
        if not isinstance(listed, list) or not 0 < len(listed) <= limits.MAX_COMMANDS:
            self._bad(kind, f"must be a list of 1 to {limits.MAX_COMMANDS} commands")
            return ()
        found = []
        for number, each in enumerate(listed):
            field = kind if kind == "command" else f"commands.{number}"
            try:
                found.append(read_command(each, field))
            except InvalidInput as error:
                self._bad(field, error.detail)
        return tuple(found)

    def words(self, field: str, most: int) -> str:
        try:
            return require_text(self._args[field], field=field, most=most)
        except InvalidInput as error:
            self._bad(field, error.detail)
            return ""

    def seconds(self, field: str, default: int, most: int) -> int:
        value = self._args.get(field)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            self._bad(field, f"must be a whole number from 1 to {most}")
            return default
        return value

    def hosts(self) -> tuple[str, ...]:
        given = self._args.get("network") or []
        if not isinstance(given, list) or len(given) > limits.MAX_NETWORK_HOSTS:
            most = limits.MAX_NETWORK_HOSTS
            self._bad("network", f"must be a list of at most {most} hosts")
            return ()
        for number, host in enumerate(given):
            if not isinstance(host, str) or len(host) > 253 or not _HOST.fullmatch(host.lower()):
                message = "is no host name, such as example.com, *.example.com or example.com:443"
                self._bad(f"network.{number}", message)
        return tuple(str(host).lower() for host in given)

    def variables(self) -> dict[str, str]:
        given = self._args.get("env") or {}
        if not isinstance(given, dict) or len(given) > limits.MAX_VARIABLES:
            most = limits.MAX_VARIABLES
            self._bad("env", f"must be an object of at most {most} texts")
            return {}
        for name, value in given.items():
            if not _VARIABLE.fullmatch(name):
                self._bad("env", "names are letters, digits and _")
            elif not isinstance(value, str) or len(value) > limits.MAX_VARIABLE_CHARACTERS:
                most = limits.MAX_VARIABLE_CHARACTERS
                self._bad(f"env.{name}", f"must be text of at most {most} characters")
        return dict(given)

    def budget(self) -> int | None:
        value = self._args.get("maxCredits")
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1e6:
            self._bad("maxCredits", "must be a number above 0")
            return None
        return max(1, round(value * 1000))

    def _bad(self, field: str, message: str) -> None:
        self._wrong.append({"field": field, "message": message})
