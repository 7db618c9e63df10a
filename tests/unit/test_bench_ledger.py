"""The ledger's measurement: what is printed of it."""

from __future__ import annotations

from benchmarks.bench_ledger import Block, ledger_table


def block(clients: int, *, one_user: bool) -> Block:
    return Block(
        clients=clients,
        one_user=one_user,
        pairs_per_second=134.4,
        reserve_p50_ms=3.04,
        reserve_p95_ms=5.0,
        settle_p50_ms=4.0,
        settle_p95_ms=5.25,
    )


def test_a_row_says_how_many_clients_and_whose_credits() -> None:
    blocks = [block(1, one_user=True), block(8, one_user=True), block(8, one_user=False)]

    lines = ledger_table(blocks).splitlines()

    assert [line.split("  ")[0] for line in lines[1:]] == [
        "1 client, one user",
        "8 clients, one user",
        "8 clients, a user each",
    ]
    assert lines[1].endswith("134  3.0 / 5.0  4.0 / 5.2")
