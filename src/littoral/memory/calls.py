"""The methods of a memory that doors and executions call, by name, as one JSON string each way."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from littoral.api.envelope import Call, failure, success
from littoral.errors import InvalidInput, LittoralError, NotFound
from littoral.memory import limits
from littoral.memory.memory import Memory
from littoral.memory.request import read_documents, read_key, read_question

_log = logging.getLogger(__name__)


class MemoryCalls:
    """Dispatches calls; they reach it only through the Worker, which has decided who calls."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._methods: dict[str, Callable[[Call], Any]] = {
            "memory.add": self._add,
            "memory.list": self._list,
            "memory.nearest": self._nearest,
            "memory.describe": lambda call: memory.describe(_document_id(call)),
            "memory.remove": self._remove,
        }

    async def answer(self, text: str) -> str:
        """One call as it travels, to one answer as it travels. Never raises."""
        request_id = ""
        try:
            call = Call.read(text)
            request_id = call.request_id
            method = self._methods.get(call.method)
            if method is None:
                raise NotFound(f"A memory has no method {call.method!r}.")
            result = method(call)
            return success(await result if isinstance(result, Awaitable) else result)
        except LittoralError as error:
            return failure(error, request_id)
        except Exception as error:  # noqa: BLE001 - errors cross between objects as envelopes
            _log.exception("a memory's call failed")
            return failure(error, request_id)

    async def _add(self, call: Call) -> dict[str, Any]:
        new = read_documents(call.args)
        taken = await self._memory.add(new, call.payer, key=read_key(call.args))
        ids = [each.id for each in taken]
        found = await self._memory.settled(ids, limits.ANSWER_WITHIN_SECONDS)
        return {"documents": [each.to_json() for each in found]}

    def _list(self, call: Call) -> dict[str, Any]:
        limit = call.args.get("limit", limits.PAGE_DOCUMENTS)
        if type(limit) is not int or not 1 <= limit <= limits.PAGE_DOCUMENTS:
            raise InvalidInput(f"limit must be a whole number from 1 to {limits.PAGE_DOCUMENTS}.")
        return self._memory.page(str(call.args.get("cursor") or ""), limit)

    async def _nearest(self, call: Call) -> dict[str, Any]:
        question, count = read_question(call.args)
        return await self._memory.nearest(question, count)

    def _remove(self, call: Call) -> dict[str, Any]:
        document_id = _document_id(call)
        self._memory.remove(document_id)
        return {"documentId": document_id, "deleted": True}


def _document_id(call: Call) -> str:
    return str(call.args.get("documentId"))
