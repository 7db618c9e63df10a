"""The way out: an HTTP proxy on a socket that reaches the hosts that were asked for, and no other.

`CONNECT host:port` and plain `GET http://host/…` are taken. A name that leads to an address of this
machine or of a private network is refused, so that no allowed name is a door to what is near.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from pathlib import Path
from urllib.parse import urlsplit

from _lib.sandbox_engine.streams import join, read_head

CONNECT_SECONDS = 15.0
PLAIN_PORTS = (80, 443)
_REFUSED = "This sandbox may not reach {host}: it was not asked for when the sandbox was started.\n"


class EgressProxy:
    """One for each sandbox. Hosts are names, ``*.name`` or ``name:port``."""

    def __init__(self, path: Path, hosts: tuple[str, ...], *, near_allowed: bool = False) -> None:
        self._path = path
        self._hosts = hosts
        self._near_allowed = near_allowed
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, str(self._path))
        self._path.chmod(0o666)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def allows(self, host: str, port: int) -> bool:
        """Whether the name may be reached at the port."""
        return any(_matches(rule, host.lower().rstrip("."), port) for rule in self._hosts)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            found = await read_head(reader)
            if found is not None:
                await self._answer(*found, reader, writer)
        except (OSError, ValueError):
            pass
        finally:
            writer.close()

    async def _answer(
        self,
        words: list[str],
        headers: dict[str, str],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        tunnel = words[0] == "CONNECT"
        parts = urlsplit(f"//{words[1]}" if tunnel else words[1])
        host, port = parts.hostname or "", parts.port or (443 if tunnel else 80)
        if not self.allows(host, port):
            await _refuse(writer, "403 Forbidden", _REFUSED.format(host=host or "this"))
            return
        far = await self._reach(host, port)
        if far is None:
            await _refuse(writer, "502 Bad Gateway", f"{host} does not answer.\n")
            return
        if tunnel:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            far[1].write(_plain_request(words, parts.path, parts.query, headers))
        await join((reader, writer), far)

    async def _reach(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        try:
            loop = asyncio.get_running_loop()
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            for *_, address in found:
                if self._near_allowed or ipaddress.ip_address(address[0]).is_global:
                    return await asyncio.wait_for(
                        asyncio.open_connection(address[0], port), CONNECT_SECONDS
                    )
        except (OSError, TimeoutError):
            pass
        return None


def _matches(rule: str, host: str, port: int) -> bool:
    name, _, wanted = rule.lower().partition(":")
    if (wanted and wanted != str(port)) or (not wanted and port not in PLAIN_PORTS):
        return False
    if name.startswith("*."):
        return host.endswith(name[1:])
    return host == name


def _plain_request(words: list[str], path: str, query: str, headers: dict[str, str]) -> bytes:
    kept = {name: value for name, value in headers.items() if not name.startswith("proxy-")}
    kept["connection"] = "close"
    target = (path or "/") + (f"?{query}" if query else "")
    lines = [f"{words[0]} {target} HTTP/1.1", *(f"{name}: {kept[name]}" for name in kept)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _refuse(writer: asyncio.StreamWriter, status: str, text: str) -> None:
    body = text.encode()
    writer.write(
        f"HTTP/1.1 {status}\r\ncontent-type: text/plain\r\ncontent-length: {len(body)}\r\n"
        f"connection: close\r\n\r\n".encode()
        + body
    )
    await writer.drain()
