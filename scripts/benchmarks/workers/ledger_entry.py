"""A Worker that moves credits as fast as it is asked to, with the ledger and database of a deploy.

`/pairs?user=&tag=&count=` reserves and settles `count` times, one after the other, and answers
with the milliseconds of each reservation and settlement. `/grant?user=` gives credits; `/audit`
says what is wrong with the books.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import js
from workers import Response, WorkerEntrypoint

from littoral.clock import SystemClock
from littoral.credits.audit import audit
from littoral.credits.ledger import Ledger
from littoral.credits.usage import Usage
from littoral.platform.database import D1Database

__all__ = ["Default"]

RESERVED, COST = 100, 40


class Default(WorkerEntrypoint):
    """Answers every path with JSON."""

    async def fetch(self, request: Any) -> Any:
        url = urlsplit(request.url)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        database = D1Database(self.env._env.DB)
        ledger = Ledger(database, SystemClock(), daily_budget=10**12)
        answer: object = {"status": "ok"}
        if url.path == "/grant":
            await ledger.grant(asked["user"], 10**9, ref="bench")
        elif url.path == "/pairs":
            answer = [
                await _pair(ledger, asked["user"], f"{asked['tag']}/{number}")
                for number in range(int(asked["count"]))
            ]
        elif url.path == "/audit":
            answer = [each.what for each in await audit(database)]
        return Response(json.dumps(answer), headers={"content-type": "application/json"})


async def _pair(ledger: Ledger, user: str, ref: str) -> tuple[float, float]:
    began = js.performance.now()
    await ledger.reserve(user, RESERVED, ref=ref, kind="run")
    reserved = js.performance.now()
    usage = Usage(kind="run", cost=COST, at_ms=SystemClock().now_ms())
    await ledger.settle(user, ref=ref, usage=usage)
    return reserved - began, js.performance.now() - reserved
