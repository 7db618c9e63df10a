"""What a person said that words mean. It is remembered and comes before rules and models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, cast

from littoral.clock import Clock, iso
from littoral.errors import QueueFull
from littoral.functions.classification.key import words_key
from littoral.functions.function_type import FunctionType
from littoral.store.migrations import Schema
from littoral.store.sql import Sql

MOST_OVERRIDES = 1_000
MOST_KEPT_CHARACTERS = 2_000

OVERRIDES_SCHEMA = Schema(
    name="function_overrides",
    steps=(
        "CREATE TABLE function_overrides (key TEXT PRIMARY KEY, description TEXT NOT NULL, "
        "type TEXT NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Override:
    """``description`` as it was given, cut at 2,000 characters; ``key`` stands for all of it."""

    key: str
    description: str
    type: FunctionType
    at_ms: int

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "description": self.description,
            "type": self.type,
            "at": iso(self.at_ms),
        }


class Overrides(Protocol):
    """Types that were decided by the owner, by the words alone: any arguments."""

    def find(self, description: str) -> FunctionType | None:
        """What the owner said that these words mean."""
        ...

    def remember(self, description: str, function_type: FunctionType) -> Override:
        """Repeating is safe; another type replaces the one before. Raises ``QueueFull``."""
        ...

    def forget(self, key: str) -> bool:
        """Whether there was one. ``key`` is that of an ``Override``."""
        ...

    def all(self) -> list[Override]:
        """The newest first."""
        ...


class SqlOverrides:
    """``Overrides`` in one owner's object; its tables are ``OVERRIDES_SCHEMA``."""

    def __init__(self, sql: Sql, clock: Clock) -> None:
        self._sql = sql
        self._clock = clock

    def find(self, description: str) -> FunctionType | None:
        found = self._sql.value(
            "SELECT type FROM function_overrides WHERE key = ?", words_key(description)
        )
        return cast("FunctionType | None", found)

    def remember(self, description: str, function_type: FunctionType) -> Override:
        override = Override(
            key=words_key(description),
            description=description[:MOST_KEPT_CHARACTERS],
            type=function_type,
            at_ms=self._clock.now_ms(),
        )
        self._sql.transaction(lambda: self._put(override))
        return override

    def forget(self, key: str) -> bool:
        known = self._sql.value("SELECT 1 FROM function_overrides WHERE key = ?", key)
        self._sql.run("DELETE FROM function_overrides WHERE key = ?", key)
        return known is not None

    def all(self) -> list[Override]:
        rows = self._sql.rows(
            "SELECT key, description, type, at_ms FROM function_overrides "
            "ORDER BY at_ms DESC, key LIMIT ?",
            MOST_OVERRIDES,
        )
        return [_override(*row) for row in rows]

    def _put(self, override: Override) -> None:
        others = self._sql.value(
            "SELECT count(*) FROM function_overrides WHERE key <> ?", override.key
        )
        if int(others or 0) >= MOST_OVERRIDES:
            raise QueueFull(
                f"{MOST_OVERRIDES} types are remembered; more are not.",
                next_step="Forget one that is not needed any more.",
            )
        self._sql.run(
            "INSERT OR REPLACE INTO function_overrides VALUES (?, ?, ?, ?)",
            override.key,
            override.description,
            override.type,
            override.at_ms,
        )


def _override(key: Any, description: Any, function_type: Any, at_ms: Any) -> Override:
    return Override(key=key, description=description, type=function_type, at_ms=int(at_ms))
