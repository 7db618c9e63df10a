"""A message between two agents of one account's mesh, with what is needed to take it once.

Owns the value, its JSON and its bounds. Who may send what is ``permissions``; taking it once is
``engine``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from littoral.errors import InvalidInput, TooLarge
from littoral.jsontext import dumps
from littoral.text import require_id

VERSION: Final = 1
"""Version of the envelope itself, not of what its body says."""

MAX_BODY_CHARACTERS: Final = 400_000
"""Longest body as JSON: a row holds at most 2 MB with all that belongs to it."""

USER: Final = "user"
"""The sender of what comes in by a route: the account that owns the mesh."""

_AGENT = re.compile(r"[a-z][a-z]{0,30}(-[1-9][0-9]{0,3})?")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,30}(\.[a-z][a-z0-9_]{0,30}){1,3}")


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One message. JSON: ``{id, from, to, kind, correlationId, causationId, deadline, body, trace,
    version}``.

    ``id`` makes taking it repeatable: the same id has one effect, however often it arrives.
    ``sender`` and ``to`` are names of agents (``worker-3``) or ``user``; ``kind`` is a dotted word
    (``part.assign``). ``correlation_id`` is one for everything that follows from one request of a
    user; ``causation_id`` is the id of the message that this one answers or follows from, empty for
    the first. ``deadline`` is in milliseconds since 1970 (``None`` for none): later nobody takes
    it. ``trace`` is a W3C traceparent or empty.
    """

    id: str
    sender: str
    to: str
    kind: str
    correlation_id: str
    causation_id: str = ""
    deadline: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    trace: str = ""
    version: int = VERSION

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "from": self.sender,
            "to": self.to,
            "kind": self.kind,
            "correlationId": self.correlation_id,
            "causationId": self.causation_id,
            "deadline": self.deadline,
            "body": dict(self.body),
            "trace": self.trace,
            "version": self.version,
        }

    @classmethod
    def read(cls, value: Any) -> Envelope:
        """The envelope in a JSON value; raises ``InvalidInput`` or ``TooLarge``.

        A deadline that is no whole number, a body that is no object, a newer version: all refused.
        """
        if not isinstance(value, Mapping):
            raise InvalidInput("An envelope must be an object.")
        version, deadline, body = value.get("version"), value.get("deadline"), value.get("body")
        if version != VERSION:
            raise InvalidInput(f"Envelopes of version {version!r} are not read; send {VERSION}.")
        if deadline is not None and type(deadline) is not int:
            raise InvalidInput("deadline must be milliseconds since 1970 or null.")
        if not isinstance(body, Mapping):
            raise InvalidInput("body must be an object.")
        return cls(
            id=require_id(value.get("id"), field="id"),
            sender=require_agent(value.get("from"), field="from"),
            to=require_agent(value.get("to"), field="to"),
            kind=require_kind(value.get("kind")),
            correlation_id=require_id(value.get("correlationId"), field="correlationId"),
            causation_id=str(value.get("causationId") or "")[:128],
            deadline=deadline,
            body=require_body(body),
            trace=str(value.get("trace") or "")[:200],
        )

    @property
    def fingerprint(self) -> str:
        """Short digest of kind and body: two messages of one id must be the same message."""
        return sha256(f"{self.kind}\n{dumps(dict(self.body))}".encode()).hexdigest()[:16]


def kind_of_agent(name: str) -> str:
    """The kind in an agent's name: ``worker-3`` is a ``worker``, ``data`` a ``data``."""
    return name.partition("-")[0]


def require_agent(value: Any, *, field: str = "agent") -> str:
    """``value`` when it may name an agent; raises ``InvalidInput``."""
    if isinstance(value, str) and _AGENT.fullmatch(value):
        return value
    raise InvalidInput(f"{field} must be the name of an agent, like worker-3 or data.")


def require_kind(value: Any) -> str:
    """``value`` when it may be the kind of a message; raises ``InvalidInput``."""
    if isinstance(value, str) and _KIND.fullmatch(value):
        return value
    raise InvalidInput("kind must be dotted small words, like part.assign.")


def require_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body that can travel; raises ``TooLarge`` or ``InvalidInput``."""
    try:
        size = len(dumps(dict(body)))
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"The body is no JSON: {error}.") from None
    if size > MAX_BODY_CHARACTERS:
        raise TooLarge(f"The body has {size} characters; at most {MAX_BODY_CHARACTERS} are taken.")
    return dict(body)
