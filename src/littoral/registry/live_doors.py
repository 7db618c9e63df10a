"""The two faces of an owner's live view: the socket for pages, the calls for everybody inside."""

from __future__ import annotations

import logging
from typing import Any

from littoral.agent.agent_socket import AgentSocket, state_is_ours
from littoral.agent.connection import Connection, close_key
from littoral.agent.rpc import Rpc, callable_method, callable_methods
from littoral.api.envelope import Call, failure, success
from littoral.errors import InvalidInput, LittoralError, NotFound
from littoral.registry.live import LiveRegistry

KIND = "registry-agent"
NAME = "default"

_log = logging.getLogger(__name__)


class LiveMethods:
    """What a client may call over the socket: reading only."""

    def __init__(self, live: LiveRegistry) -> None:
        self._live = live

    @callable_method
    async def refresh(self) -> dict[str, Any]:
        """The state as it is in the database now."""
        await self._live.load()
        return self._live.state


class LiveDoors:
    """Everything by which one owner's live view is reached."""

    def __init__(self, live: LiveRegistry) -> None:
        self.live = live
        rpc = Rpc(callable_methods(LiveMethods(live)))
        self.socket = AgentSocket(kind=KIND, name=NAME, hooks=self, rpc=rpc, handlers={})

    async def answer(self, text: str) -> str:
        """One call as it travels, to one answer as it travels. Never raises."""
        request_id = ""
        try:
            call = Call.read(text)
            request_id = call.request_id
            return success(self._call(call))
        except Exception as error:  # noqa: BLE001 - errors cross between objects as envelopes
            if not isinstance(error, LittoralError):
                self.fault(error, "call")
            return failure(error, request_id)

    def _call(self, call: Call) -> dict[str, Any]:
        if call.method == "registry.told":
            self.live.tell()
            return {"told": True}
        if call.method == "sockets.close":
            return {"closed": close_key(self.live.connections.all(), str(call.args["keyId"]))}
        raise NotFound(f"The registry has no method {call.method!r}.")

    # --- hooks of the socket (littoral.agent.agent_socket.Hooks) ---------------------------------

    async def on_connect(self, connection: Connection) -> None:
        """Nothing but the greeting."""

    async def on_message(self, connection: Connection, text: str) -> None:
        raise InvalidInput(
            f"There is no frame of this type: {text[:80]!r}.",
            next_step="Send a frame of a type that the socket protocol lists.",
        )

    async def on_close(self, connection: Connection) -> None:
        """There is nothing to clean up."""

    async def on_state_write(self, connection: Connection, state: Any) -> None:
        raise state_is_ours()

    def state_frame(self) -> str:
        return self.live.state_frame()

    def fault(self, error: BaseException, where: str) -> None:
        if isinstance(error, LittoralError):
            _log.warning("%s of the registry failed: %s", where, error.detail)
        else:
            _log.error("fault in %s of the registry", where, exc_info=error)
