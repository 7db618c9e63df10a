"""Answers of ``/api/credits`` and ``/api/usage``, for the API description."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from littoral.api.answers import Answer


class BudgetState(Answer):
    """What you may spend on a day (UTC), and have spent or reserved. Credits."""

    day: str
    limit: float
    spent: float


class LedgerEntry(Answer):
    """One movement. ``credits`` changes the balance: a reservation is negative."""

    id: str
    entry: Literal["grant", "reserve", "settle", "release"]
    ref: str
    kind: str
    credits: float
    note: str
    at: str


class Credits(Answer):
    """What you have: ``balance`` is free to be spent, ``reserved`` is set aside for work."""

    balance: float
    reserved: float
    budget: BudgetState
    entries: list[LedgerEntry]
    cursor: str | None


class LatencyMs(Answer):
    """Half of the calls took at most ``p50``, 95 of a hundred at most ``p95``."""

    p50: int
    p95: int


class UsageRow(Answer):
    """Sums of one group; ``day``, ``kind`` and ``model`` as far as ``by`` names them."""

    day: str | None = None
    kind: str | None = None
    model: str | None = None
    count: int
    input_tokens: int
    output_tokens: int
    credits: float
    errors: int
    latency_ms: LatencyMs


class UsageReport(Answer):
    """Newest day first. ``totals`` is of the whole span, whatever ``rows`` hold."""

    by: list[Literal["day", "kind", "model"]] = Field(default_factory=list)
    from_: str = Field(alias="from")
    to: str
    rows: list[UsageRow]
    totals: UsageRow
