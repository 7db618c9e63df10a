"""Owns the comparison of what answers say that they cost with what the ledger charged for them."""

from __future__ import annotations

from typing import Any

from littoral.store.database import Database


async def charge_problems(
    database: Database, session_id: str, messages: list[dict[str, Any]]
) -> list[str]:
    """Answers of one session that were not charged exactly once, with what they say they cost."""
    rows = await database.rows(
        "SELECT ref, cost FROM usage WHERE ref LIKE ?", f"chat/{session_id}/%"
    )
    charged = {str(ref): cost for ref, cost in rows}
    problems = []
    for message in messages:
        said = (message.get("metadata") or {}).get("credits")
        if message["role"] != "assistant" or said is None:
            continue
        # The id of an answer is msg_<turn>_<request>: the work's name to the ledger.
        turn, _, request = message["id"].removeprefix("msg_").partition("_")
        cost = charged.get(f"chat/{session_id}/{turn}/{request}")
        if cost != round(said * 1_000):
            problems.append(f"{message['id']} says {said} credits and was charged {cost}")
    return problems
