"""Owns serving the front end from this process, under its real content policy.

Handlers of scripted interfaces build on it: answers as JSON, problems, streams, one-way sockets.
"""

from __future__ import annotations

import base64
import hashlib
import json
from http.server import BaseHTTPRequestHandler
from typing import Any

from _lib import project

PUBLIC = project.ROOT / "public"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
_SOCKET_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class PageHandler(BaseHTTPRequestHandler):
    """One request, for files below `root`. What has gone on the other side is no error here."""

    root = PUBLIC

    protocol_version = "HTTP/1.1"

    def log_message(self, *_values: Any) -> None:
        """Says nothing: a test's output is for its own figures."""

    def file(self, path: str) -> None:
        file = (self.root / (path.strip("/") or "index.html")).resolve()
        if file.is_relative_to(self.root) and file.is_file():
            self.send(200, file.read_bytes(), _TYPES.get(file.suffix, "text/plain"))
        else:
            self.problem(404, "not_found", "There is no such page.")

    def json(self, status: int, value: Any) -> None:
        self.send(status, json.dumps(value).encode(), "application/json")

    def problem(self, status: int, code: str, detail: str) -> None:
        self.json(status, {"status": status, "code": code, "detail": detail, "nextStep": ""})

    def send(self, status: int, body: bytes, kind: str, attachment: str = "") -> None:
        headers = {"content-type": kind, "content-length": str(len(body))}
        if attachment:
            headers["content-disposition"] = f'attachment; filename="{attachment}"'
        self.head(status, headers)
        self.write(body)

    def head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        policy = (self.root / "_headers").read_text().split("Content-Security-Policy: ")[1]
        self.send_header("content-security-policy", policy.splitlines()[0])
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def write(self, data: bytes) -> bool:
        """Whether somebody is still there."""
        try:
            self.wfile.write(data)
            self.wfile.flush()
        except OSError:
            return False
        return True

    def body(self) -> dict[str, Any]:
        size = int(self.headers.get("content-length") or 0)
        found: dict[str, Any] = json.loads(self.rfile.read(size) or b"{}")
        return found

    def open_socket(self) -> None:
        """Answers the handshake of a WebSocket (RFC 6455, 4.2.2); `write_frame` follows."""
        key = (self.headers.get("sec-websocket-key") or "") + _SOCKET_MAGIC
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        headers = {"upgrade": "websocket", "connection": "Upgrade", "sec-websocket-accept": accept}
        self.head(101, headers)

    def write_frame(self, words: str) -> bool:
        """Sends one unmasked text frame (RFC 6455, 5.2)."""
        data = words.encode()
        if len(data) < 126:
            size = bytes([len(data)])
        elif len(data) < 65_536:
            size = bytes([126]) + len(data).to_bytes(2, "big")
        else:
            size = bytes([127]) + len(data).to_bytes(8, "big")
        return self.write(b"\x81" + size + data)
