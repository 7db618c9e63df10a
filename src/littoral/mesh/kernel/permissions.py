"""Which agent may send what to whom. The receiver asks, with the rules that the owner set.

Rules are read from the top, the first that fits decides, and what no rule fits is refused. The
owner's list is kept by the mesh's directory; every agent has a copy (``facts``) and refuses to take
anything before it has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from littoral.errors import InvalidInput
from littoral.mesh.kernel.envelope import USER, Envelope, kind_of_agent

MAX_RULES: Final = 100
NAME_PATTERN: Final = r"\*|[a-z]{1,31}(-[1-9][0-9]{0,3})?"
KIND_PATTERN: Final = r"\*|[a-z][a-z0-9_.]{0,80}(\.\*)?"
_NAME = re.compile(NAME_PATTERN)
_KIND = re.compile(KIND_PATTERN)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``sender`` and ``to`` are an agent's name, a kind of agents, ``user`` (senders) or ``*``.

    ``kind`` is a kind of messages, ``part.*`` for all that begin so, or ``*``.
    """

    sender: str
    to: str
    kind: str = "*"
    allow: bool = True

    def fits(self, envelope: Envelope) -> bool:
        return (
            _names(self.sender, envelope.sender)
            and _names(self.to, envelope.to)
            and _covers(self.kind, envelope.kind)
        )

    def to_json(self) -> dict[str, Any]:
        return {"from": self.sender, "to": self.to, "kind": self.kind, "allow": self.allow}


DEFAULT_RULES: Final = (
    Rule(sender=USER, to="*"),
    Rule(sender="coordinator", to="worker"),
    Rule(sender="worker", to="coordinator"),
    Rule(sender="coordinator", to="data"),
    Rule(sender="coordinator", to="analysis"),
    Rule(sender="coordinator", to="notification"),
    Rule(sender="data", to="coordinator"),
    Rule(sender="data", to="analysis"),
    Rule(sender="data", to="notification"),
    Rule(sender="analysis", to="coordinator"),
    Rule(sender="analysis", to="data"),
    Rule(sender="analysis", to="notification"),
    Rule(sender="notification", to="coordinator"),
    Rule(sender="worker", to="data"),
    Rule(sender="worker", to="analysis"),
    Rule(sender="data", to="worker"),
    Rule(sender="analysis", to="worker"),
    Rule(sender="queue", to="coordinator", kind="part.undelivered"),
)
"""What the agents of the mesh need to do their work, and nothing else."""


@dataclass(frozen=True, kw_only=True)
class Permissions:
    """A list of rules with its version: 0 is the default, every change counts on."""

    rules: tuple[Rule, ...] = DEFAULT_RULES
    version: int = 0

    def allows(self, envelope: Envelope) -> bool:
        """Whether the first rule that fits lets this message through."""
        return next((rule.allow for rule in self.rules if rule.fits(envelope)), False)

    def to_json(self) -> dict[str, Any]:
        return {"version": self.version, "rules": [rule.to_json() for rule in self.rules]}

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Permissions:
        """What ``to_json`` wrote; raises ``InvalidInput`` for rules that are none."""
        return cls(version=int(value["version"]), rules=read_rules(value["rules"]))


def read_rules(values: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Rules as callers write them; raises ``InvalidInput`` that names the first bad one."""
    found = [_rule(index, value) for index, value in enumerate(values)]
    if len(found) > MAX_RULES:
        raise InvalidInput(f"There are {len(found)} rules; at most {MAX_RULES} are taken.")
    return tuple(found)


def _rule(index: int, value: Mapping[str, Any]) -> Rule:
    sender, to, kind = value.get("from"), value.get("to"), value.get("kind", "*")
    allow = value.get("allow", True)
    for name, found, pattern in (("from", sender, _NAME), ("to", to, _NAME), ("kind", kind, _KIND)):
        if not isinstance(found, str) or not pattern.fullmatch(found):
            raise InvalidInput(
                f"rules.{index}.{name} is no name, no kind and no *.",
                fields=[{"field": f"rules.{index}.{name}", "message": "a name, a kind, or *"}],
            )
    if not isinstance(allow, bool):
        raise InvalidInput(f"rules.{index}.allow must be true or false.")
    return Rule(sender=str(sender), to=str(to), kind=str(kind), allow=allow)


def _names(pattern: str, name: str) -> bool:
    return pattern in ("*", name, kind_of_agent(name))


def _covers(pattern: str, kind: str) -> bool:
    if pattern.endswith(".*"):
        return kind.startswith(pattern[:-1])
    return pattern in ("*", kind)
