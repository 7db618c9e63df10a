"""The agent socket without chat: who am I, what is the state, calls, and everything that is wrong.

A frame that cannot be used gets an error frame; the socket stays open, whatever was sent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from littoral import wire
from littoral.agent.connection import Connection
from littoral.agent.rpc import Rpc, rpc_error
from littoral.errors import InvalidInput, LittoralError, NotAllowed, problem
from littoral.jsontext import dumps, loads
from littoral.ops.here import observer
from littoral.text import kind_of, require_id

MAX_FRAME_CHARACTERS = 1_100_000

Frame = dict[str, Any]
FrameHandler = Callable[[Connection, Frame], Awaitable[None]]

MCP_NONE = dumps(
    {
        "type": wire.MCP_SERVERS,
        "mcp": {"servers": {}, "tools": [], "prompts": [], "resources": []},
    }
)


class Hooks(Protocol):
    """What an agent may do at each moment of a socket's life; every hook is async."""

    async def on_connect(self, connection: Connection) -> None:
        """A socket came; identity and state have been sent."""
        ...

    async def on_message(self, connection: Connection, text: str) -> None:
        """Text that is no frame of the protocol. Raise ``LittoralError`` to refuse it."""
        ...

    async def on_close(self, connection: Connection) -> None:
        """A socket went."""
        ...

    def state_frame(self) -> str:
        """The agent's state as a frame (``state_frame`` of this module makes one)."""
        ...

    async def on_state_write(self, connection: Connection, state: Any) -> None:
        """A client wants to replace the state. Refused unless the agent says otherwise."""
        ...

    def fault(self, error: BaseException, where: str) -> None:
        """Something failed that should not have; for the log."""
        ...


def state_is_ours() -> NotAllowed:
    """The usual answer to a client's write: the server owns the state."""
    return NotAllowed(
        "The state of this agent belongs to the server.",
        next_step="Call one of the agent's methods instead of writing its state.",
    )


class AgentSocket:
    """Speaks the base frames for one agent and hands the others on."""

    def __init__(
        self,
        *,
        kind: str,
        name: str,
        hooks: Hooks,
        rpc: Rpc,
        handlers: Mapping[str, FrameHandler],
    ) -> None:
        self._kind = kind
        self._name = name
        self._hooks = hooks
        self._rpc = rpc
        self._handlers = handlers

    async def on_connect(self, connection: Connection) -> None:
        """Greets a socket: identity, state, MCP servers, in this order."""
        identity = {"name": self._name, "agent": self._kind, "stateFollows": True}
        connection.send(dumps({"type": wire.IDENTITY, **identity}))
        connection.send(self._hooks.state_frame())
        connection.send(MCP_NONE)
        await self._hooks.on_connect(connection)

    async def on_message(self, connection: Connection, text: str | None) -> None:
        """Handles whatever a socket sent; ``None`` stands for bytes. Never raises."""
        frame: Frame = {}
        begun = observer().begin()
        try:
            if text is None:
                raise InvalidInput("Frames are JSON texts; bytes are not taken.")
            parsed = loads(text, most_characters=MAX_FRAME_CHARACTERS, what="The frame")
            if not isinstance(parsed, dict):
                raise InvalidInput(f"A frame must be an object, not {kind_of(parsed)}.")
            frame = parsed
            await self._dispatch(connection, frame, text)
        except LittoralError as error:
            self._refuse(connection, frame, error)
        except Exception as error:  # noqa: BLE001 - a fault must not close the socket
            self._hooks.fault(error, "socket")
            self._refuse(connection, frame, error)
        finally:
            observer().leave(begun)

    async def _dispatch(self, connection: Connection, frame: Frame, text: str) -> None:
        kind = frame.get("type")
        handler = self._handlers.get(kind) if isinstance(kind, str) else None
        if handler is not None:
            await handler(connection, frame)
        elif kind == wire.RPC:
            require_id(frame.get("id"), field="id")
            await self._rpc.handle(connection, frame)
        elif kind == wire.STATE:
            await self._hooks.on_state_write(connection, frame.get("state"))
        else:
            await self._hooks.on_message(connection, text)

    def _refuse(self, connection: Connection, frame: Frame, error: BaseException) -> None:
        told = problem(error)
        call_id = frame.get("id")
        if frame.get("type") == wire.RPC and isinstance(call_id, str):
            connection.send(rpc_error(call_id, told))
        elif frame.get("type") == wire.STATE:
            connection.send(dumps({"type": wire.STATE_ERROR, "error": told["detail"]}))
        else:
            kept = {key: told[key] for key in ("code", "retryable", "nextStep")}
            connection.send(dumps({"type": wire.ERROR, "message": told["detail"], **kept}))


def state_frame(state: Any) -> str:
    """The frame that tells an agent's state, whole."""
    return dumps({"type": wire.STATE, "state": state})
