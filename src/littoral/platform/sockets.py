"""``Connections`` on hibernating WebSockets.

A socket outlives the object's memory. What must be known of it after a wake is in its attachment, a
string of our own: the connection's id and, after a space, who pays (empty for a guest). Heartbeats
are answered by the runtime and wake nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import js
from pyodide.ffi import JsException, jsnull

from littoral import wire
from littoral.clock import Ids
from littoral.jsontext import dumps

NORMAL_CLOSURE = 1000
_CODES_THAT_MAY_BE_SENT = frozenset((NORMAL_CLOSURE, *range(3000, 5000)))


LONG_FRAME_CHARACTERS = 2_000


class _Parcel:
    """The long frame that was sent last, on the other side of the border.

    A frame that goes to many sockets is one ``str``; it crosses once, as the list of arguments that
    JavaScript itself hands to each socket's ``send``.
    """

    def __init__(self) -> None:
        self.text = ""
        self._arguments: Any = None

    def arguments(self, text: str) -> Any:
        if text is not self.text:
            self.text = text
            self._arguments = js.Array.of(text)
        return self._arguments

    def drop(self) -> None:
        """Keeps no copy longer than until the next short frame."""
        self.text, self._arguments = "", None


class Socket:
    """One server end of a WebSocket."""

    def __init__(self, connection_id: str, raw: Any, parcel: _Parcel, payer: str = "") -> None:
        self.id = connection_id
        self.payer = payer
        self._raw = raw
        self._send = raw.send
        self._parcel = parcel

    def send(self, text: str) -> None:
        try:
            if len(text) < LONG_FRAME_CHARACTERS:
                if self._parcel.text:
                    self._parcel.drop()
                self._send(text)
            else:
                js.Reflect.apply(self._send, self._raw, self._parcel.arguments(text))
        except JsException:
            pass  # The client has gone; its close event comes or came.

    def close(self, code: int, reason: str) -> None:
        try:
            self._raw.close(code, reason)
        except JsException:
            pass

    def answer_close(self, code: int) -> None:
        """Ends the closing handshake that the client began (RFC 6455 §7.1.1).

        A hibernating socket is not closed by itself: without this the client waits for its own
        deadline and then calls the end unclean (1006).
        """
        self.close(code if code in _CODES_THAT_MAY_BE_SENT else NORMAL_CLOSURE, "")


class Sockets:
    """All sockets of one Durable Object. ``state`` is the raw ``DurableObjectState``."""

    def __init__(self, state: Any, ids: Ids) -> None:
        self._state = state
        self._ids = ids
        self._known: dict[str, Socket] | None = None
        self._parcel = _Parcel()

    def all(self) -> Collection[Socket]:
        known = self._known
        return (self._sockets() if known is None else known).values()

    def accept(self, payer: str = "") -> tuple[Socket, Any]:
        """Makes a pair of sockets; gives ours, and the client's end for the 101 response.

        ``payer`` is who opened it, as the door wrote it into the request (``PAYER_HEADER``).
        """
        sockets = self._sockets()
        pair = js.WebSocketPair.new()
        client, server = pair.object_values()
        socket = Socket(self._ids.new("con"), server, self._parcel, payer)
        self._state.acceptWebSocket(server)
        server.serializeAttachment(f"{socket.id} {payer}")
        sockets[socket.id] = socket
        return socket, client

    def find(self, raw: Any) -> Socket:
        """Our end of the socket that an event is about."""
        connection_id, payer = _attachment(raw)
        sockets = self._sockets()
        found = sockets.get(connection_id)
        if found is None:
            found = sockets[connection_id] = Socket(connection_id, raw, self._parcel, payer)
        return found

    def forget(self, socket: Socket) -> None:
        """The socket is closed."""
        self._sockets().pop(socket.id, None)

    def _sockets(self) -> dict[str, Socket]:
        if self._known is None:
            self._known = {}
            for raw in self._state.getWebSockets():
                connection_id, payer = _attachment(raw)
                self._known[connection_id] = Socket(connection_id, raw, self._parcel, payer)
        return self._known


def _attachment(raw: Any) -> tuple[str, str]:
    """The connection's id and who pays."""
    connection_id, _, payer = str(raw.deserializeAttachment()).partition(" ")
    return connection_id, payer


def switch_protocols(client: Any, cookie: str | None = None, *, protocol: str | None = None) -> Any:
    """The 101 response that hands the client its end of the pair."""
    init = js.Object.new()
    init.status = 101
    init.webSocket = client
    headers = {"set-cookie": cookie, "sec-websocket-protocol": protocol}
    init.headers = js.JSON.parse(dumps({name: text for name, text in headers.items() if text}))
    return js.Response.new(jsnull, init)


def refused_socket(
    reason: str, *, code: int = wire.CLOSE_NOT_ALLOWED, protocol: str | None = None
) -> Any:
    """A socket that opens only to be closed, with 1008 unless told otherwise.

    A browser tells its page nothing of a refused upgrade, and the SDK's clients would try again
    for ever; this close code tells them to stop.
    """
    client, server = js.WebSocketPair.new().object_values()
    server.accept()
    server.close(code, reason[:120])
    return switch_protocols(client, protocol=protocol)


def answer_heartbeats(state: Any) -> None:
    """Lets the runtime answer ``ping`` with ``pong`` without waking the object."""
    pair = js.WebSocketRequestResponsePair.new(wire.HEARTBEAT_REQUEST, wire.HEARTBEAT_RESPONSE)
    state.setWebSocketAutoResponse(pair)
