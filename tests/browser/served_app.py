"""Serves the files of a generated app with the headers of a preview: sandboxed, below a path."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from threading import Thread

from littoral.preview.headers import answer_headers, connections, policy

PREFIX = "/preview/token"
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}


class ServedApp:
    """A server for one app at `url`, which ends in a slash; `close` it at the end."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, files))
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.url = f"{self.origin}{PREFIX}/"
        Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def close(self) -> None:
        """Stops serving."""
        self._server.shutdown()
        self._server.server_close()


class _Files(BaseHTTPRequestHandler):
    def __init__(self, files: Mapping[str, str], *arguments: object) -> None:
        self._files = files
        super().__init__(*arguments)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0].removeprefix(f"{PREFIX}/") or "index.html"
        text = self._files.get(path)
        body = (text or "").encode()
        self.send_response(404 if text is None else 200)
        self.send_header("content-type", _KINDS.get(PurePosixPath(path).suffix, "text/plain"))
        origin = f"http://{self.headers['host']}"
        below = (origin, f"{PREFIX}/")
        for name, value in answer_headers(policy(*below), connections(*below)).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
