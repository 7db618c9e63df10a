"""The cookie that stands for a key in a browser, made at signup and login.

The value is ``<user id>.<key id>.<issued at, seconds>.<HMAC-SHA-256 of these, base64url>``. It
holds no secret of the key. A good signature is not enough: the key is looked up at every request,
so that revoking it ends the cookie too.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

COOKIE_ON_HTTPS: Final = "__Host-littoral-account"
COOKIE_ON_HTTP: Final = "littoral-account"
COOKIE_LIFE_SECONDS: Final = 30 * 86_400

_VALUE = re.compile(
    r"(usr_[A-Za-z0-9_-]{22})\.([A-Za-z0-9]{8})\.([0-9]{1,11})\.([A-Za-z0-9_-]{43})"
)
_PURPOSE = b"littoral account cookie 1:"


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """What a good cookie says: this user came with this key."""

    user_id: str
    key_id: str


def cookie_name(is_https: bool) -> str:
    """The cookie's name; the prefix ``__Host-`` is honoured by browsers on https only."""
    return COOKIE_ON_HTTPS if is_https else COOKIE_ON_HTTP


def issue(user_id: str, key_id: str, *, secret: str, now_seconds: int) -> str:
    """The cookie's value for a user and the key that they came with."""
    signed = f"{user_id}.{key_id}.{now_seconds}"
    return f"{signed}.{_signature(signed, secret)}"


def verify(value: str, *, secret: str, now_seconds: int) -> SignedIn | None:
    """Who is signed in by a cookie's value; ``None`` when it is forged, broken or too old."""
    found = _VALUE.fullmatch(value)
    if found is None:
        return None
    user_id, key_id, issued, signature = found.groups()
    if not hmac.compare_digest(signature, _signature(f"{user_id}.{key_id}.{issued}", secret)):
        return None
    if now_seconds - int(issued) >= COOKIE_LIFE_SECONDS:
        return None
    return SignedIn(user_id=user_id, key_id=key_id)


def set_cookie(value: str, is_https: bool) -> str:
    """The whole ``Set-Cookie`` header for a cookie's value."""
    return _header(value, COOKIE_LIFE_SECONDS, is_https)


def clear_cookie(is_https: bool) -> str:
    """The ``Set-Cookie`` header that takes the cookie away."""
    return _header("", 0, is_https)


def _header(value: str, seconds: int, is_https: bool) -> str:
    secure = "; Secure" if is_https else ""
    return (
        f"{cookie_name(is_https)}={value}; Path=/; Max-Age={seconds}; HttpOnly; "
        f"SameSite=Lax{secure}"
    )


def _signature(text: str, secret: str) -> str:
    digest = hmac.digest(secret.encode(), _PURPOSE + text.encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
