"""Which pages may call: the check of ``Origin`` on writes and sockets, and the CORS headers.

A cookie alone proves who the browser's user is, not which page asked. Programs that are no browsers
send no ``Origin`` and pass; a page passes when it is ours or its origin is in ``ALLOWED_ORIGINS``.
Pages cannot set ``Origin`` or ``Sec-Fetch-Site`` themselves (Fetch standard, forbidden headers).
"""

from __future__ import annotations

from collections.abc import Collection

from littoral.errors import NotAllowed

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Header = tuple[str, str]

_PREFLIGHT_HEADERS: tuple[Header, ...] = (
    ("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE"),
    (
        "access-control-allow-headers",
        "authorization, content-type, idempotency-key, traceparent, x-api-key, x-request-id",
    ),
    ("access-control-max-age", "7200"),
)


def is_allowed(
    origin: str | None, *, sec_fetch_site: str | None, own_origin: str, allowed: Collection[str]
) -> bool:
    """Whether a page of this origin may write or open a socket.

    ``own_origin`` is scheme and host of the request. A browser that says ``same-origin`` itself is
    believed, so that a proxy which changes the scheme locks nobody out.
    """
    if origin is None:
        return sec_fetch_site in (None, "same-origin", "none")
    if origin == own_origin or origin in allowed:
        return True
    return sec_fetch_site == "same-origin" and origin != "null"


def require_allowed(
    origin: str | None, *, sec_fetch_site: str | None, own_origin: str, allowed: Collection[str]
) -> None:
    """Raises ``NotAllowed`` for a page that ``is_allowed`` refuses."""
    if is_allowed(origin, sec_fetch_site=sec_fetch_site, own_origin=own_origin, allowed=allowed):
        return
    raise NotAllowed(
        "A page of another origin may not do this.",
        next_step="Call from the site itself, or add the page's origin to ALLOWED_ORIGINS.",
    )


def cors_headers(origin: str | None, allowed: Collection[str]) -> tuple[Header, ...]:
    """Headers that let a page of an allowed other origin read the answer; none for the rest."""
    if origin is None or origin not in allowed:
        return ()
    return (
        ("access-control-allow-origin", origin),
        ("access-control-allow-credentials", "true"),
        (
            "access-control-expose-headers",
            "content-disposition, retry-after, traceresponse, x-request-id",
        ),
        ("vary", "origin"),
    )


def cookie_for(
    cookie: str, origin: str | None, *, sec_fetch_site: str | None, allowed: Collection[str]
) -> str:
    """A ``Set-Cookie`` header as the page that asked can keep it.

    Only a page of another *site*, on the list, needs it changed: browsers take and send such a
    cookie when it is ``SameSite=None``, and keep it apart for that one site when it is
    ``Partitioned`` (CHIPS). Everybody else gets the stricter ``Lax``. On plain http it works for
    hosts that browsers trust as if they were secure, such as localhost.
    """
    if sec_fetch_site != "cross-site" or origin is None or origin not in allowed:
        return cookie
    secure = "" if cookie.endswith("; Secure") else "; Secure"
    return f"{cookie.replace('SameSite=Lax', 'SameSite=None')}{secure}; Partitioned"


def preflight_headers(origin: str | None, allowed: Collection[str]) -> tuple[Header, ...]:
    """Headers of the answer to a CORS preflight; none for an origin that is not allowed."""
    headers = cors_headers(origin, allowed)
    return headers + _PREFLIGHT_HEADERS if headers else ()
