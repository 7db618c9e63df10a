"""A host that nobody may reach: listens for TCP and UDP, and keeps what comes."""

from __future__ import annotations

import socket
import threading


class Outside:
    """One `port` for both. `heard` says what came, connections without a word too."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._streams = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._streams.getsockname()[1]
        self._packets = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._packets.bind(("127.0.0.1", self.port))
        self.url = f"http://127.0.0.1:{self.port}"
        for work in (self._accept, self._receive):
            threading.Thread(target=work, daemon=True).start()

    def close(self) -> None:
        for each in (self._streams, self._packets):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the packets' socket has no other end
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._streams.accept()
            except OSError:
                return
            self.heard.append("a connection")
            connection.close()

    def _receive(self) -> None:
        while True:
            try:
                packet = self._packets.recv(2_000)
            except OSError:
                return
            if packet:
                self.heard.append(f"a packet of {len(packet)} bytes")
