"""Owns a small server of the front end and of a scripted builder: HTTP, socket, previews."""

from __future__ import annotations

import json
import threading
import time
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.browser.builds.scripted_builds import BuildBook, Json, ScriptedBuild, now
from tests.browser.runs.page_server import PageHandler

ME: Json = {
    "user": {"id": "usr_one", "kind": "account", "name": "Ada", "email": "ada@example.org"},
    "scopes": ["chat", "builds", "account"],
    "limits": {},
    "models": [],
    "version": "test",
    "signup": "open",
}
PREVIEW_POLICY = "sandbox allow-scripts allow-forms allow-modals; default-src 'unsafe-inline' data:"


class BuildsServer:
    """`lines` says whether sockets get through; `refusal` answers every write, `failure` every look
    at builds, until they are None again.
    """

    def __init__(self) -> None:
        self._cut = 0
        self.book = BuildBook()
        self.reset()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def reset(self) -> None:
        self.cut()
        self.book = BuildBook()
        self.me = dict(ME)
        self.lines = True
        self.refusal: Json | None = None
        self.failure: Json | None = None

    def cut(self) -> None:
        """Ends every socket that is open now."""
        with self.book.changed:
            self._cut += 1
            self.book.changed.notify_all()

    def close(self) -> None:
        self.cut()
        self._http.shutdown()
        self._http.server_close()

    def wait(self, ready: Any, cut: int) -> bool:
        """Waits until something is ready; False once the line is cut."""
        until = time.monotonic() + 10
        with self.book.changed:
            while not ready() and cut == self._cut and time.monotonic() < until:
                self.book.changed.wait(0.5)
        return cut == self._cut

    def wait_for_line(self, build_id: str, number: int = 1) -> None:
        """Returns once a socket of the build was opened so often; only those get pieces."""
        with self.book.changed:
            opened = self.book.changed.wait_for(lambda: self.book.lines[build_id] >= number, 15)
        assert opened, f"{build_id} has {self.book.lines[build_id]} of {number} lines"

    @property
    def cuts(self) -> int:
        """How often lines were cut; a socket remembers it."""
        return self._cut

    def _handler(self) -> type[_Handler]:
        class Handler(_Handler):
            builds = self

        return Handler


class _Handler(PageHandler):
    builds: BuildsServer

    @property
    def book(self) -> BuildBook:
        return self.builds.book

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        match [unquote(part) for part in url.path.strip("/").split("/")]:
            case ["api", "me"]:
                self.json(200, self.builds.me)
            case ["api", "sessions"]:
                self.json(200, {"sessions": [], "cursor": None})
            case ["agents", "code-generator-agent", build_id]:
                self._socket(build_id)
            case ["agents", *_] if self.builds.failure is not None:
                self.json(self.builds.failure["status"], self.builds.failure)
            case ["agents"]:
                self._list(query)
            case ["agents", build_id, *rest]:
                self._build(self.book.find(build_id), rest, query)
            case ["preview", build_id, *_]:
                self._preview(build_id)
            case _:
                self.file(url.path)

    def do_POST(self) -> None:
        body, refusal = self.body(), self.builds.refusal
        key = self.headers.get("idempotency-key") or ""
        self.book.requests.append({"path": self.path, "body": body, "key": key})
        match self.path.strip("/").split("/"):
            case _ if refusal is not None:
                self.json(refusal["status"], refusal)
            case ["agents"]:
                build = self.book.add(**body)
                answer = {"success": True, "sessionId": build.id, "status": "drafting"}
                self.json(201, {**answer, "websocketUrl": ""})
            case ["agents", build_id, action]:
                self._act(self.book.find(build_id), action, body)
            case _:
                self.problem(404, "not_found", "There is nothing here.")

    def do_PUT(self) -> None:
        body = self.body()
        self.book.requests.append({"path": self.path, "body": body, "key": ""})
        build = self.book.find(self.path.split("/")[2])
        assert build is not None
        build.plans(body["blueprint"])
        self._state(build)

    def do_DELETE(self) -> None:
        build = self.book.find(self.path.split("/")[2])
        assert build is not None
        build.preview_open = False
        build.emit("preview.revoked")
        self.send(204, b"", "application/json")

    def _state(self, build: ScriptedBuild) -> None:
        self.json(200, {"success": True, "sessionId": build.id, "state": build.state})

    def _act(self, build: ScriptedBuild | None, action: str, body: Json) -> None:
        if build is None:
            self.problem(404, "not_found", "There is no such build.")
            return
        build.act(action, body)
        self._state(build)

    def _list(self, query: dict[str, str]) -> None:
        start, limit = int(query.get("cursor", 0)), int(query.get("limit", 30))
        found = [build.summary() for build in self.book.builds]
        more = str(start + limit) if start + limit < len(found) else None
        self.json(200, {"builds": found[start : start + limit], "cursor": more})

    def _build(self, build: ScriptedBuild | None, rest: list[str], query: dict[str, str]) -> None:
        match rest:
            case _ if build is None:
                self.problem(404, "not_found", "There is no such build.")
            case []:
                self._state(build)
            case ["events"]:
                since = int(query.get("since", 0))
                page = build.events[since:][:200]
                self.json(200, {"events": page, "next": since + len(page), "ended": False})
            case ["files"]:
                path = query["path"]
                file = {**build.state["generatedFilesMap"][path], "content": build.contents[path]}
                answer = {"success": True, "sessionId": build.id, "files": [file]}
                self.json(200, answer)
            case ["files.zip"]:
                self.send(200, b"PK", "application/zip", attachment=f"{build.id}.zip")
            case ["revisions"]:
                self.json(200, {"revisions": build.revisions})
            case ["preview"]:
                build.preview_open = True
                url = f"{self.builds.url}/preview/{build.id}/"
                expires = now(plus_seconds=3600)
                self.json(200, {"success": True, "url": url, "expiresAt": expires})

    def _preview(self, build_id: str) -> None:
        build = self.book.find(build_id)
        if build is None or not build.preview_open:
            self.problem(404, "not_found", "This preview has ended.")
            return
        page = build.preview_page.encode()
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(page)))
        self.send_header("content-security-policy", PREVIEW_POLICY)
        self.end_headers()
        self.write(page)

    def _socket(self, build_id: str) -> None:
        """Sends the state whenever it changed, and pieces of files as they come."""
        build = self.book.find(build_id)
        if not self.builds.lines or build is None:
            self.problem(503, "unavailable", "No sockets now.")
            return
        self.close_connection = True
        book, cut = self.book, self.builds.cuts
        frames = book.frames.setdefault(build_id, [])
        sent, said = len(frames), ""
        self.open_socket()
        with book.changed:
            book.lines[build_id] += 1
            book.changed.notify_all()
        while True:
            for frame in frames[sent:]:
                sent += 1
                if not self.write_frame(json.dumps(frame)):
                    return
            state = json.dumps({"type": "cf_agent_state", "state": build.state})
            if state != said and not self.write_frame(state):
                return
            said = state
            number, seen = build.state["lastEvent"], sent
            ready = self._news(build, number, frames, seen)
            if not self.builds.wait(ready, cut):
                return

    @staticmethod
    def _news(build: ScriptedBuild, number: int, frames: list[Json], seen: int) -> Any:
        return lambda: build.state["lastEvent"] > number or len(frames) > seen
