"""A Worker of the tests around the real Sandbox object: its methods by HTTP, its reports kept.

Copied beside the staged code and served in place of the entry. ``POST /rpc/<sandbox>`` takes
``{method, args}``; ``GET /told/<method>`` gives what the orchestrator's place was told, in order
(``%`` for every method);
``/box/<sandbox>/<path>`` is handed to the object's ``fetch``.
"""

import json
from urllib.parse import unquote

import js
from workers import DurableObject, WorkerEntrypoint

from durable_objects.sandbox import Sandbox
from littoral.api.envelope import Call, success
from littoral.platform.gateway import raw_env
from littoral.platform.sql import DurableSql

__all__ = ["Default", "OrchestratorAgent", "Sandbox"]

OWNER = "own_test"


class OrchestratorAgent(DurableObject):
    """Writes down every call."""

    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        self._sql = DurableSql(self.ctx._ctx.storage)
        self._sql.run(
            "CREATE TABLE IF NOT EXISTS told (number INTEGER PRIMARY KEY, method TEXT, call TEXT)"
        )

    async def rpc(self, text):
        call = Call.read(text)
        if call.method == "told":
            rows = self._sql.rows(
                "SELECT call FROM told WHERE method LIKE ? ORDER BY number", call.args["method"]
            )
            return success([json.loads(row[0]) for row in rows])
        kept = json.dumps({"method": call.method, **call.args})
        self._sql.run("INSERT INTO told (method, call) VALUES (?, ?)", call.method, kept)
        return success({})


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        raw = getattr(request, "js_object", request)
        env = raw_env(self.env)
        path = raw.url.split("/", 3)[3]
        kind, _, rest = path.partition("/")
        if kind == "rpc":
            asked = json.loads(await raw.text())
            call = Call(method=asked["method"], args=asked["args"], owner=OWNER)
            stub = env.SANDBOX.getByName(f"{OWNER}/{rest}")
            return js.Response.new(await stub.rpc(call.text()))
        if kind == "told":
            stub = env.ORCHESTRATOR_AGENT.getByName(OWNER)
            return js.Response.new(
                await stub.rpc(Call(method="told", args={"method": unquote(rest)}).text())
            )
        if kind == "box":
            name, _, inner = rest.partition("/")
            stub = env.SANDBOX.getByName(f"{OWNER}/{name}")
            return await stub.fetch(js.Request.new("http://sandbox/" + inner, raw))
        return js.Response.new("ok")
