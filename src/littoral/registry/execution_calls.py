"""The methods of an object of executions that doors call, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from littoral.api.envelope import Call, failure, success
from littoral.errors import LittoralError, NotFound
from littoral.registry.execution_desk import ask_of
from littoral.registry.executor import Executor

MAX_WAIT_SECONDS = 12.0


class ExecutionCalls:
    """Dispatches calls; they reach it only through the Worker, which has decided who calls."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._methods: dict[str, Callable[[Call], Any]] = {
            "execution.start": self._start,
            "execution.describe": lambda call: executor.shown(executor.book.get(_id(call))),
            "execution.events": self._events,
            "execution.wait": self._wait,
            "execution.cancel": self._cancel,
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
            self._executor.fault(error, "call")
            return failure(error, request_id)

    async def call(self, call: Call) -> Any:
        """The method's result; raises its error."""
        method = self._methods.get(call.method)
        if method is None:
            raise NotFound(f"Executions have no method {call.method!r}.")
        result = method(call)
        return await result if isinstance(result, Awaitable) else result

    async def _start(self, call: Call) -> dict[str, Any]:
        args = call.args
        self._executor.watch()
        execution = await self._executor.desk.start(
            str(args["executionId"]),
            ask_of(args["ask"]),
            call.payer,
            seconds=float(args["seconds"]),
        )
        return self._executor.shown(execution)

    def _events(self, call: Call) -> dict[str, Any]:
        since, limit = int(call.args.get("since") or 0), int(call.args.get("limit") or 200)
        page = self._executor.book.page(_id(call), since, limit)
        if page["ended"]:
            page["execution"] = self._executor.shown(self._executor.book.get(_id(call)))
        return page

    async def _wait(self, call: Call) -> dict[str, Any]:
        """Events after ``since``; waits for the first of them for ``seconds`` at most."""
        page = self._events(call)
        if not page["events"] and not page["ended"]:
            seconds = min(MAX_WAIT_SECONDS, float(call.args.get("seconds") or 0))
            await self._executor.watchers.wait(_id(call), seconds)
            page = self._events(call)
        return page

    async def _cancel(self, call: Call) -> dict[str, Any]:
        desk = self._executor.desk
        return self._executor.shown(await desk.cancel(_id(call), call.args.get("reason")))


def _id(call: Call) -> str:
    return str(call.args.get("executionId"))
