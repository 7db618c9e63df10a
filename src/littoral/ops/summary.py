"""What operators see of a span of time: rates, errors and percentiles, by route and by agent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from littoral.ops import metric
from littoral.ops.tally import Count, Series, Tally, has_failed, percentile

Row = dict[str, Any]


def summary_of(tally: Tally, *, minutes: int) -> Row:
    """The tables of the summary, from what was counted in that many minutes."""
    rows: dict[str, list[tuple[Series, Count]]] = {key: [] for key in metric.METRICS}
    for series, count in tally:
        rows[series[0]].append((series, count))
    seconds = minutes * 60
    http = rows[metric.HTTP]
    return {
        "requests": _all(http, seconds),
        "routes": _table(
            http,
            seconds,
            name=lambda series: {"method": series[1], "route": series[2]},
        ),
        "refused": sum(count.count for series, count in http if "400" <= series[3] < "500"),
        "agents": _table(
            rows[metric.WORK],
            seconds,
            name=lambda series: {"agent": series[1], "work": series[2]},
        ),
        "calls": _table(
            rows[metric.CALL],
            seconds,
            name=lambda series: {"agent": series[1]},
        ),
        "models": _table(
            rows[metric.MODEL],
            seconds,
            name=lambda series: {"model": series[1]},
        ),
        "queues": _table(
            rows[metric.MESSAGE],
            seconds,
            name=lambda series: {"queue": series[1]},
        ),
        "stages": _table(
            rows[metric.STAGE],
            seconds,
            name=lambda series: {"workflow": series[1], "stage": series[2]},
        ),
        "tokens": _sums(rows[metric.TOKENS], "model", "direction"),
        "credits": _sums(rows[metric.CREDITS], "agent"),
        "errors": _sums(rows[metric.ERRORS], "code"),
        "lost": _sums(rows[metric.LOST], "what"),
    }


def figures(count: Count, failed: int, seconds: float) -> Row:
    """Count, rate, share of failures and percentiles of one row; times in milliseconds."""
    return {
        "count": count.count,
        "perSecond": round(count.count / seconds, 6) if seconds else 0,
        "failed": failed,
        "failedShare": round(failed / count.count, 4) if count.count else 0,
        "meanMs": round(count.total / count.count, 1) if count.count else None,
        "p50Ms": _percentile(count, 0.50),
        "p95Ms": _percentile(count, 0.95),
        "p99Ms": _percentile(count, 0.99),
    }


def _percentile(count: Count, share: float) -> float | None:
    found = percentile(count.buckets, share)
    return None if found is None else round(found, 1)


def _all(rows: list[tuple[Series, Count]], seconds: float) -> Row:
    total = Count()
    for _, count in rows:
        total.add(count)
    return figures(total, _failures(rows), seconds)


def _failures(rows: list[tuple[Series, Count]]) -> int:
    return sum(count.count for series, count in rows if has_failed(series))


def _table(
    rows: list[tuple[Series, Count]],
    seconds: float,
    *,
    name: Callable[[Series], dict[str, str]],
) -> list[Row]:
    """One row for each name, the most frequent first."""
    names: dict[str, tuple[dict[str, str], Count, int]] = {}
    for series, count in rows:
        labels = name(series)
        key = "\n".join(labels.values())
        _, total, wrong = names.get(key, (labels, Count(), 0))
        total.add(count)
        names[key] = (labels, total, wrong + (count.count if has_failed(series) else 0))
    made = [{**labels, **figures(total, wrong, seconds)} for labels, total, wrong in names.values()]
    return sorted(made, key=lambda row: -int(row["count"]))


def _sums(rows: list[tuple[Series, Count]], *labels: str) -> list[Row]:
    made = [
        {**dict(zip(labels, series[1:], strict=True)), "sum": round(count.total, 3)}
        for series, count in rows
    ]
    return sorted(made, key=lambda row: -float(row["sum"]))
