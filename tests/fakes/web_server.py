"""A small HTTP server on this machine for tests, which remembers every connection and request."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


class WebServer:
    """``seen`` are the requests. Paths: ``/to/<address>`` redirects there, ``/missing`` is 404,
    ``/large`` answers 3 MB, ``/slow`` answers when the server ends; all others answer JSON.
    """

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.connections = 0
        self._over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def setup(self) -> None:
                outer.connections += 1
                super().setup()

            def do_GET(self) -> None:
                outer._answer(self)

            def do_POST(self) -> None:
                outer._answer(self)

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.host}"

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("content-length") or 0)).decode()
        headers = {name.lower(): value for name, value in request.headers.items()}
        path = request.path
        self.seen.append(Seen(method=request.command, path=path, headers=headers, body=body))
        if path == "/slow":
            self._over.wait(30)
        status = 302 if path.startswith("/to/") else 404 if path == "/missing" else 200
        said = json.dumps({"path": path, "body": body}).encode()
        said = b"x" * 3_000_000 if path == "/large" else said
        request.send_response(status)
        if status == 302:
            request.send_header("location", path.removeprefix("/to/"))
        request.send_header("littoral-egress-refused", "1")
        request.send_header("content-type", "application/json")
        request.send_header("content-length", str(len(said)))
        request.end_headers()
        try:
            request.wfile.write(said)
        except OSError:
            return


@contextmanager
def web_server() -> Iterator[WebServer]:
    """A server that runs until the block ends."""
    server = WebServer()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()
