"""A Worker that runs the SQL contract inside a Durable Object; only tests upload it anywhere."""

from __future__ import annotations

import json
import traceback

from sql_contract import CHECKS
from workers import DurableObject, Response, WorkerEntrypoint

from littoral.platform.sql import DurableSql

__all__ = ["Default", "SqlContract"]


class SqlContract(DurableObject):
    """A fresh object for each check; its name is the check's."""

    async def rpc(self, name: str) -> str:
        check = next(each for each in CHECKS if each.__name__ == name)
        try:
            check(DurableSql(self.ctx._ctx.storage))
        except BaseException:  # noqa: BLE001 - whatever fails is the answer
            return traceback.format_exc()
        return ""


class Default(WorkerEntrypoint):
    """Answers with the failures of all checks; each address has objects of its own."""

    async def fetch(self, request):
        namespace = self.env._env.SQL_CONTRACT
        failures = {}
        for check in CHECKS:
            fresh = namespace.getByName(f"{check.__name__} {request.url}")
            failures[check.__name__] = await fresh.rpc(check.__name__)
        return Response(json.dumps(failures), headers={"content-type": "application/json"})
