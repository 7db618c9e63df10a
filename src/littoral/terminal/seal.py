"""Texts that only this deployment can make: tickets and share links of terminals.

A sealed text says which object it is for, so that a door finds it without asking anybody, and holds
a word that the object knows. A good seal proves where the text comes from; whether the word still
counts is for the object to say (``littoral.terminal.desk``).

    <kind>_<base64url of [owner, session id, word, expires at in seconds]>.<HMAC-SHA-256>
"""

from __future__ import annotations

import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Literal

from littoral.accounts.guest import require_secret
from littoral.jsontext import dumps

Kind = Literal["tkt", "shr"]
LONGEST_SEALED_CHARACTERS = 1_000

_SEALED = re.compile(r"(tkt|shr)_([A-Za-z0-9_-]{8,900})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """What a sealed text says."""

    owner: str
    session_id: str
    word: str
    expires_at_ms: int

    def is_over(self, now_ms: int) -> bool:
        """Whether its time has passed."""
        return now_ms >= self.expires_at_ms


def seal(kind: Kind, sealed: Sealed, *, secret: str) -> str:
    """The text; the time is kept in whole seconds, rounded down.

    Raises ``DependencyUnavailable`` without a usable secret.
    """
    require_secret(secret)
    told = [sealed.owner, sealed.session_id, sealed.word, sealed.expires_at_ms // 1000]
    body = f"{kind}_{_base64(dumps(told).encode())}"
    return f"{body}.{_signature(body, secret)}"


def unseal(kind: Kind, text: str, *, secret: str) -> Sealed | None:
    """What a text of this kind says; ``None`` when it was not made here. Looks at no clock."""
    require_secret(secret)
    found = _SEALED.fullmatch(text) if len(text) <= LONGEST_SEALED_CHARACTERS else None
    if found is None or found[1] != kind:
        return None
    if not hmac.compare_digest(found[3], _signature(f"{found[1]}_{found[2]}", secret)):
        return None
    owner, session_id, word, expires = json.loads(urlsafe_b64decode(found[2] + "=" * 3))
    return Sealed(owner=owner, session_id=session_id, word=word, expires_at_ms=expires * 1000)


def _signature(body: str, secret: str) -> str:
    digest = hmac.digest(secret.encode(), b"littoral terminal 1:" + body.encode(), "sha256")
    return _base64(digest)


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
