"""The two faces of an orchestrator: the socket for clients, the calls for everybody inside."""

from __future__ import annotations

from typing import Any

from littoral.agent.agent_socket import AgentSocket, state_is_ours
from littoral.agent.connection import Connection
from littoral.agent.rpc import Rpc, callable_methods
from littoral.errors import InvalidInput
from littoral.orchestrator.calls import OrchestratorCalls
from littoral.orchestrator.orchestrator import Orchestrator
from littoral.orchestrator.socket_methods import SocketMethods

KIND = "orchestrator-agent"
NAME = "default"


class OrchestratorDoors:
    """Everything by which one owner's orchestrator is reached."""

    def __init__(self, orchestrator: Orchestrator) -> None:
        self.orchestrator = orchestrator
        self.calls = OrchestratorCalls(orchestrator)
        rpc = Rpc(callable_methods(SocketMethods(self.calls)))
        self.socket = AgentSocket(kind=KIND, name=NAME, hooks=self, rpc=rpc, handlers={})

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
