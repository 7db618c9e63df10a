"""A question about one metric over time: which of its series count, and by what they are parted.

The telemetry's object adds up rows (``points``); the door that asked turns them into figures
(``lines_of``). So what travels is small, and percentiles are made of buckets, never of percentiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from littoral.clock import iso
from littoral.errors import InvalidInput
from littoral.ops.metric import METRICS
from littoral.ops.summary import figures
from littoral.ops.tally import OTHER, Count, Series, has_failed

MOST_POINTS: Final = 120
MOST_LINES: Final = 8
"""Lines of one answer; the rest is added up as ``other``."""

_STEPS_MINUTES: Final = (1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1_440)


@dataclass(frozen=True, kw_only=True)
class Question:
    """``labels`` are the values that a series must have, ``group`` the label that names its line;
    both by the label's place."""

    metric: str
    labels: Mapping[int, str] = field(default_factory=dict)
    group: int | None = None

    def fits(self, series: Series) -> bool:
        """Whether a series counts."""
        return series[0] == self.metric and all(
            series[1 + at] == value for at, value in self.labels.items()
        )

    def points(
        self, rows: Iterable[tuple[int, Series, Count]], step_ms: int
    ) -> list[tuple[int, list[Any]]]:
        """The sums of each step: ``(at, [[line, count, total, buckets, failed], …])``."""
        steps: dict[int, dict[str, tuple[Count, int]]] = {}
        for at, series, count in rows:
            if not self.fits(series):
                continue
            lines = steps.setdefault(at // step_ms * step_ms, {})
            name = "" if self.group is None else series[1 + self.group]
            total, failed = lines.get(name, (Count(), 0))
            total.add(count)
            lines[name] = (total, failed + (count.count if has_failed(series) else 0))
        return [
            (at, [[name, c.count, c.total, c.buckets, failed] for name, (c, failed) in one.items()])
            for at, one in sorted(steps.items())
        ]


def label_place(metric: str, name: str) -> int:
    """The place of a label of a metric; raises ``InvalidInput``."""
    labels = METRICS[metric].labels
    if name not in labels:
        raise InvalidInput(f"{metric} has no label {name!r}; it has: {', '.join(labels)}.")
    return labels.index(name)


def step_ms(minutes: int) -> int:
    """The width of a step, such that there are at most ``MOST_POINTS``; hours beyond a day."""
    least = 60 if minutes > 24 * 60 else 1
    fitting = (s for s in _STEPS_MINUTES if s >= least and minutes / s <= MOST_POINTS)
    return next(fitting, _STEPS_MINUTES[-1]) * 60_000


def lines_of(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of an answer, the most frequent first, each with a point for every step."""
    step = int(found["stepMs"])
    totals: dict[str, int] = {}
    for _, lines in found["points"]:
        for name, count, *_ in lines:
            totals[name] = totals.get(name, 0) + int(count)
    named = sorted(totals, key=lambda name: -totals[name])[:MOST_LINES]
    by_time = {int(at): lines for at, lines in found["points"]}
    times = range(int(found["fromMs"]), int(found["untilMs"]) + 1, step)
    names = [*named, *([OTHER] if len(totals) > len(named) and OTHER not in named else [])]
    return [
        {
            "name": name,
            "points": [_point(at, by_time.get(at, []), name, named, step) for at in times],
        }
        for name in names
    ]


def _point(at: int, lines: list[Any], name: str, named: list[str], step: int) -> dict[str, Any]:
    total, failed = Count(), 0
    for line, count, sums, buckets, wrong in lines:
        if line == name or (name == OTHER and line not in named):
            total.add(Count(count=count, total=sums, buckets=list(buckets)))
            failed += int(wrong)
    made = figures(total, failed, step / 1000)
    return {"at": iso(at), "atMs": at, "sum": round(total.total, 3), **made}
