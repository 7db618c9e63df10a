"""What models found descriptions to be, kept so that the same question is paid for once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from littoral.clock import Clock
from littoral.functions.classification.classification import Alternative
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

KEPT_MS = 30 * 24 * 3_600_000
MOST_KEPT = 2_000
SWEPT = 200
"""How many of the oldest go at once when there are too many."""

CACHE_SCHEMA = Schema(
    name="function_classifications",
    steps=(
        "CREATE TABLE function_classifications (key TEXT PRIMARY KEY, ranked TEXT NOT NULL, "
        "model TEXT NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE INDEX function_classifications_by_age ON function_classifications (at_ms)",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """A model's ranking: the likeliest first, and which model it was."""

    ranked: tuple[Alternative, ...]
    model: str


class ClassificationCache(Protocol):
    """Rankings by ``key.request_key``. It may forget any of them at any time."""

    def find(self, key: str) -> Remembered | None: ...

    def keep(self, key: str, remembered: Remembered) -> None:
        """Repeating is safe; the newest stays."""
        ...


class SqlCache:
    """``ClassificationCache`` in one owner's object; its tables are ``CACHE_SCHEMA``.

    A ranking is kept for thirty days; of more than 2,000 the oldest go.
    """

    def __init__(self, sql: Sql, clock: Clock) -> None:
        self._sql = sql
        self._clock = clock

    def find(self, key: str) -> Remembered | None:
        rows = self._sql.rows(
            "SELECT ranked, model FROM function_classifications WHERE key = ? AND at_ms > ?",
            key,
            self._clock.now_ms() - KEPT_MS,
        )
        if not rows:
            return None
        ranked, model = rows[0]
        return Remembered(ranked=_read(str(ranked)), model=str(model))

    def keep(self, key: str, remembered: Remembered) -> None:
        self._sql.transaction(lambda: self._put(key, remembered))

    def _put(self, key: str, remembered: Remembered) -> None:
        now = self._clock.now_ms()
        self._sql.run(
            "INSERT OR REPLACE INTO function_classifications VALUES (?, ?, ?, ?)",
            key,
            _written(remembered.ranked),
            remembered.model,
            now,
        )
        count = self._sql.value("SELECT count(*) FROM function_classifications")
        if int(count or 0) > MOST_KEPT:
            self._sql.run(
                "DELETE FROM function_classifications WHERE key IN (SELECT key FROM "
                "function_classifications ORDER BY at_ms, key LIMIT ?)",
                SWEPT,
            )


def _written(ranked: Sequence[Alternative]) -> str:
    return json.dumps([each.to_json() for each in ranked], ensure_ascii=False)


def _read(text: str) -> tuple[Alternative, ...]:
    items: list[dict[str, Any]] = json.loads(text)
    return tuple(Alternative(**each) for each in items)
