"""Builds of the code agent as functions begin, follow and end them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from pyodide.ffi import JsException

from littoral.accounts.session_id import object_name
from littoral.api.envelope import Call, result_of
from littoral.errors import Conflict, DependencyUnavailable

CALL_SECONDS = 30.0
MODE = "deterministic"


class DurableBuilds:
    """``littoral.functions.ports.Builds``. ``env`` is the raw environment of an object."""

    def __init__(self, env: Any, owner: str) -> None:
        self._env = env
        self._owner = owner

    async def start(self, build_id: str, *, payer: str, query: str) -> None:
        args = {
            "buildId": build_id,
            "query": query,
            "mode": MODE,
            "userId": payer.partition(".")[0],
            "start": True,
        }
        await self._call(build_id, "build.create", args, payer)

    async def describe(self, build_id: str) -> Mapping[str, Any]:
        found = await self._call(build_id, "build.describe", {})
        state = found.get("state", found)
        return dict(state)

    async def cancel(self, build_id: str, reason: str) -> None:
        try:
            await self._call(build_id, "build.cancel", {"reason": reason})
        except Conflict:
            return  # It has ended.

    async def _call(
        self, build_id: str, method: str, args: dict[str, Any], payer: str = ""
    ) -> dict[str, Any]:
        call = Call(method=method, args=args, owner=self._owner, session_id=build_id, payer=payer)
        namespace = getattr(self._env, "CODE_GENERATOR_AGENT", None)
        if namespace is None:
            raise DependencyUnavailable("This deployment has no code agent.")
        stub = namespace.getByName(object_name(self._owner, build_id))
        try:
            async with asyncio.timeout(CALL_SECONDS):
                found: dict[str, Any] = result_of(await stub.rpc(call.text()))
        except (JsException, TimeoutError) as error:
            raise DependencyUnavailable(f"The build did not answer: {error}.") from None
        return found
