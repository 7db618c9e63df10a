"""The way to agents' memories: ``PassageSource`` over the Durable Objects that hold them."""

from __future__ import annotations

import asyncio
from typing import Any

from pyodide.ffi import JsException

from littoral.accounts.session_id import object_name
from littoral.api.envelope import Call, result_of
from littoral.errors import DependencyUnavailable
from littoral.memory.limits import MAX_QUESTION_CHARACTERS
from littoral.memory.passages import Passage

CALL_SECONDS = 30.0


class DurablePassages:
    """``env`` is the raw environment of a Worker or an object."""

    def __init__(self, env: Any, *, call_seconds: float = CALL_SECONDS) -> None:
        self._env = env
        self._call_seconds = call_seconds

    async def nearest(self, owner: str, agent_id: str, text: str, count: int) -> list[Passage]:
        """As ``PassageSource.nearest``; of a long text the beginning is what is looked for."""
        question = text.strip()[:MAX_QUESTION_CHARACTERS]
        if not question:
            return []
        args = {"q": question, "count": count}
        call = Call(method="memory.nearest", args=args, owner=owner, session_id=agent_id)
        stub = self._env.AGENT_MEMORY.getByName(object_name(owner, agent_id))
        try:
            async with asyncio.timeout(self._call_seconds):
                found = result_of(await stub.rpc(call.text()))
        except (JsException, TimeoutError):
            raise DependencyUnavailable("The agent's memory did not answer.") from None
        return [Passage.of_json(each) for each in found["passages"]]
