"""The methods of an owner's functions that doors and the queue call, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from littoral.agent.connection import close_key
from littoral.api.envelope import Call, failure, success
from littoral.errors import LittoralError, NotFound
from littoral.functions.functions import Functions


class FunctionCalls:
    """Dispatches calls; they reach it only through the Worker, which has decided who calls."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._methods: dict[str, Callable[[Call], Any]] = {
            "sockets.close": self._close_sockets,
        }

    async def answer(self, text: str) -> str:
        """One call as it travels, to one answer as it travels. Never raises."""
        request_id = ""
        try:
            call = Call.read(text)
            request_id = call.request_id
            return success(await self.call(call))
        except LittoralError as error:
            return failure(error, request_id)
        except Exception as error:  # noqa: BLE001 - errors cross between objects as envelopes
            self._functions.fault(error, "call")
            return failure(error, request_id)

    async def call(self, call: Call) -> Any:
        """The method's result; raises its error."""
        method = self._methods.get(call.method)
        if method is None:
            raise NotFound(f"Functions have no method {call.method!r}.")
        result = method(call)
        return await result if isinstance(result, Awaitable) else result

    def _close_sockets(self, call: Call) -> dict[str, Any]:
        connections = self._functions.connections.all()
        return {"closed": close_key(connections, str(call.args["keyId"]))}
