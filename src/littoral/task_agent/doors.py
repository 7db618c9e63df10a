"""The two faces of a session: the socket for clients, the calls for the Worker's doors."""

from __future__ import annotations

from typing import Any

from littoral.agent.agent_socket import AgentSocket, state_is_ours
from littoral.agent.connection import Connection
from littoral.agent.rpc import Rpc, callable_methods
from littoral.chat.frames import ChatFrames
from littoral.errors import InvalidInput
from littoral.task_agent.session import TaskSession
from littoral.task_agent.session_calls import SessionCalls
from littoral.task_agent.socket_methods import SocketMethods

KIND = "task-agent"


class SessionDoors:
    """Everything by which one session is reached."""

    def __init__(self, session: TaskSession) -> None:
        self.session = session
        self._frames = ChatFrames(session.conversation, session.clock, session.ids)
        self.calls = SessionCalls(session)
        self.socket = AgentSocket(
            kind=KIND,
            name=session.place.session_id,
            hooks=self,
            rpc=Rpc(callable_methods(SocketMethods(session))),
            handlers=self._frames.handlers,
        )

    # --- hooks of the socket (littoral.agent.agent_socket.Hooks) ---------------------------------

    async def on_connect(self, connection: Connection) -> None:
        self._frames.on_connect(connection)

    async def on_message(self, connection: Connection, text: str) -> None:
        raise InvalidInput(
            f"There is no frame of this type: {text[:80]!r}.",
            next_step="Send a frame of a type that the socket protocol lists.",
        )

    async def on_close(self, connection: Connection) -> None:
        self.session.conversation.audience.gone(connection)

    async def on_state_write(self, connection: Connection, state: Any) -> None:
        raise state_is_ours()

    def state_frame(self) -> str:
        return self.session.state_frame()

    def fault(self, error: BaseException, where: str) -> None:
        self.session.fault(error, where)
