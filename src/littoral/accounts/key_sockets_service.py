"""The methods of a user's key sockets by name, as one JSON string in and one out."""

from __future__ import annotations

import logging
from typing import Any

from littoral.accounts.key_sockets import KeySockets, SocketPlace
from littoral.api.envelope import Call, failure, success
from littoral.errors import LittoralError, NotFound

_log = logging.getLogger(__name__)


async def answer(sockets: KeySockets, call: Call) -> str:
    """Runs one call and gives its envelope; never raises."""
    try:
        return success(await _result(sockets, call))
    except LittoralError as error:
        return failure(error, call.request_id)
    except Exception as error:  # noqa: BLE001 - exception types do not survive RPC
        _log.exception("key sockets: %s failed", call.method)
        return failure(error, call.request_id)


async def _result(sockets: KeySockets, call: Call) -> Any:
    args = call.args
    if call.method == "revoke":
        return {"revoked": await sockets.revoke(args["keyId"])}
    if call.method == "opened":
        await sockets.opened(_place(call), args.get("expiresAtMs"))
        return None
    if call.method == "closed":
        sockets.closed(_place(call))
        return None
    raise NotFound(f"There is no method {call.method!r} here.")


def _place(call: Call) -> SocketPlace:
    args = call.args
    return SocketPlace(key_id=args["keyId"], kind=args["kind"], name=args["name"])
