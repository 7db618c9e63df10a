"""Accounts after kill -9: whole ones or none, and a lost answer is given again."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from tests.harness.fixtures import MakeKillable

SIGNUPS = 8


async def sign_up(url: str, number: int) -> dict[str, Any] | None:
    """One signup of a guest who has a chat; ``None`` when the server went away."""
    body = {"email": f"user-{number}@example.com", "name": "A", "claimChats": True}
    try:
        async with httpx.AsyncClient(base_url=url, timeout=60) as http:
            answer = await http.post(
                "/api/signup", json=body, headers={"idempotency-key": f"form-{number}"}
            )
    except httpx.HTTPError:
        return None
    made: dict[str, Any] = answer.json()
    return made if answer.status_code == 201 else None


async def test_a_signup_that_was_killed_is_whole_when_it_is_sent_again(
    make_killable_worker: MakeKillable,
):
    worker = make_killable_worker(offline=True)
    await sign_up(worker.url, 0)
    asked = [asyncio.create_task(sign_up(worker.url, number)) for number in range(1, SIGNUPS)]
    await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED, timeout=30)

    await asyncio.to_thread(worker.kill9)
    answered = await asyncio.gather(*asked)
    await asyncio.to_thread(worker.start)

    again = [await sign_up(worker.url, number) for number in range(1, SIGNUPS)]
    assert None not in again
    for first, second in zip(answered, again, strict=True):
        assert second is not None
        assert first is None or first["apiKey"] == second["apiKey"]
        async with httpx.AsyncClient(
            base_url=worker.url, timeout=60, headers={"x-api-key": second["apiKey"]}
        ) as http:
            me = (await http.get("/api/me")).json()
            keys = (await http.get("/api/keys")).json()["keys"]
            ledger = (await http.get("/api/credits")).json()
        assert me["user"] == second["user"]
        assert len(keys) == 1 and len(ledger["entries"]) == 1
        assert ledger["balance"] == 500
