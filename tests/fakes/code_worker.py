"""A Worker around the real loader of dynamic Workers, for tests: one JSON document in, one out.

``/parse`` {source, module} · ``/ask`` {id, main, modules, text, seconds, network, grantMs} ·
``/fetch`` the same, the answer's status and text · ``/run`` {owner, language, source, args,
network} as functions are run.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import Any

import js
from workers import Response, WorkerEntrypoint

from entry import Egress
from littoral.clock import RandomIds, SystemClock
from littoral.functions.code.code import Code
from littoral.functions.egress import Grant
from littoral.platform.dynamic_worker import (
    DynamicProgram,
    DynamicWorkers,
    ProgramBroken,
    parse_javascript,
)
from littoral.platform.egress import egress_fetcher
from littoral.platform.function_runner import FunctionRunner

__all__ = ["Default", "Egress"]

_kept: dict[str, DynamicWorkers] = {}


class Default(WorkerEntrypoint):
    """Asks the loader what a test asks."""

    async def fetch(self, request: Any) -> Any:
        asked = json.loads(await request.text() or "null")
        workers = _kept.setdefault("workers", DynamicWorkers(getattr(self.env, "_env", self.env)))
        path = request.url.split("/", 3)[3]
        if path == "api/health":
            return Response("{}")
        began = time.monotonic()
        try:
            answer = await getattr(self, f"_{path}")(workers, asked)
        except ProgramBroken as broken:
            answer = {"broken": str(broken)}
        except Exception as error:  # noqa: BLE001 - a test wants to see it
            answer = {"failed": type(error).__name__, "words": str(error)}
        took_ms = (time.monotonic() - began) * 1000
        return Response(json.dumps({"answer": answer, "tookMs": took_ms}))

    def _exports(self) -> Any:
        return getattr(self.ctx, "_ctx", self.ctx).exports

    async def _parse(self, workers: DynamicWorkers, asked: Any) -> Any:
        found = await parse_javascript(workers, asked["source"], module=asked.get("module", True))
        return found and asdict(found)

    async def _ask(self, workers: DynamicWorkers, asked: Any) -> Any:
        return await workers.ask(
            _program(asked, self._exports()),
            asked.get("text", ""),
            deadline_seconds=asked.get("seconds", 20.0),
            most_bytes=asked.get("mostBytes", 100_000),
        )

    async def _run(self, workers: DynamicWorkers, asked: Any) -> Any:
        runner = FunctionRunner(
            workers,
            owner=asked["owner"],
            exports=self._exports(),
            clock=SystemClock(),
            ids=RandomIds(),
        )
        code = Code(language=asked["language"], source=asked["source"])
        return (await runner.run(code, asked["args"], network=asked["network"])).to_json()

    async def _fetch(self, workers: DynamicWorkers, asked: Any) -> Any:
        request = js.Request.new(asked["url"])
        response = await workers.fetch(
            _program(asked, self._exports()), request, deadline_seconds=20.0
        )
        return {"status": response.status, "text": await response.text()}


def _program(asked: Any, exports: Any) -> DynamicProgram:
    outbound = None
    if asked.get("network"):
        ends_at_ms = SystemClock().now_ms() + asked.get("grantMs", 20_000)
        hosts = tuple(asked["network"])
        grant = Grant(hosts=hosts, call=RandomIds().new("call"), ends_at_ms=ends_at_ms)
        outbound = egress_fetcher(exports, grant)
    return DynamicProgram(
        id=asked["id"], main=asked["main"], modules=asked["modules"], outbound=outbound
    )
