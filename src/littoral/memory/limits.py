"""Sizes and counts of an agent's memory, in one place for requests, rows and documentation."""

from __future__ import annotations

from typing import Final

MAX_DOCUMENT_BYTES: Final = 1_000_000
"""Longest document, as UTF-8."""

MAX_DOCUMENTS: Final = 200
MAX_PASSAGES: Final = 10_000
"""Passages of all documents of one agent together: what the local index searches in one go."""

MAX_DOCUMENT_PASSAGES: Final = 2_000
MAX_AT_ONCE: Final = 20
"""Documents in one request."""

MAX_TITLE_CHARACTERS: Final = 200
MAX_SOURCE_CHARACTERS: Final = 500
MAX_QUESTION_CHARACTERS: Final = 2_000
MAX_RESULTS: Final = 20
DEFAULT_RESULTS: Final = 5
PAGE_DOCUMENTS: Final = 50

ANSWER_WITHIN_SECONDS: Final = 3.0
"""How long a request waits for its documents to become searchable before it answers 202."""
