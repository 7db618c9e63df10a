"""How much a request may hold. Limits of what is kept are with their owners (tasks, sessions)."""

from __future__ import annotations

from typing import Final

BODY_BYTES: Final = 64 * 1024
"""Longest body of a request."""

PATH_CHARACTERS: Final = 2_000
"""Longest address, its query aside."""

SESSION_TITLE_CHARACTERS: Final = 200
DUE_CHARACTERS: Final = 200
QUERY_CHARACTERS: Final = 200
PAGE_MESSAGES: Final = 100
PAGE_SESSIONS: Final = 100
PAGE_RESULTS: Final = 50
PAGE_EVENTS: Final = 500
