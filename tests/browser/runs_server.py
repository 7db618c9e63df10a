"""Owns a small server of the front end and of a scripted orchestrator behind it.

It serves `public/` under the real content policy, streams events as server-sent events, and speaks
just enough of the agent's socket to send its state. What runs do is `scripted_runs.py`'s business.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from _lib import project
from tests.browser.scripted_runs import ENDED, Json, RunBook

PUBLIC = project.ROOT / "public"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
_SOCKET_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
ME: Json = {
    "user": {"id": "usr_one", "kind": "account", "name": "Ada", "email": "ada@example.org"},
    "scopes": ["chat", "runs:read", "runs:write", "terminal", "account"],
    "limits": {},
    "models": [],
    "version": "test",
    "signup": "open",
}


class RunsServer:
    """`book` is what it answers from; `lines` says whether event streams and sockets get through."""

    def __init__(self) -> None:
        self.book = RunBook()
        self.me = dict(ME)
        self.lines = True
        self.refuse: Json | None = None
        self.pages_asked = 0
        self._cut = 0
        server = self

        class Handler(_Handler):
            runs = server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def reset(self) -> None:
        self.cut()
        self.book.__init__()  # type: ignore[misc]
        self.me, self.lines, self.refuse, self.pages_asked = dict(ME), True, None, 0

    def cut(self) -> None:
        """Ends every stream that is open now."""
        with self.book.changed:
            self._cut += 1
            self.book.changed.notify_all()

    def close(self) -> None:
        self.cut()
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    runs: RunsServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *values: Any) -> None:
        pass

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        parts = [unquote(part) for part in url.path.strip("/").split("/")]
        if parts[0] == "agents":
            return self._socket()
        if parts[0] != "api":
            return self._file(url.path)
        match parts[1:]:
            case ["me"]:
                self._json(200, self.runs.me)
            case ["sessions"]:
                self._json(200, {"sessions": [], "cursor": None})
            case ["orchestrator", "approvals"]:
                self._json(200, {"approvals": self.runs.book.approvals()})
            case ["orchestrator", "session"]:
                self._json(200, {"sessions": self.runs.book.sessions})
            case ["orchestrator", "runs"]:
                self._list(query)
            case ["orchestrator", "runs", run_id, *rest]:
                self._run(run_id, rest, query)
            case _:
                self._problem(404, "not_found", "There is nothing here.")

    def do_POST(self) -> None:
        body = self._body()
        book = self.runs.book
        book.requests.append({"path": self.path, "body": body, "key": self._key()})
        if self.runs.refuse is not None:
            return self._json(self.runs.refuse["status"], self.runs.refuse)
        match self.path.strip("/").split("/")[1:]:
            case ["orchestrator"]:
                run = book.add(**body)
                if body.get("requireApproval"):
                    run.asks()
                self._json(202, {"runId": run.id, "status": "queued"})
            case ["orchestrator", "session"]:
                self._json(201, self._session(body))
            case ["orchestrator", "runs", run_id, action]:
                self._act(run_id, action, body)
            case _:
                self._problem(404, "not_found", "There is nothing here.")

    def do_DELETE(self) -> None:
        session_id = self.path.rsplit("/", 1)[1]
        for session in self.runs.book.sessions:
            if session["id"] == session_id:
                session["status"] = "stopped"
        self._send(204, b"", "application/json")

    def _key(self) -> str:
        return self.headers.get("idempotency-key") or ""

    def _session(self, body: Json) -> Json:
        sessions = self.runs.book.sessions
        made = {
            "id": f"box_{len(sessions)}",
            "name": body.get("name", ""),
            "status": "ready",
            "network": body.get("network", []),
            "ports": [],
            "isolation": "A process group of its own.",
        }
        sessions.insert(0, made)
        return {"sessionId": made["id"], "status": "ready"}

    def _act(self, run_id: str, action: str, body: Json) -> None:
        run = self.runs.book.find(run_id)
        if run is None:
            return self._problem(404, "not_found", "There is no such run.")
        match action:
            case "approve" if run.snapshot["approvals"][0]["state"] == "waiting":
                run.decide("approved")
            case "reject" if run.snapshot["approvals"][0]["state"] == "waiting":
                run.decide("rejected", body.get("reason") or "")
            case "approve" | "reject":
                return self._problem(409, "conflict", "This was answered before.")
            case "cancel":
                run.emit("run.cancelling")
            case "pause" | "resume":
                run.snapshot["status"] = {"pause": "paused", "resume": "running"}[action]
                run.emit(f"run.{run.snapshot['status'].replace('running', 'resumed')}")
        self._json(200, run.snapshot)

    def _list(self, query: dict[str, str]) -> None:
        if self.runs.refuse is not None:
            return self._json(self.runs.refuse["status"], self.runs.refuse)
        words, status = query.get("q", "").lower(), query.get("status")
        found = [
            run.summary()
            for run in self.runs.book.runs
            if words in run.snapshot["title"].lower() and status in (None, run.snapshot["status"])
        ]
        start, limit = int(query.get("cursor", 0)), int(query.get("limit", 30))
        more = str(start + limit) if start + limit < len(found) else None
        self._json(200, {"runs": found[start : start + limit], "cursor": more})

    def _run(self, run_id: str, rest: list[str], query: dict[str, str]) -> None:
        run = self.runs.book.find(run_id)
        if run is None:
            return self._problem(404, "not_found", "There is no such run.")
        match rest:
            case []:
                self._json(200, run.snapshot)
            case ["events"] if "event-stream" in self.headers.get("accept", ""):
                last = self.headers.get("last-event-id") or query.get("since", "0")
                self._stream(run_id, int(last))
            case ["events"]:
                self.runs.pages_asked += 1
                events = run.events[int(query.get("since", 0)) :][:500]
                self._json(200, {"events": events, "next": len(run.events)})
            case ["output"]:
                text = "".join(e["data"].get("text", "") for e in run.events)
                self._send(200, text.encode(), "text/plain", attachment="output.txt")
            case ["artifacts", *path]:
                name = "/".join(path)
                self._send(200, run.artifact_bytes[name], "text/plain", attachment=path[-1])
            case _:
                self._problem(404, "not_found", "There is nothing here.")

    def _stream(self, run_id: str, since: int) -> None:
        """Events as they come, until the run has ended or the line is cut."""
        if not self.runs.lines:
            return self._problem(503, "unavailable", "No streams now.")
        self._head(200, {"content-type": "text/event-stream", "connection": "close"})
        book, cut = self.runs.book, self.runs._cut
        while cut == self.runs._cut and (run := book.find(run_id)) is not None:
            for event in run.events[since:]:
                line = f"id: {event['number']}\ndata: {json.dumps(event)}\n\n"
                if not self._write(line.encode()):
                    return
                since = event["number"]
            if run.snapshot["status"] in ENDED and since >= len(run.events):
                break
            self._wait(lambda run=run, since=since: len(run.events) > since, cut)
        self.close_connection = True

    def _socket(self) -> None:
        """Sends the state whenever it changed; what the page says is not needed."""
        if not self.runs.lines:
            return self._problem(503, "unavailable", "No sockets now.")
        key = (self.headers.get("sec-websocket-key") or "") + _SOCKET_MAGIC
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        headers = {"upgrade": "websocket", "connection": "Upgrade", "sec-websocket-accept": accept}
        self._head(101, headers)
        cut, said = self.runs._cut, ""
        while cut == self.runs._cut:
            with self.runs.book.changed:
                words = json.dumps({"type": "cf_agent_state", "state": self.runs.book.state()})
            if words != said and not self._write(_frame(words)):
                break
            said = words
            with self.runs.book.changed:
                self.runs.book.changed.wait(0.5)
        self.close_connection = True

    def _wait(self, ready: Any, cut: int) -> None:
        until = time.monotonic() + 10
        with self.runs.book.changed:
            while not ready() and cut == self.runs._cut and time.monotonic() < until:
                self.runs.book.changed.wait(0.5)

    def _file(self, path: str) -> None:
        file = (PUBLIC / (path.strip("/") or "index.html")).resolve()
        if not file.is_relative_to(PUBLIC) or not file.is_file():
            return self._problem(404, "not_found", "There is no such page.")
        self._send(200, file.read_bytes(), _TYPES.get(file.suffix, "text/plain"))

    def _json(self, status: int, value: Any) -> None:
        with self.runs.book.changed:
            body = json.dumps(value).encode()
        self._send(status, body, "application/json")

    def _problem(self, status: int, code: str, detail: str) -> None:
        self._json(status, {"status": status, "code": code, "detail": detail, "nextStep": ""})

    def _send(self, status: int, body: bytes, kind: str, attachment: str = "") -> None:
        headers = {"content-type": kind, "content-length": str(len(body))}
        if attachment:
            headers["content-disposition"] = f'attachment; filename="{attachment}"'
        self._head(status, headers)
        self._write(body)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        policy = (PUBLIC / "_headers").read_text().split("Content-Security-Policy: ")[1]
        self.send_header("content-security-policy", policy.splitlines()[0])
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _write(self, data: bytes) -> bool:
        try:
            self.wfile.write(data)
            self.wfile.flush()
        except OSError:  # the page has gone
            return False
        return True

    def _body(self) -> Json:
        size = int(self.headers.get("content-length") or 0)
        found: Json = json.loads(self.rfile.read(size) or b"{}")
        return found


def _frame(words: str) -> bytes:
    """One unmasked text frame of the WebSocket protocol (RFC 6455, 5.2)."""
    data = words.encode()
    if len(data) < 126:
        return bytes([0x81, len(data)]) + data
    if len(data) < 65_536:
        return bytes([0x81, 126]) + len(data).to_bytes(2, "big") + data
    return bytes([0x81, 127]) + len(data).to_bytes(8, "big") + data
