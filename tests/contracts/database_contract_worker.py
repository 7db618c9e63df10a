"""A Worker that runs the contracts of database and ledger on D1, and that of the event loop; only
tests upload it anywhere.

Once from the Worker and once from inside a Durable Object: both reach the database.
"""

from __future__ import annotations

import json
import traceback

import database_contract
import ledger_contract
import loop_contract
from workers import DurableObject, Response, WorkerEntrypoint

from littoral.platform.database import D1Database
from littoral.platform.event_loop import mend_event_loop

CHECKS = (*database_contract.CHECKS, *ledger_contract.CHECKS)

__all__ = ["DatabaseContract", "Default"]


async def failures(env, prefix):
    mend_event_loop()
    found = {}
    for check in CHECKS:
        name = f"{prefix}_{check.__name__}"
        found[check.__name__] = await failure(check(D1Database(env._env.DB), name))
    for check in loop_contract.CHECKS:
        found[check.__name__] = await failure(loop_contract.within_budget(check))
    return json.dumps(found)


async def failure(work):
    try:
        await work
    except BaseException:  # noqa: BLE001 - whatever fails is the answer
        return traceback.format_exc()
    return ""


class DatabaseContract(DurableObject):
    """Reaches the database as the agents do."""

    async def rpc(self, prefix: str) -> str:
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
