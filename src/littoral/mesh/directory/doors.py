"""The two faces of an owner's mesh: the socket for clients, the calls for everybody inside."""

from __future__ import annotations

from typing import Any

from littoral.agent.agent_socket import AgentSocket, state_is_ours
from littoral.agent.connection import Connection
from littoral.agent.rpc import Rpc, callable_method, callable_methods
from littoral.api.envelope import Call
from littoral.errors import InvalidInput
from littoral.mesh.directory.calls import MeshCalls
from littoral.mesh.directory.owner_mesh import OwnerMesh

KIND = "mesh-agent"
NAME = "default"


class SocketMethods:
    """What a client may call: reading. What changes something goes by HTTP."""

    def __init__(self, calls: MeshCalls) -> None:
        self._calls = calls

    @callable_method
    async def list_agents(self) -> list[Any]:
        """All agents as they are now."""
        found: list[Any] = (await self._call("mesh.agents", {}))["agents"]
        return found

    @callable_method
    async def list_events(self, options: Any = None) -> dict[str, Any]:
        """Events: ``{agent?, correlationId?, type?, since?, before?, limit?}``."""
        if options is not None and not isinstance(options, dict):
            raise InvalidInput("The argument must be an object.")
        return dict(await self._call("mesh.events", options or {}))

    async def _call(self, method: str, args: dict[str, Any]) -> Any:
        return await self._calls.call(Call(method=method, args=args))


class MeshDoors:
    """Everything by which one owner's mesh is reached."""

    def __init__(self, mesh: OwnerMesh) -> None:
        self.mesh = mesh
        self.calls = MeshCalls(mesh)
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
        """The agents go on without it."""

    async def on_state_write(self, connection: Connection, state: Any) -> None:
        raise state_is_ours()

    def state_frame(self) -> str:
        return self.mesh.state_frame()

    def fault(self, error: BaseException, where: str) -> None:
        self.mesh.fault(error, where)
