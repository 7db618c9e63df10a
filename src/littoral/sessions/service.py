"""The directory's methods by name, as one JSON string in and one out.

Keeps exceptions inside: what leaves is an envelope (``littoral.api.envelope``).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from littoral.api.envelope import Call, failure, success
from littoral.errors import LittoralError, NotFound
from littoral.sessions.directory import Directory

Arguments = Mapping[str, Any]
Method = Callable[[Directory, Arguments], Any]

_log = logging.getLogger(__name__)


async def answer(directory: Directory, call: Call) -> str:
    """Runs one call and gives its envelope; never raises."""
    try:
        method = METHODS.get(call.method)
        if method is None:
            raise NotFound(f"The directory has no method {call.method!r}.")
        if call.method not in FROM_OBJECTS:
            directory.require_caller(guest=not call.payer)
        result = method(directory, call.args)
        return success(await result if isinstance(result, Awaitable) else result)
    except LittoralError as error:
        return failure(error, call.request_id)
    except Exception as error:  # noqa: BLE001 - exception types do not survive RPC
        _log.exception("directory: %s failed", call.method)
        return failure(error, call.request_id)


def _ping(_directory: Directory, _args: Arguments) -> dict[str, Any]:
    return {"pong": True}


def _register(directory: Directory, args: Arguments) -> Any:
    return directory.register(args["sessionId"], args.get("title") or "", args.get("at"))


def _room(directory: Directory, args: Arguments) -> None:
    directory.require_caller(guest=bool(args.get("guest")))
    directory.require_room(args["sessionId"])


def _claim(directory: Directory, args: Arguments) -> Any:
    return directory.claim(args["after"], int(args["limit"]))


def _dirty(directory: Directory, args: Arguments) -> None:
    directory.report(args["sessionId"], args.get("title") or "", args.get("at"))


def _renamed(directory: Directory, args: Arguments) -> Any:
    return directory.rename(args["sessionId"], args.get("title") or "", args.get("at"))


def _removed(directory: Directory, args: Arguments) -> None:
    directory.remove(args["sessionId"])


def _list(directory: Directory, args: Arguments) -> Any:
    return directory.page(args.get("cursor"), int(args.get("limit", 30)))


def _search(directory: Directory, args: Arguments) -> Any:
    return directory.search(args["q"], int(args.get("limit", 20)))


METHODS: dict[str, Method] = {
    "ping": _ping,
    "sessions.register": _register,
    "sessions.room": _room,
    "sessions.dirty": _dirty,
    "sessions.renamed": _renamed,
    "sessions.removed": _removed,
    "sessions.list": _list,
    "search": _search,
    "sessions.claim": _claim,
}
"""Every method that may be called."""

FROM_OBJECTS = frozenset({"ping", "sessions.room", "sessions.dirty", "sessions.claim"})
"""Those that other objects and the Worker itself call, for nobody in particular."""
