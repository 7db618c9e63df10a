"""Signatures of webhooks by the Standard Webhooks specification, version 1 with a shared secret.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md.
Receivers check with any library of the specification.
"""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime
from typing import Final

from standardwebhooks import Webhook

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32


def new_secret() -> str:
    """``whsec_`` and 256 random bits, as receivers' libraries take it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def signed_headers(secret: str, *, message_id: str, at_seconds: int, body: str) -> dict[str, str]:
    """The three headers of one delivery. The id stays the same when it is tried again.

    ``secret`` is as ``new_secret`` made it; raises ``ValueError`` for anything else.
    """
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    at = datetime.fromtimestamp(at_seconds, UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at_seconds),
        "webhook-signature": Webhook(key).sign(message_id, at, body),
    }
