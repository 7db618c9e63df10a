"""Ids that follow one request: taken from the caller when usable, else made here."""

from __future__ import annotations

import re

from littoral.clock import Ids

REQUEST_ID_HEADER = "x-request-id"

_REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{8,64}")


def request_id_of(sent: str | None, ids: Ids) -> str:
    """The caller's id if it is 8 to 64 of ``A-Z a-z 0-9 _ . : -``, else a new one."""
    if sent is not None and _REQUEST_ID.fullmatch(sent):
        return sent
    return ids.new("req")
