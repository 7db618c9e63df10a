"""Counts and histograms by series, and how two of them are added up.

A series is the key of its metric and the values of its labels. Tallies travel as JSON:
``[[series, count, sum, [bucket, …]], …]``, where a counter has no buckets.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from littoral.ops.metric import BOUNDS_MS, HTTP, LOST, METRICS

Series = tuple[str, ...]
"""``(metric key, label value, …)`` in the order of the metric's labels."""

OTHER: Final = "other"
FAILURES: Final = frozenset({"failed", "dead", "cut_off"})
"""Outcomes that are failures; cancelled and expired work is none."""

MOST_SERIES: Final = 1_000
"""Series in one tally; what comes after them is counted with all labels ``other``."""

MOST_LABEL_CHARACTERS: Final = 100


@dataclass(kw_only=True, slots=True)
class Count:
    """Of one series: how often, the sum of the values, and how many fell into each bucket."""

    count: int = 0
    total: float = 0.0
    buckets: list[int] = field(default_factory=list)

    def add(self, other: Count) -> None:
        """Adds what another one counted."""
        self.count += other.count
        self.total += other.total
        if len(self.buckets) < len(other.buckets):
            self.buckets += [0] * (len(other.buckets) - len(self.buckets))
        for at, number in enumerate(other.buckets):
            self.buckets[at] += number


class Tally:
    """Counts of many series; bounded."""

    def __init__(self, most: int = MOST_SERIES) -> None:
        self._counts: dict[Series, Count] = {}
        self._most = most

    def __len__(self) -> int:
        return len(self._counts)

    def __iter__(self) -> Iterator[tuple[Series, Count]]:
        return iter(self._counts.items())

    def get(self, series: Series) -> Count | None:
        return self._counts.get(series)

    def time(self, series: Series, milliseconds: float) -> None:
        """One more duration."""
        found = self._counts.get(series) or self._room(series)
        if not found.buckets:
            found.buckets = [0] * (len(BOUNDS_MS) + 1)
        found.count += 1
        found.total += milliseconds
        found.buckets[bisect_left(BOUNDS_MS, milliseconds)] += 1

    def count(self, series: Series, number: float = 1) -> None:
        """So many more of a counter."""
        found = self._counts.get(series) or self._room(series)
        found.count += 1
        found.total += number

    def add(self, series: Series, count: Count) -> None:
        """What somebody else counted."""
        (self._counts.get(series) or self._room(series)).add(count)

    def _room(self, series: Series) -> Count:
        if len(self._counts) >= self._most and series[0] != LOST:
            self.count((LOST, "series"))
            series = (series[0], *[OTHER] * (len(series) - 1))
        return self._counts.setdefault(series, Count())

    def to_json(self) -> list[Any]:
        """As it travels."""
        return [[list(key), one.count, one.total, one.buckets] for key, one in self._counts.items()]


def read_tally(rows: Iterable[Any], most: int = MOST_SERIES) -> Tally:
    """What ``to_json`` gave; series that no metric of this version has are passed over."""
    tally = Tally(most)
    for key, count, total, buckets in rows:
        if fits(key):
            series = tuple(str(each)[:MOST_LABEL_CHARACTERS] for each in key)
            held = list(map(int, buckets))[: len(BOUNDS_MS) + 1]
            tally.add(series, Count(count=int(count), total=float(total), buckets=held))
    return tally


def fits(key: list[Any]) -> bool:
    """Whether a series belongs to a metric and has a value for each of its labels."""
    metric = METRICS.get(str(key[0])) if key else None
    return metric is not None and len(key) == len(metric.labels) + 1


def labels_of(series: Series) -> Mapping[str, str]:
    """The values of a series by the names of its labels."""
    return dict(zip(METRICS[series[0]].labels, series[1:], strict=True))


def has_failed(series: Series) -> bool:
    """Whether a series counts what failed on our side; refusing a caller's mistake is none."""
    if series[0] == HTTP:
        return series[3] >= "500"
    return METRICS[series[0]].kind == "duration" and series[-1] in FAILURES


def percentile(buckets: list[int], share: float) -> float | None:
    """The value in milliseconds below which ``share`` (0 to 1) of the durations lie, estimated.

    Between the bounds of its bucket it is taken to lie evenly. In the last bucket, which has no
    upper bound, it is the lower one. ``None`` when nothing was counted.
    """
    wanted = sum(buckets) * share
    if not wanted:
        return None
    before = 0
    for at, number in enumerate(buckets):
        if before + number >= wanted and number:
            low = BOUNDS_MS[at - 1] if at else 0
            high = BOUNDS_MS[at] if at < len(BOUNDS_MS) else low
            return low + (high - low) * (wanted - before) / number
        before += number
    return float(BOUNDS_MS[-1])
