"""Headers that every answer of the API carries, whichever door it leaves by."""

from __future__ import annotations

from typing import Final

Header = tuple[str, str]

SECURITY_HEADERS: Final[tuple[Header, ...]] = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    ("cross-origin-resource-policy", "same-origin"),
)

NO_STORE: Final[Header] = ("cache-control", "no-store")

AUTHENTICATE: Final[Header] = ("www-authenticate", 'Bearer realm="littoral"')
"""What a 401 says about the way in (RFC 9110 §11.6.1); no browser asks for a password then."""

STRICT_TRANSPORT: Final[Header] = ("strict-transport-security", "max-age=31536000")
"""For answers on https only."""

PAGE_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""The content security policy of pages that the Worker itself answers with."""


def answer_headers(*, is_https: bool) -> tuple[Header, ...]:
    """The headers of a JSON answer."""
    transport = (STRICT_TRANSPORT,) if is_https else ()
    return (*SECURITY_HEADERS, NO_STORE, *transport)
