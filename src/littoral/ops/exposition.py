"""A tally as Prometheus' text format, version 0.0.4.

A few dozen lines of our own: prometheus_client would add its registry, its threads' locks and its
server to every isolate for them. A test has its parser read what is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from littoral.ops.metric import BOUNDS_MS, METRICS, Metric
from littoral.ops.tally import Count, Series, Tally, labels_of

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Gauge = tuple[str, str, list[tuple[dict[str, str], float]]]
"""Name, help, and the values with their labels."""


def exposition(tally: Tally, gauges: Iterable[Gauge] = ()) -> str:
    """Every metric of the catalogue that was counted, in its order, then the gauges."""
    found: dict[str, list[tuple[Series, Count]]] = {}
    for series, count in tally:
        found.setdefault(series[0], []).append((series, count))
    lines: list[str] = []
    for key, metric in METRICS.items():
        if key in found:
            lines += _metric(metric, sorted(found[key], key=lambda each: each[0]))
    for name, summary, values in gauges:
        lines += _head(name, summary, "gauge")
        lines += [f"{name}{_labels(labels)} {_number(value)}" for labels, value in values]
    return "\n".join([*lines, ""])


def _metric(metric: Metric, rows: list[tuple[Series, Count]]) -> Iterator[str]:
    if metric.kind == "counter":
        yield from _head(metric.name, metric.summary, "counter")
        for series, count in rows:
            yield f"{metric.name}{_labels(dict(labels_of(series)))} {_number(count.total)}"
        return
    yield from _head(metric.name, metric.summary, "histogram")
    for series, count in rows:
        labels = dict(labels_of(series))
        below = 0
        for bound, number in zip((*BOUNDS_MS, None), count.buckets, strict=False):
            below += number
            edge = "+Inf" if bound is None else _number(bound / 1000)
            yield f"{metric.name}_bucket{_labels({**labels, 'le': edge})} {below}"
        yield f"{metric.name}_sum{_labels(labels)} {_number(count.total / 1000)}"
        yield f"{metric.name}_count{_labels(labels)} {count.count}"


def _head(name: str, summary: str, kind: str) -> list[str]:
    escaped = summary.replace("\\", "\\\\").replace("\n", "\\n")
    return [f"# HELP {name} {escaped}", f"# TYPE {name} {kind}"]


def _labels(labels: dict[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
