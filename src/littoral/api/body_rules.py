"""Rules for the body of every request before it is parsed: content type, size, nesting.

Nesting is counted first because a parser that recurses would run out of stack, which in the Worker
ends the whole isolate.
"""

from __future__ import annotations

from littoral.api.limits import BODY_BYTES
from littoral.errors import CallerError, TooLarge, UnsupportedMedia
from littoral.jsontext import MAX_DEPTH, depth


def require_json(content_type: str | None) -> None:
    """Raises ``UnsupportedMedia`` unless the body is declared as JSON in UTF-8."""
    media, _, parameters = (content_type or "").lower().partition(";")
    media = media.strip()
    is_json = media == "application/json" or (
        media.startswith("application/") and media.endswith("+json")
    )
    if not is_json:
        named = f"{media[:60]!r} is not read here" if media else "There is no content-type header"
        raise UnsupportedMedia(f"{named}; JSON is.")
    charset = parameters.replace(" ", "").partition("charset=")[2].strip('"')
    if charset and charset not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMedia(f"The charset {charset[:40]!r} is not read here; UTF-8 is.")


def decode_body(body: bytes) -> str:
    """The body's text; raises ``CallerError`` when it is not UTF-8."""
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise CallerError(f"The body is not UTF-8: byte {error.start} is wrong.") from None


def check_body_text(text: str, most: int = BODY_BYTES) -> None:
    """Raises ``TooLarge`` for more than ``most`` characters or too many levels of nesting."""
    if len(text) > most:
        raise too_large(most)
    if text.count("[") + text.count("{") > MAX_DEPTH and depth(text) > MAX_DEPTH:
        raise TooLarge(f"The body is nested more than {MAX_DEPTH} levels deep.")


def too_large(most_bytes: int = BODY_BYTES) -> TooLarge:
    """The error for a body over the limit."""
    return TooLarge(f"The body is longer than {most_bytes} bytes.")
