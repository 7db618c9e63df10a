"""Methods that clients may call over the socket: only those that are marked.

A method takes JSON values and returns JSON values; an async generator streams parts and its last
part is the result.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, TypeVar

from littoral import wire
from littoral.agent.connection import Connection
from littoral.errors import InvalidInput, NotFound
from littoral.jsontext import dumps
from littoral.text import kind_of

MAX_ARGUMENTS = 16
_MARK = "__littoral_callable__"
Function = TypeVar("Function", bound=Callable[..., Any])


def callable_method(function: Function) -> Function:
    """Marks a method as one that clients may call, under its name in camelCase."""
    setattr(function, _MARK, True)
    return function


def callable_methods(owner: object) -> dict[str, Callable[..., Any]]:
    """The marked methods of an object by the name that clients use."""
    names = (name for name in dir(type(owner)) if hasattr(getattr(type(owner), name), _MARK))
    return {_camel(name): getattr(owner, name) for name in names}


class Rpc:
    """Answers ``rpc`` frames with the methods of one agent."""

    def __init__(self, methods: Mapping[str, Callable[..., Any]]) -> None:
        self._methods = methods

    async def handle(self, connection: Connection, frame: dict[str, Any]) -> None:
        """Calls the method and sends the reply; raises ``LittoralError`` for a bad call."""
        method = self._methods.get(str(frame.get("method")))
        if method is None:
            offered = ", ".join(sorted(self._methods))
            raise NotFound(
                f"There is no callable method {frame.get('method')!r}.",
                next_step=f"Call one of: {offered}.",
            )
        result = self._call(method, frame.get("args", []))
        if inspect.isasyncgen(result):
            await self._stream(connection, frame["id"], result)
            return
        value = await result if inspect.isawaitable(result) else result
        connection.send(_reply(frame["id"], value, done=True))

    def _call(self, method: Callable[..., Any], arguments: Any) -> Any:
        if not isinstance(arguments, list):
            raise InvalidInput(f"args must be a list, not {kind_of(arguments)}.")
        if len(arguments) > MAX_ARGUMENTS:
            raise InvalidInput(f"args has {len(arguments)} values; at most {MAX_ARGUMENTS}.")
        signature = inspect.signature(method)
        try:
            signature.bind(*arguments)
        except TypeError as error:
            raise InvalidInput(f"The arguments do not fit {method.__name__}: {error}.") from None
        return method(*arguments)

    async def _stream(
        self, connection: Connection, call_id: str, parts: AsyncIterator[Any]
    ) -> None:
        last: Any = None
        async for part in parts:
            last = part
            connection.send(_reply(call_id, part, done=False))
        connection.send(_reply(call_id, last, done=True))


def _reply(call_id: str, result: Any, *, done: bool) -> str:
    frame = {"type": wire.RPC, "id": call_id, "success": True, "result": result, "done": done}
    return dumps(frame)


def rpc_error(call_id: str, problem: dict[str, Any]) -> str:
    """The reply to a call that failed."""
    return dumps(
        {
            "type": wire.RPC,
            "id": call_id,
            "success": False,
            "error": problem["detail"],
            "code": problem["code"],
            "retryable": problem["retryable"],
        }
    )


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.capitalize() for each in others)
