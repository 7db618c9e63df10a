"""Incomings as JSON, for rows: what waits to be tried again, and dead letters."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from littoral.jsontext import dumps
from littoral.mesh.kernel.behaviour import Fired, Incoming, Outcome, Undelivered
from littoral.mesh.kernel.envelope import Envelope

_CLASSES: dict[str, type[Any]] = {
    "envelope": Envelope,
    "timer": Fired,
    "outcome": Outcome,
    "undelivered": Undelivered,
}


def id_of(what: str, *parts: str) -> str:
    """A short id for what has none of its own: the same parts give the same one.

    Ids of what follows are not built out of it, so that chains of any length have short ids.
    """
    digest = sha256("\n".join(parts).encode()).digest()[:16]
    return f"{what}_{urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def written(incoming: Incoming) -> str:
    """The text that ``read`` reads."""
    name = next(name for name, kind in _CLASSES.items() if isinstance(incoming, kind))
    return dumps({"what": name, **asdict(incoming)})


def read(text: str) -> Incoming:
    """What ``written`` wrote."""
    value = json.loads(text)
    found: Incoming = _CLASSES[value.pop("what")](**value)
    return found


def described(incoming: Incoming) -> dict[str, str]:
    """Who sent it to whom and of what kind, in the words of events."""
    if isinstance(incoming, Envelope):
        return {
            "id": incoming.id,
            "from": incoming.sender,
            "to": incoming.to,
            "kind": incoming.kind,
        }
    if isinstance(incoming, Fired):
        return {"id": incoming.id, "from": "timer", "to": "", "kind": f"timer:{incoming.key}"[:120]}
    return {"id": incoming.id, "from": "engine", "to": "", "kind": incoming.kind}
