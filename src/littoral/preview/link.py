"""The text in a preview's address: which build, which link of it, until when, signed.

    <build id>.<word>.<expires at, seconds>.<HMAC-SHA-256 of these, base64url>

A good signature proves that the text was made here, so strangers wake no object. It names no owner:
whoever looks at a preview, and the program in it, learns nothing of who made it. Whether the link
still counts is for the build's object to say (``littoral.preview.desk``).
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from littoral.accounts.guest import require_secret

PATH = "/preview/"
LONGEST_TOKEN_CHARACTERS = 200

_TOKEN = re.compile(
    r"(bld_[A-Za-z0-9_-]{1,60})\.(prv_[A-Za-z0-9_-]{1,60})\.([0-9]{1,11})\.([A-Za-z0-9_-]{43})"
)


@dataclass(frozen=True, kw_only=True)
class PreviewLink:
    """What a token says. ``word`` is known to the build's object."""

    build_id: str
    word: str
    expires_at_ms: int

    def is_over(self, now_ms: int) -> bool:
        """Whether its time has passed."""
        return now_ms >= self.expires_at_ms


def token_of(link: PreviewLink, *, secret: str) -> str:
    """The token; the time is kept in whole seconds, rounded down.

    Raises ``DependencyUnavailable`` without a usable secret.
    """
    require_secret(secret)
    body = f"{link.build_id}.{link.word}.{link.expires_at_ms // 1000}"
    return f"{body}.{_signature(body, secret)}"


def prefix_of(token: str) -> str:
    """The beginning of every path of a preview, with its last slash."""
    return f"{PATH}{token}/"


def read_token(token: str, *, secret: str) -> PreviewLink | None:
    """What a token says; ``None`` when it was not made here. Looks at no clock."""
    require_secret(secret)
    found = _TOKEN.fullmatch(token) if len(token) <= LONGEST_TOKEN_CHARACTERS else None
    if found is None:
        return None
    build_id, word, expires, signature = found.groups()
    if not hmac.compare_digest(signature, _signature(f"{build_id}.{word}.{expires}", secret)):
        return None
    return PreviewLink(build_id=build_id, word=word, expires_at_ms=int(expires) * 1000)


def _signature(body: str, secret: str) -> str:
    digest = hmac.digest(secret.encode(), b"littoral preview 1:" + body.encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
