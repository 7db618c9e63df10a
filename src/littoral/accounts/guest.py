"""Guests: people without an account, known by a signed cookie.

Owns the cookie's text: making it, checking it, finding it in a header. Who the caller of a request
is, cookie or not, is decided in ``littoral.accounts.caller``.

The value is ``<owner>.<issued at, seconds>.<HMAC-SHA-256 of both, base64url without padding>``.
There is nothing to look up: a good signature is the proof.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from littoral.clock import Ids
from littoral.errors import DependencyUnavailable

GUEST_PREFIX = "guest"
COOKIE_ON_HTTPS = "__Host-littoral"
COOKIE_ON_HTTP = "littoral"
COOKIE_LIFE_SECONDS = 400 * 86_400
"""Browsers keep no cookie longer than 400 days (RFC 6265bis)."""
RENEW_AFTER_SECONDS = 30 * 86_400
LEAST_SECRET_CHARACTERS = 32

_VALUE = re.compile(r"(guest_[A-Za-z0-9_-]{22})\.([0-9]{1,11})\.([A-Za-z0-9_-]{43})")
_PURPOSE = b"littoral guest cookie 1:"


@dataclass(frozen=True, kw_only=True)
class Guest:
    """A guest as a good cookie names them. ``issued_at_seconds`` counts from 1970 in UTC."""

    owner: str
    issued_at_seconds: int

    def is_due(self, now_seconds: int) -> bool:
        """Whether the cookie is old enough to be issued again."""
        return now_seconds - self.issued_at_seconds >= RENEW_AFTER_SECONDS


def new_owner(ids: Ids) -> str:
    """The id of a guest whom nobody has seen before."""
    return ids.new(GUEST_PREFIX)


def issue(owner: str, *, secret: str, now_seconds: int) -> str:
    """The cookie's value for a guest."""
    signed = f"{owner}.{now_seconds}"
    return f"{signed}.{_signature(signed, secret)}"


def verify(value: str, *, secret: str, now_seconds: int) -> Guest | None:
    """The guest whom a cookie's value names; ``None`` when it is forged, broken or too old."""
    signed = _signed_by(secret, value)
    if signed is None or now_seconds - signed.issued_at_seconds >= COOKIE_LIFE_SECONDS:
        return None
    return signed


@lru_cache(maxsize=256)
def _signed_by(secret: str, value: str) -> Guest | None:
    """The guest of a value with a true signature, of whatever age; the newest ones are kept."""
    found = _VALUE.fullmatch(value)
    if found is None:
        return None
    owner, issued, signature = found.groups()
    if not hmac.compare_digest(signature, _signature(f"{owner}.{issued}", secret)):
        return None
    return Guest(owner=owner, issued_at_seconds=int(issued))


def require_secret(secret: str) -> str:
    """``secret`` when it is long enough to sign with; raises ``DependencyUnavailable``."""
    if len(secret) >= LEAST_SECRET_CHARACTERS:
        return secret
    state = f"has {len(secret)} characters" if secret else "is not set"
    raise DependencyUnavailable(
        f"SESSION_SECRET {state}; it signs cookies and needs {LEAST_SECRET_CHARACTERS} or more.",
        next_step="Set it with `npx wrangler secret put SESSION_SECRET` (32 random bytes as text).",
    )


def cookie_name(is_https: bool) -> str:
    """The cookie's name; the prefix ``__Host-`` is honoured by browsers on https only."""
    return COOKIE_ON_HTTPS if is_https else COOKIE_ON_HTTP


def cookie_values(header: str, name: str) -> Iterator[str]:
    """Every value that a ``Cookie`` header holds under a name."""
    for pair in header.split(";"):
        key, _, value = pair.strip().partition("=")
        if key == name:
            yield value


def set_cookie(value: str, is_https: bool) -> str:
    """The whole ``Set-Cookie`` header for a cookie's value."""
    secure = "; Secure" if is_https else ""
    return (
        f"{cookie_name(is_https)}={value}; Path=/; Max-Age={COOKIE_LIFE_SECONDS}; HttpOnly; "
        f"SameSite=Lax{secure}"
    )


def clear_cookie(is_https: bool) -> str:
    """The ``Set-Cookie`` header that takes the cookie away."""
    secure = "; Secure" if is_https else ""
    return f"{cookie_name(is_https)}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}"


def _signature(text: str, secret: str) -> str:
    digest = hmac.digest(secret.encode(), _PURPOSE + text.encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
