"""Owns what is printed of a run: tables of plain text, and the aims with what was reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.samples import times

Values = Mapping[str, Any]
OURS = "littoral"
FLOOR = "js-floor"
RIVAL = "ai-chat"


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What was to be reached, and what was measured; both in the same unit."""

    what: str
    measured: float
    limit: float
    unit: str

    @property
    def reached(self) -> bool:
        return self.measured <= self.limit

    def line(self) -> str:
        mark = "reached" if self.reached else "MISSED "
        return f"{mark}  {self.what}: {self.measured:.2f}{self.unit} (at most {self.limit:g})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as they must be, the first one left, the others right."""
    lines = [head, *rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def latency_table(cells: Values) -> str:
    """p50 / p95 in milliseconds and CPU per turn, with the ratios of p50 to the floor's."""
    names = list(next(iter(cells.values())))
    head = ["turn, ms: p50 (× floor) / p95 / CPU", *names]
    return table(head, [[cell, *_latency_row(by_name, names)] for cell, by_name in cells.items()])


def _latency_row(by_name: Values, names: Sequence[str]) -> Iterator[str]:
    floor = by_name[FLOOR]["p50_ms"]
    for name in names:
        found = by_name[name]
        yield (
            f"{found['p50_ms']:.2f} ({times(found['p50_ms'], floor)}) / {found['p95_ms']:.1f} / "
            f"{found['cpu_ms_per_turn']:.2f}"
        )


def by_contestant(title: str, found: Values, columns: Mapping[str, str]) -> str:
    """One row for each contestant; `columns` gives a heading and the path of its value."""
    rows = [
        [name, *(f"{_at(values, path):.1f}" for path in columns.values())]
        for name, values in found.items()
    ]
    return table([title, *columns], rows)


def _at(values: Any, path: str) -> float:
    for key in path.split("/"):
        values = values[key]
    return float(values)


def aims(found: Values) -> list[Aim]:
    """The project's aims, from everything that was measured."""
    turns = found["turns"]
    socket, http = turns["socket, 1 client"], turns["http, 1 client"]
    short, long = _history(found["growth"][OURS])
    first = found["first_moments"][OURS]
    return [
        _ratio("socket turn × AIChatAgent, p50", socket, RIVAL, "p50_ms", 0.2),
        _ratio("socket turn × AIChatAgent, CPU", socket, RIVAL, "cpu_ms_per_turn", 0.2),
        _ratio("socket turn × bare JavaScript, p50", socket, FLOOR, "p50_ms", 2),
        _ratio("socket turn × bare JavaScript, CPU", socket, FLOOR, "cpu_ms_per_turn", 2),
        _ratio("HTTP turn × bare JavaScript, p50", http, FLOOR, "p50_ms", 3),
        _ratio("HTTP turn × bare JavaScript, CPU", http, FLOOR, "cpu_ms_per_turn", 3),
        Aim(what="a long session × a short one, CPU", measured=long / short, limit=1.25, unit=""),
        Aim(what="rows of a socket turn", measured=found["rows"][OURS]["socket"], limit=4, unit=""),
        Aim(what="rows of an HTTP turn", measured=found["rows"][OURS]["http"], limit=4, unit=""),
        _under("overhead of a turn, p95", http[OURS]["p95_ms"], 100),
        _under("state query, p95", first["state"]["p95_ms"], 50),
        _under("socket connect, p95", first["connect"]["p95_ms"], 100),
        _under("agent creation (first turn), p95", first["creation"]["p95_ms"], 200),
    ]


def _ratio(what: str, cell: Values, to: str, key: str, limit: float) -> Aim:
    return Aim(what=what, measured=cell[OURS][key] / cell[to][key], limit=limit, unit="")


def _under(what: str, measured: float, limit: float) -> Aim:
    return Aim(what=what, measured=measured, limit=limit, unit=" ms")


def _history(growth: Values) -> tuple[float, float]:
    short, long = (values["cpu_ms_per_turn"] for values in growth.values())
    return short, long


def text(found: Values) -> str:
    """Everything, for a terminal."""
    parts = [
        latency_table(found["turns"]),
        by_contestant(
            "median ms",
            found["first_moments"],
            {
                "first turn, new object": "creation/p50_ms",
                "socket connect": "connect/p50_ms",
                "state query": "state/p50_ms",
            },
        ),
        by_contestant("wake, ms", found["wakes"], {"first": "wake_ms", "next": "next_turn_ms"}),
        _per_key("socket turn CPU ms, by messages in the session", found["growth"]),
        _per_key("memory MiB, by sessions", found["memory"]),
        _per_key("boot to first answer, s", found["boot"]),
        by_contestant("rows per turn", found["rows"], {"socket": "socket", "http": "http"}),
        "\n".join(aim.line() for aim in aims(found)),
    ]
    return "\n\n".join(parts)


def _per_key(title: str, found: Values) -> str:
    keys = list(next(iter(found.values())))
    rows = []
    for name, values in found.items():
        cells = [values.get(key) for key in keys]
        rows.append([name, *(_number(cell) for cell in cells)])
    return table([title, *keys], rows)


def _number(cell: Any) -> str:
    if isinstance(cell, Mapping):
        cell = cell["cpu_ms_per_turn"]
    return "" if cell is None else f"{cell:.2f}"
