"""A Worker that runs the contracts of database and ledger on D1; only tests upload it anywhere.

Once from the Worker and once from inside a Durable Object: both reach the database.
"""

from __future__ import annotations

import json
import traceback

import database_contract
import ledger_contract
from workers import DurableObject, Response, WorkerEntrypoint

from littoral.platform.database import D1Database
from littoral.platform.timers import clear_cancelled_timers

CHECKS = (*database_contract.CHECKS, *ledger_contract.CHECKS)

__all__ = ["DatabaseContract", "Default"]


async def failures(env, prefix):
    found = {}
    for check in CHECKS:
        try:
            await check(D1Database(env._env.DB), f"{prefix}_{check.__name__}")
        except BaseException:  # noqa: BLE001 - whatever fails is the answer
            found[check.__name__] = traceback.format_exc()
        else:
            found[check.__name__] = ""
    return json.dumps(found)


class DatabaseContract(DurableObject):
    """Reaches the database as the agents do."""

    async def rpc(self, prefix: str) -> str:
        clear_cancelled_timers()
        return await failures(self.env, prefix)


class Default(WorkerEntrypoint):
    """Answers with the failures of all checks, by name."""

    async def fetch(self, request):
        path = request.url.split("/", 3)[3]
        if path == "object":
            text = await self.env._env.DATABASE_CONTRACT.getByName("one").rpc("in_object")
        else:
            text = await failures(self.env, "in_worker") if path == "worker" else "{}"
        return Response(text, headers={"content-type": "application/json"})
