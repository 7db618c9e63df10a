"""A site on this machine whose pages tests change, with pages of ill will, a receiver of webhooks
and a resolver of names. It remembers every request.
"""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

METADATA: Final = "http://169.254.169.254/latest/meta-data/"
BOMB: Final = gzip.compress(b"<p>" + b"x" * 60_000_000, 9)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


class ChangingSite:
    """``pages`` are texts by path, ``statuses`` of paths that answer otherwise, ``names`` the
    addresses of hosts at ``/dns-query``. ``visits`` are all requests.

    Paths of ill will: ``/bomb``, ``/huge``, ``/endless``, ``/slow``, ``/short``, ``/flood``,
    ``/picture``, ``/loop``, ``/away``, ``/secret-user``.
    """

    def __init__(self, port: int) -> None:
        self.pages: dict[str, str] = {}
        self.statuses: dict[str, int] = {}
        self.names: dict[str, str] = {}
        self.visits: list[Visit] = []
        self._over = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site._answer(self)

            def do_POST(self) -> None:
                site._answer(self)

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{port}"
        self.url = f"http://{self.host}"

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def seen(self, path: str) -> list[Visit]:
        return [each for each in self.visits if each.path == path]

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("content-length") or 0)).decode()
        headers = {name.lower(): value for name, value in request.headers.items()}
        found = urlsplit(request.path)
        path = found.path
        self.visits.append(Visit(method=request.command, path=path, headers=headers, body=body))
        try:
            if path == "/dns-query":
                self._resolve(request, parse_qs(found.query))
            elif path in _ILL_WILL:
                _ILL_WILL[path](self, request)
            else:
                text = f"<title>Site</title>{self.pages.get(path, '')}"
                _send(request, self.statuses.get(path, 200), text.encode())
        except OSError:
            return

    def _resolve(self, request: BaseHTTPRequestHandler, asked: dict[str, list[str]]) -> None:
        address = self.names.get(asked["name"][0])
        kind = {"A": 1, "AAAA": 28}[asked["type"][0]]
        answers = [{"type": 1, "data": address}] if address and kind == 1 else []
        said = {"Status": 0 if address else 3, "Answer": answers}
        _send(request, 200, json.dumps(said).encode(), **{"content-type": "application/dns-json"})

    def _slow(self, request: BaseHTTPRequestHandler) -> None:
        _head(request, 200, **{"content-length": "1000"})
        while not self._over.wait(0.5):
            request.wfile.write(b"x")

    def _endless(self, request: BaseHTTPRequestHandler) -> None:
        _head(request, 200)
        while not self._over.is_set():
            request.wfile.write(b"<p>more " * 10_000)

    def _short(self, request: BaseHTTPRequestHandler) -> None:
        _head(request, 200, **{"content-length": "1000"})
        request.wfile.write(b"<p>half")
        request.connection.shutdown(socket.SHUT_RDWR)


def _head(request: BaseHTTPRequestHandler, status: int, **headers: str) -> None:
    request.send_response(status)
    for name, value in {"content-type": "text/html", "connection": "close", **headers}.items():
        request.send_header(name, value)
    request.end_headers()


def _send(request: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    _head(request, status, **{"content-length": str(len(body)), **headers})
    request.wfile.write(body)


def _flood(_: ChangingSite, request: BaseHTTPRequestHandler) -> None:
    _send(request, 200, b"<p>x", **{f"x-{n}": "y" * 900 for n in range(400)})


_ILL_WILL: Final = {
    "/bomb": lambda _, request: _send(request, 200, BOMB, **{"content-encoding": "gzip"}),
    "/huge": lambda _, request: _send(request, 200, b"x" * 2_100_000),
    "/endless": ChangingSite._endless,
    "/slow": ChangingSite._slow,
    "/short": ChangingSite._short,
    "/flood": _flood,
    "/picture": lambda _, request: _send(request, 200, b"x", **{"content-type": "image/png"}),
    "/loop": lambda _, request: _send(request, 302, b"", location="/loop"),
    "/away": lambda _, request: _send(request, 302, b"", location=METADATA),
    "/secret-user": lambda _, request: _send(request, 301, b"", location="//a:b@127.0.0.1/"),
}


@contextmanager
def changing_site(port: int) -> Iterator[ChangingSite]:
    """A site that runs until the block ends."""
    site = ChangingSite(port)
    thread = threading.Thread(target=site.serve, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.close()
        thread.join()
