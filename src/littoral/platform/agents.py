"""The kinds of agents that sockets reach, and what doors and agents tell each other of sockets."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Final, Literal

from pyodide.ffi import JsException

from littoral.accounts.account import Scope
from littoral.accounts.key_sockets import SocketPlace
from littoral.accounts.session_id import for_log
from littoral.api.envelope import Call, result_of
from littoral.errors import DependencyUnavailable

CALL_SECONDS: Final = 5.0
EXPIRES_HEADER: Final = "x-littoral-expires"
"""Carries the end of an account's key to an agent's object, in milliseconds; empty for none."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class AgentKind:
    """A kind of agent that sockets reach.

    ``binding`` is its namespace, ``scope`` what an account's key must allow. ``guests`` may use it
    only if it says so. Of an agent that is one ``per`` owner, the name in the address is not looked
    at.
    """

    binding: str
    scope: Scope
    guests: bool = False
    per: Literal["session", "owner"] = "session"


AGENT_KINDS: Final = {
    "task-agent": AgentKind(binding="TASK_AGENT", scope="chat", guests=True),
    "orchestrator-agent": AgentKind(binding="ORCHESTRATOR_AGENT", scope="runs:read", per="owner"),
    "code-generator-agent": AgentKind(binding="CODE_GENERATOR_AGENT", scope="builds"),
    "registry-agent": AgentKind(binding="REGISTRY_AGENT", scope="agents", per="owner"),
    "mesh-agent": AgentKind(binding="MESH_AGENT", scope="mesh", per="owner"),
    "function-agent": AgentKind(binding="FUNCTION_AGENT", scope="functions", per="owner"),
}
"""Kinds of agents by their name in addresses."""

BUILD_KIND: Final = "code-generator-agent"

SANDBOX_KIND: Final = "sandbox"
"""Sandboxes have sockets too, terminals, which are opened by tickets and at no agent's address."""


async def close_sockets(env: Any, place: SocketPlace) -> None:
    """Lets an agent's object close its sockets of a key; raises ``DependencyUnavailable``."""
    binding = "SANDBOX" if place.kind == SANDBOX_KIND else AGENT_KINDS[place.kind].binding
    stub = getattr(env, binding).getByName(place.name)
    await _told(stub, Call(method="sockets.close", args={"keyId": place.key_id}))


async def tell_opened(env: Any, *, payer: str, kind: str, name: str, expires: str) -> None:
    """An agent's object has accepted a socket of an account.

    Raises ``NotAuthenticated`` when the key has ended meanwhile, ``DependencyUnavailable`` when
    nobody can say; in both cases the socket must be closed.
    """
    args = _place(payer, kind, name)
    args["expiresAtMs"] = int(expires) if expires else None
    await _told(_stub(env, payer), Call(method="opened", args=args, payer=payer))


async def tell_closed(env: Any, *, payer: str, kind: str, name: str) -> None:
    """An agent's object has no socket of this key any more. Best effort: never raises."""
    try:
        call = Call(method="closed", args=_place(payer, kind, name), payer=payer)
        await _told(_stub(env, payer), call)
    except DependencyUnavailable:
        _log.info("a closed socket of %s could not be told", for_log(name))


def _place(payer: str, kind: str, name: str) -> dict[str, Any]:
    return {"keyId": payer.partition(".")[2], "kind": kind, "name": name}


def _stub(env: Any, payer: str) -> Any:
    return env.KEY_SOCKETS.getByName(payer.partition(".")[0])


async def _told(stub: Any, call: Call) -> None:
    try:
        async with asyncio.timeout(CALL_SECONDS):
            result_of(await stub.rpc(call.text()))
    except (JsException, TimeoutError) as error:
        _log.error("%s was not answered: %s", call.method, error)
        raise DependencyUnavailable("The object that keeps this did not answer.") from None
