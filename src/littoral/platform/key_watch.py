"""What an agent's object does so that the sockets of a key end with the key.

Used by every Durable Object that accepts sockets: ``admitted`` after accepting one, ``gone`` when
one has closed, and ``close_key`` when the user's ``KeySockets`` object says that a key has ended.
Sockets of guests cost nothing here.
"""

from __future__ import annotations

import asyncio
from typing import Any

from littoral import wire
from littoral.accounts.account import PAYER_HEADER
from littoral.agent.connection import Connections
from littoral.errors import LittoralError, NotAuthenticated
from littoral.platform.agents import EXPIRES_HEADER, tell_closed, tell_opened
from littoral.platform.answer import header_of
from littoral.platform.runtime import Background
from littoral.platform.sockets import Socket

TRY_AGAIN_LATER = 1013


def payer_of(request: Any) -> str:
    """Who opens a socket, as the door wrote it into the request; empty for a guest."""
    return header_of(request, PAYER_HEADER) or ""


class KeyWatch:
    """The sockets of one object whose owner is an account. ``name`` is the object's name."""

    def __init__(
        self, env: Any, connections: Connections, background: Background, *, kind: str, name: str
    ) -> None:
        self._env = env
        self._connections = connections
        self._background = background
        self._kind = kind
        self._name = name
        self._order = asyncio.Lock()

    async def admitted(self, socket: Socket, request: Any) -> bool:
        """Whether a socket that was just accepted may stay; closes it when it may not.

        Asked after accepting: a key that ends now either finds the socket or is found ended here.
        """
        if not socket.payer:
            return True
        try:
            async with self._order:
                await tell_opened(
                    self._env,
                    payer=socket.payer,
                    kind=self._kind,
                    name=self._name,
                    expires=header_of(request, EXPIRES_HEADER) or "",
                )
        except NotAuthenticated as error:
            socket.close(wire.CLOSE_NOT_ALLOWED, error.detail)
            return False
        except LittoralError:
            socket.close(TRY_AGAIN_LATER, "The key cannot be checked; try again.")
            return False
        return True

    def gone(self, socket: Socket) -> None:
        """A socket has closed and is forgotten."""
        if socket.payer:
            self._background.spawn(lambda: self._let_go(socket.payer))

    async def _let_go(self, payer: str) -> None:
        async with self._order:  # A socket that opens meanwhile is told after this, not before.
            if not any(each.payer == payer for each in self._connections.all()):
                await tell_closed(self._env, payer=payer, kind=self._kind, name=self._name)
