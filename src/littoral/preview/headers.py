"""Which headers pass between a browser, a preview, and the program that is previewed.

Every answer below a preview's prefix carries ``answer_headers``: its content security policy takes
the page's origin away and lets it load, fetch and post below its own prefix only. What a program
says in headers passes through a closed list, so that no header which a browser may learn next year
opens a way.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import urljoin, urlsplit

_FEATURES: Final = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "clipboard-write",
    "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope",
    "hid", "identity-credentials-get", "idle-detection", "keyboard-map",
    "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment",
    "picture-in-picture", "publickey-credentials-create", "publickey-credentials-get",
    "screen-wake-lock", "serial", "storage-access", "usb",
    "window-management", "xr-spatial-tracking",
)  # fmt: skip

_TO_PROGRAM: Final = frozenset(
    {
        "accept", "accept-language", "content-type", "idempotency-key", "if-match",
        "if-modified-since", "if-none-match", "if-unmodified-since", "user-agent",
        "x-requested-with",
    }
)  # fmt: skip

_FROM_PROGRAM: Final = frozenset(
    {
        "allow", "content-disposition", "content-language", "content-type", "etag",
        "last-modified", "retry-after", "x-total-count",
    }
)  # fmt: skip

CORS: Final = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    "access-control-allow-headers": ", ".join(sorted(_TO_PROGRAM - {"user-agent"})),
    "access-control-expose-headers": ", ".join(sorted(_FROM_PROGRAM)),
}
"""A page without an origin of its own is a stranger to its own server. Without credentials: the
link is all that counts, and whoever has it may read anyway."""


def policy(origin: str, prefix: str, framed_by: Collection[str] = ()) -> str:
    """The content security policy of everything below a preview's prefix.

    ``origin`` is the Worker's own, such as ``https://littoral.example``; pages of the origins in
    ``framed_by`` may show the preview too, as a front end that is deployed apart does.
    """
    base = f"{origin}{prefix}"
    frames = " ".join(["'self'", *sorted(framed_by)])
    return (
        "sandbox allow-scripts allow-forms allow-modals; "
        f"default-src {base} 'unsafe-inline' data: blob:; connect-src {base}; "
        f"form-action {base}; object-src 'none'; base-uri 'none'; frame-ancestors {frames}"
    )


def connections(origin: str, prefix: str) -> str:
    """The ``Connection-Allowlist`` of a preview (WICG; Chrome from 152).

    It closes what the policy does not govern: WebRTC, hosts that are looked up or connected to
    ahead, a tab of its own that goes elsewhere. Redirects pass, because only we make them.
    """
    return f'("{origin}{prefix}*");redirects=allow'


POLICY_WITHOUT_PREVIEW: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
"""For an address that is no preview's: nothing runs there."""


NO_CONNECTIONS: Final = "()"


def answer_headers(content_policy: str, allowed: str = NO_CONNECTIONS) -> dict[str, str]:
    """What every answer carries. Nothing of it is kept by browsers, so that a link's end counts."""
    return {
        "content-security-policy": content_policy,
        "connection-allowlist": allowed,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex, nofollow",
        "x-dns-prefetch-control": "off",
        "cross-origin-resource-policy": "cross-origin",
        "permissions-policy": ", ".join(f"{name}=()" for name in _FEATURES),
        **CORS,
    }


def to_program(headers: Mapping[str, str]) -> dict[str, str]:
    """What a previewed program is told of a request's headers (lower-case names)."""
    return {name: value for name, value in headers.items() if name in _TO_PROGRAM}


def from_program(
    headers: Mapping[str, str], *, origin: str, prefix: str, path: str
) -> dict[str, str]:
    """What of a program's headers goes out. ``path`` is the request's own, below the prefix.

    A ``Location`` is kept when it stays inside; one on the program's own host is put below the
    prefix.
    """
    kept = {name: value for name, value in headers.items() if name in _FROM_PROGRAM}
    location = headers.get("location")
    if location:
        inside = _inside(location, origin=origin, prefix=prefix, path=path)
        if inside is not None:
            kept["location"] = inside
    return kept


def _inside(location: str, *, origin: str, prefix: str, path: str) -> str | None:
    try:
        target = urlsplit(urljoin(f"{PROGRAM_ORIGIN}/{path}", location.strip()))
    except ValueError:
        return None
    own = urlsplit(PROGRAM_ORIGIN)
    if (target.scheme, target.netloc) != (own.scheme, own.netloc) or "\\" in target.path:
        return None
    query = f"?{target.query}" if target.query else ""
    fragment = f"#{target.fragment}" if target.fragment else ""
    return f"{origin}{prefix}{target.path.lstrip('/')}{query}{fragment}"


PROGRAM_ORIGIN: Final = "https://preview.invalid"
"""Where a previewed program believes to be: it is not told its link."""
