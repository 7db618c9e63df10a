"""The two faces of an orchestrator: the socket for clients, the calls for everybody inside."""

from __future__ import annotations

from typing import Any

from littoral.agent.agent_socket import AgentSocket, state_is_ours
from littoral.agent.connection import Connection
from littoral.agent.rpc import Rpc, callable_methods
from littoral.errors import InvalidInput
from littoral.orchestrator.calls import OrchestratorCalls
from littoral.orchestrator.orchestrator import Orchestrator
from littoral.orchestrator.socket_methods import SocketMethods, WritingMethods

KIND = "orchestrator-agent"
NAME = "default"


class OrchestratorDoors:
    """Everything by which one owner's orchestrator is reached."""

    def __init__(self, orchestrator: Orchestrator) -> None:
        self.orchestrator = orchestrator
        self.calls = OrchestratorCalls(orchestrator)
        self._reader = self._socket(SocketMethods(self.calls))
        self._writer = self._socket(WritingMethods(self.calls))

    def socket(self, *, may_write: bool) -> AgentSocket:
        """The frames of a client, by what its key allows."""
        return self._writer if may_write else self._reader

    def _socket(self, methods: SocketMethods) -> AgentSocket:
        rpc = Rpc(callable_methods(methods))
        return AgentSocket(kind=KIND, name=NAME, hooks=self, rpc=rpc, handlers={})

    # --- hooks of the socket (littoral.agent.agent_socket.Hooks) ---------------------------------

    async def on_connect(self, connection: Connection) -> None:
        """Nothing but the greeting."""

    async def on_message(self, connection: Connection, text: str) -> None:
        raise InvalidInput(
            f"There is no frame of this type: {text[:80]!r}.",
            next_step="Send a frame of a type that the socket protocol lists.",
        )

    async def on_close(self, connection: Connection) -> None:
        """Runs go on without it."""

    async def on_state_write(self, connection: Connection, state: Any) -> None:
        raise state_is_ours()

    def state_frame(self) -> str:
        return self.orchestrator.state_frame()

    def fault(self, error: BaseException, where: str) -> None:
        self.orchestrator.fault(error, where)
