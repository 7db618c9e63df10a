"""The two faces of a build: the socket for clients, the calls for everybody inside."""

from __future__ import annotations

from typing import Any

from littoral.agent.agent_socket import AgentSocket, state_is_ours
from littoral.agent.connection import Connection
from littoral.agent.rpc import Rpc, callable_methods
from littoral.builder.builder import Builder
from littoral.builder.calls import BuilderCalls
from littoral.builder.socket_methods import SocketMethods
from littoral.errors import InvalidInput

KIND = "code-generator-agent"


class BuilderDoors:
    """Everything by which one build is reached."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.calls = BuilderCalls(builder)
        rpc = Rpc(callable_methods(SocketMethods(self.calls)))
        self.socket = AgentSocket(
            kind=KIND, name=builder.place.build_id, hooks=self, rpc=rpc, handlers={}
        )

    # --- hooks of the socket (littoral.agent.agent_socket.Hooks) ---------------------------------

    async def on_connect(self, connection: Connection) -> None:
        """Nothing but the greeting."""

    async def on_message(self, connection: Connection, text: str) -> None:
        raise InvalidInput(
            f"There is no frame of this type: {text[:80]!r}.",
            next_step="Send a frame of a type that the socket protocol lists.",
        )

    async def on_close(self, connection: Connection) -> None:
        """The build goes on without it."""

    async def on_state_write(self, connection: Connection, state: Any) -> None:
        raise state_is_ours()

    def state_frame(self) -> str:
        return self.builder.state_frame()

    def fault(self, error: BaseException, where: str) -> None:
        self.builder.fault(error, where)
