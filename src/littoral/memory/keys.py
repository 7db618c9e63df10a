"""Idempotency keys of a memory's writes. The documents themselves are idempotent by their content:
a key only tells a caller that it was used for something else before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from littoral.clock import Clock
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

KEPT_KEYS = 1_000

KEYS_SCHEMA = Schema(
    name="memory_keys",
    steps=(
        "CREATE TABLE memory_keys (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, "
        "documents TEXT NOT NULL, at_ms INTEGER NOT NULL)",
    ),
)


class MemoryKeys:
    """The newest ``KEPT_KEYS`` keys."""

    def __init__(self, sql: Sql, clock: Clock) -> None:
        self._sql = sql
        self._clock = clock

    def take(self, key: str, document_ids: Sequence[str]) -> bool:
        """Notes what a key is used for; ``False`` when it was used for other documents."""
        digest = hashlib.sha256("\n".join(document_ids).encode()).hexdigest()
        known = self._sql.value("SELECT documents FROM memory_keys WHERE key = ?", key)
        if known is not None:
            return known == digest
        self._sql.run(
            "INSERT INTO memory_keys (key, documents, at_ms) VALUES (?, ?, ?)",
            key,
            digest,
            self._clock.now_ms(),
        )
        self._sql.run(
            "DELETE FROM memory_keys WHERE number <= (SELECT max(number) FROM memory_keys) - ?",
            KEPT_KEYS,
        )
        return True
