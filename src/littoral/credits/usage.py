"""What a piece of work used, and what users used by day, kind and model.

Rows of usage are facts: written once, with the settlement that charged them or, for work that costs
nothing, by ``record``. Sums are made by the database when they are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from littoral.clock import iso
from littoral.credits.amount import credits_of
from littoral.store.database import Database, Statement
from littoral.store.sql import Row, Value

By = Literal["day", "kind", "model"]
GROUPS: Final[tuple[By, ...]] = ("day", "kind", "model")
GOOD_OUTCOMES: Final = ("completed", "cancelled", "rejected", "waiting")
"""Endings that are no errors: somebody wanted them."""

MAX_GROUPS: Final = 2_000
RECORD_BATCH: Final = 50

_INSERT = (
    "INSERT INTO usage (user_id, day, ref, kind, model, input_tokens, output_tokens, cost, "
    "latency_ms, outcome, at_ms) "
)


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What one piece of work used. ``cost`` is in millicredits, before the reservation caps it."""

    kind: str
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost: int = 0
    latency_ms: int = 0
    outcome: str = "completed"
    at_ms: int


@dataclass(frozen=True, kw_only=True)
class UsageSum:
    """Sums of one group. A part that was not asked for is ``None``; latencies are in ms."""

    day: str | None
    kind: str | None
    model: str | None
    count: int
    input_tokens: int
    output_tokens: int
    cost: int
    errors: int
    latency_p50_ms: int
    latency_p95_ms: int

    def to_json(self) -> dict[str, Any]:
        group = {"day": self.day, "kind": self.kind, "model": self.model}
        return {
            **{name: value for name, value in group.items() if value is not None},
            "count": self.count,
            "inputTokens": self.input_tokens,
            "outputTokens": self.output_tokens,
            "credits": credits_of(self.cost),
            "errors": self.errors,
            "latencyMs": {"p50": self.latency_p50_ms, "p95": self.latency_p95_ms},
        }


def day_of(at_ms: int) -> str:
    """The day in UTC as ``YYYY-MM-DD``."""
    return iso(at_ms)[:10]


def settled_row(user_id: str, ref: str, usage: Usage) -> Statement:
    """Writes the row of a ref that the ledger has closed; the cost is what the ledger charged.

    Runs in the batch of the settlement, after it. Repeating writes nothing.
    """
    return Statement(
        text=_INSERT + "SELECT user_id, max(day), ref, ?, ?, ?, ?, -sum(amount), ?, ?, ? "
        "FROM ledger AS entries WHERE user_id = ? AND ref = ? AND entry <> 'grant' "
        "AND NOT EXISTS (SELECT 1 FROM usage "
        "WHERE user_id = entries.user_id AND day = entries.day AND ref = entries.ref) "
        "GROUP BY user_id, ref HAVING count(*) = 2",
        values=(
            usage.kind,
            usage.model,
            usage.input_tokens,
            usage.output_tokens,
            usage.latency_ms,
            usage.outcome,
            usage.at_ms,
            user_id,
            ref,
        ),
    )


async def record(database: Database, user_id: str, rows: Mapping[str, Usage]) -> None:
    """Writes usage that cost nothing, by ref; repeating with the same ``at_ms`` is safe."""
    statements = [_free_row(user_id, ref, usage) for ref, usage in rows.items()]
    for begin in range(0, len(statements), RECORD_BATCH):
        await database.batch(statements[begin : begin + RECORD_BATCH])


def _free_row(user_id: str, ref: str, usage: Usage) -> Statement:
    day = day_of(usage.at_ms)
    return Statement(
        text=_INSERT + "SELECT ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ? WHERE NOT EXISTS "
        "(SELECT 1 FROM usage WHERE user_id = ? AND day = ? AND ref = ?)",
        values=(
            user_id,
            day,
            ref,
            usage.kind,
            usage.model,
            usage.input_tokens,
            usage.output_tokens,
            usage.latency_ms,
            usage.outcome,
            usage.at_ms,
            user_id,
            day,
            ref,
        ),
    )


async def summarise(
    database: Database, user_id: str, *, by: Sequence[By], first_day: str, last_day: str
) -> list[UsageSum]:
    """Sums of a user's usage over days (both ends count), newest day first, at most 2,000 groups.

    Percentiles are nearest-rank. Reads as many rows as there are in the span.
    """
    grouped = [name for name in GROUPS if name in by]
    over = "PARTITION BY " + ", ".join(grouped) if grouped else ""
    named = ", ".join(f"{name}" if name in grouped else f"NULL AS {name}" for name in GROUPS)
    good = ", ".join("?" for _ in GOOD_OUTCOMES)
    text = (
        f"WITH ranked AS (SELECT *, row_number() OVER ({over} ORDER BY latency_ms) AS place, "
        f"count(*) OVER ({over}) AS size FROM usage "
        "WHERE user_id = ? AND day >= ? AND day <= ?) "
        f"SELECT {named}, count(*), sum(input_tokens), sum(output_tokens), sum(cost), "
        f"sum(outcome NOT IN ({good})), "
        "max(CASE WHEN place = (size * 50 + 99) / 100 THEN latency_ms END), "
        "max(CASE WHEN place = (size * 95 + 99) / 100 THEN latency_ms END) FROM ranked "
        + (f"GROUP BY {', '.join(grouped)} ORDER BY {_order(grouped)} " if grouped else "")
        + "LIMIT ?"
    )
    values: tuple[Value, ...] = (user_id, first_day, last_day, *GOOD_OUTCOMES, MAX_GROUPS)
    found = [_sum(row) for row in await database.rows(text, *values)]
    return [each for each in found if each.count]


def _order(grouped: Sequence[str]) -> str:
    return ", ".join(f"{name} DESC" if name == "day" else name for name in grouped)


def _sum(row: Row) -> UsageSum:
    day, kind, model, *numbers = row
    count, tokens_in, tokens_out, cost, errors, p50, p95 = (int(each or 0) for each in numbers)
    return UsageSum(
        day=None if day is None else str(day),
        kind=None if kind is None else str(kind),
        model=None if model is None else str(model),
        count=count,
        input_tokens=tokens_in,
        output_tokens=tokens_out,
        cost=cost,
        errors=errors,
        latency_p50_ms=p50,
        latency_p95_ms=p95,
    )
