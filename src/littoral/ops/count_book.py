"""The rows of counts: sums of all time, of each minute for a day, of each hour for a month."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from littoral.jsontext import dumps
from littoral.ops.tally import OTHER, Count, Series, Tally
from littoral.store.migrations import Schema
from littoral.store.sql import Row, Sql

COUNT_SCHEMA = Schema(
    name="ops_counts",
    steps=(
        "CREATE TABLE ops_totals (series TEXT PRIMARY KEY, count INTEGER NOT NULL, "
        "total REAL NOT NULL, buckets TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE ops_counts (width INTEGER NOT NULL, at INTEGER NOT NULL, "
        "series TEXT NOT NULL, count INTEGER NOT NULL, total REAL NOT NULL, "
        "buckets TEXT NOT NULL, PRIMARY KEY (width, at, series)) WITHOUT ROWID",
    ),
)

Width = Literal[60_000, 3_600_000]
MINUTE: Final[Width] = 60_000
HOUR: Final[Width] = 3_600_000
KEPT_MS: Final = {MINUTE: 24 * HOUR, HOUR: 30 * 24 * HOUR}
"""How long buckets of each width are kept."""

MOST_TOTALS: Final = 2_000
"""Series that are kept apart; more are counted with all labels ``other``."""


class CountBook:
    """Reads and adds rows. ``add`` belongs into a transaction with what it was read from."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def add(self, at_ms: int, tally: Tally) -> None:
        """Adds what was counted at that time."""
        room = MOST_TOTALS - int(self._sql.value("SELECT count(*) FROM ops_totals") or 0)
        for series, count in tally:
            key = dumps(series)
            known = self._find("ops_totals", "series = ?", key)
            if known is None:
                room -= 1
                if room < 0:
                    key = dumps((series[0], *[OTHER] * (len(series) - 1)))
                    known = self._find("ops_totals", "series = ?", key)
            self._sql.run(
                "INSERT OR REPLACE INTO ops_totals VALUES (?, ?, ?, ?)", key, *_sum(known, count)
            )
            for width in (MINUTE, HOUR):
                at = at_ms // width * width
                there = self._find(
                    "ops_counts", "width = ? AND at = ? AND series = ?", width, at, key
                )
                self._sql.run(
                    "INSERT OR REPLACE INTO ops_counts VALUES (?, ?, ?, ?, ?, ?)",
                    width,
                    at,
                    key,
                    *_sum(there, count),
                )

    def totals(self) -> Tally:
        """Everything that was ever counted."""
        return _tally(self._sql.rows("SELECT series, count, total, buckets FROM ops_totals"))

    def between(self, width: Width, from_ms: int, until_ms: int, metrics: Iterable[str]) -> Tally:
        """The sums of the buckets that begin in a span of time, of some metrics (their keys)."""
        wanted = set(metrics)
        tally = Tally(MOST_TOTALS)
        for _, series, count in self.points(width, from_ms, until_ms):
            if series[0] in wanted:
                tally.add(series, count)
        return tally

    def points(self, width: Width, from_ms: int, until_ms: int) -> list[tuple[int, Series, Count]]:
        """Each bucket of each series that begins in a span of time, oldest first."""
        rows = self._sql.rows(
            "SELECT at, series, count, total, buckets FROM ops_counts "
            "WHERE width = ? AND at >= ? AND at < ? ORDER BY at",
            width,
            from_ms,
            until_ms,
        )
        return [(int(at or 0), _series(key), _count(rest)) for at, key, *rest in rows]

    def prune(self, now_ms: int) -> None:
        """Deletes buckets that are too old."""
        for width, kept in KEPT_MS.items():
            self._sql.run("DELETE FROM ops_counts WHERE width = ? AND at < ?", width, now_ms - kept)

    def _find(self, table: str, where: str, *values: str | int) -> Count | None:
        rows = self._sql.rows(
            f"SELECT count, total, buckets FROM {table} WHERE {where}",
            *values,
        )
        return _count(rows[0]) if rows else None


def _sum(known: Count | None, more: Count) -> tuple[int, float, str]:
    result = Count()
    if known is not None:
        result.add(known)
    result.add(more)
    return result.count, result.total, dumps(result.buckets)


def _tally(rows: Iterable[Row]) -> Tally:
    tally = Tally(MOST_TOTALS + 100)
    for key, *rest in rows:
        tally.add(_series(key), _count(rest))
    return tally


def _series(key: object) -> Series:
    return tuple(json.loads(str(key)))


def _count(row: Sequence[object]) -> Count:
    count, total, buckets = row
    return Count(
        count=int(str(count)), total=float(str(total)), buckets=list(json.loads(str(buckets)))
    )
