"""Owns what is printed of a load: surfaces, errors, memory over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from _lib.load.flatness import Verdict
from _lib.load.tally import Tally
from _lib.load.watch import Look
from benchmarks.report import table

PERCENTS = (50, 95, 99, 100)
ROWS = 12


def surfaces_table(tally: Tally, seconds: float) -> str:
    """Throughput and latencies of each surface."""
    head = ["surface", "done", "per s", "p50 ms", "p95 ms", "p99 ms", "max ms", "errors"]
    rows = []
    for name, found in tally.surfaces.items():
        values = [found.milliseconds(percent) for percent in PERCENTS]
        rows.append(
            [
                name,
                str(len(found.seconds)),
                f"{len(found.seconds) / seconds:.2f}",
                *["—" if value is None else f"{value:.0f}" for value in values],
                str(found.errors.total()),
            ]
        )
    rows.append(
        ["all", str(tally.done), f"{tally.done / seconds:.2f}", *[""] * 4, str(tally.failed)]
    )
    return table(head, rows)


def errors_text(tally: Tally) -> str:
    """Errors by surface and code, each with a few of them in words; empty without any."""
    lines = []
    for name, found in tally.surfaces.items():
        for code, count in found.errors.most_common():
            lines.append(f"{count:5} × {name}: {code}")
            lines += [f"          {sample}" for sample in found.samples[code]]
    return "\n".join(lines)


def memory_table(looks: Sequence[Look]) -> str:
    """At most ``ROWS`` looks, evenly over the time."""
    if not looks:
        return "memory: the server is not of this machine"
    step = max(1, len(looks) // ROWS)
    shown = [*looks[::step][: ROWS - 1], looks[-1]]
    head = [
        "memory: after s",
        "workerd MB",
        "python MB",
        "proxy MB",
        "node MB",
        "processes",
        "done",
        "errors",
    ]
    rows = [
        [
            f"{look.at:.0f}",
            *[
                f"{look.megabytes.get(kind, 0.0):.0f}"
                for kind in ("workerd", "python", "proxy", "node")
            ],
            str(look.processes),
            str(look.done),
            str(look.failed),
        ]
        for look in shown
    ]
    return table(head, rows)


def figures(
    tally: Tally, seconds: float, looks: Sequence[Look], verdict: Verdict
) -> dict[str, Any]:
    """The same for a file."""
    return {
        "seconds": seconds,
        "memory": {"flat": verdict.flat, "words": verdict.words},
        "surfaces": {
            name: {
                "done": len(found.seconds),
                "milliseconds": {str(each): found.milliseconds(each) for each in PERCENTS},
                "errors": dict(found.errors),
            }
            for name, found in tally.surfaces.items()
        },
        "looks": [vars(look) for look in looks],
    }
