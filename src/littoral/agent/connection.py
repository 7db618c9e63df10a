"""The sockets that are connected to one agent object."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from littoral import wire


class Connection(Protocol):
    """One connected client. Sockets outlive the object's memory (hibernation); this does not."""

    @property
    def id(self) -> str:
        """Unique among the connections of this object; chosen by the server."""
        ...

    @property
    def payer(self) -> str:
        """Who pays for what it causes: ``<user id>.<key id>`` of an account, empty for a guest."""
        ...

    def send(self, text: str) -> None:
        """Sends one frame; a socket that is gone already is no error."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Ends the connection with a WebSocket close code (RFC 6455 §7.4)."""
        ...


class Connections(Protocol):
    """All connected clients, also those that connected before the object last lost its memory."""

    def all(self) -> Collection[Connection]: ...


def close_key(connections: Iterable[Connection], key_id: str) -> int:
    """Closes every connection that was opened with a key which has ended; gives how many."""
    found = [each for each in connections if each.payer.partition(".")[2] == key_id]
    for connection in found:
        connection.close(wire.CLOSE_NOT_ALLOWED, "The key of this connection has ended.")
    return len(found)


def broadcast(
    connections: Iterable[Connection], text: str, *, without: Collection[str] = ()
) -> int:
    """Sends one frame to every connection whose id is not in ``without``; gives how many."""
    sent = 0
    for connection in connections:
        if connection.id not in without:
            connection.send(text)
            sent += 1
    return sent
