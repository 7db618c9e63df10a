"""Ids of sessions as clients write them, and the names of the objects behind them.

A session id is no secret except when it begins with ``open_``: such a session was begun by a caller
without a cookie, its characters are those of the guest's id, and so the id itself is the credential
(``littoral.accounts.caller``).
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from hashlib import sha256

from littoral.accounts.guest import GUEST_PREFIX
from littoral.clock import Ids
from littoral.errors import InvalidInput

SESSION_ID_PATTERN = r"^[A-Za-z0-9_.\-]{1,128}$"
SESSION_PREFIX = "ses"
OPEN_PREFIX = "open"

_SESSION_ID = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_CREDENTIAL = re.compile(r"\b(guest_|open_)([A-Za-z0-9_-]{6})[A-Za-z0-9_-]{16}")
_OPEN_ID = re.compile(r"open_([A-Za-z0-9_-]{22})")


def require_session_id(value: str) -> str:
    """``value`` when it may name a session (also in a socket's path); raises ``InvalidInput``."""
    if _SESSION_ID.fullmatch(value):
        return value
    raise InvalidInput(
        "sessionId must be 1 to 128 characters of A-Z a-z 0-9 _ . - only.",
        fields=[{"field": "sessionId", "message": "1 to 128 of A-Z a-z 0-9 _ . -"}],
    )


def new_session_id(owner: str, *, bare: bool, ids: Ids, key: str | None = None) -> str:
    """An id for a session that a caller begins: their own open one, or a new one.

    With an idempotency ``key`` the id is made of owner and key, so that a repeated request finds
    the session of the first one.
    """
    if bare:
        return f"{OPEN_PREFIX}_{owner.removeprefix(GUEST_PREFIX + '_')}"
    if key is None:
        return ids.new(SESSION_PREFIX)
    digest = sha256(f"{owner}\n{key}".encode()).digest()[:16]
    return f"{SESSION_PREFIX}_{urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def owner_of_open_session(session_id: str) -> str | None:
    """The guest whose open session this is; ``None`` for every other id."""
    found = _OPEN_ID.fullmatch(session_id)
    return f"{GUEST_PREFIX}_{found.group(1)}" if found else None


def object_name(owner: str, session_id: str) -> str:
    """The name of the Durable Object of a session. Only the server makes these names."""
    return f"{owner}/{session_id}"


def for_log(text: str) -> str:
    """``text`` with the ids of guests and open sessions cut short: each of them opens a session."""
    return _CREDENTIAL.sub(r"\1\2…", text)
