"""Owns a small server of the front end and of a scripted orchestrator behind it.

It streams events as server-sent events and speaks just enough of the agent's socket to send its
state. What runs do is `scripted_runs.py`'s business.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from tests.browser.runs.page_server import PageHandler
from tests.browser.runs.scripted_runs import ENDED, Json, RunBook, ScriptedRun

ME: Json = {
    "user": {"id": "usr_one", "kind": "account", "name": "Ada", "email": "ada@example.org"},
    "scopes": ["chat", "runs:read", "runs:write", "terminal", "account"],
    "limits": {},
    "models": [],
    "version": "test",
    "signup": "open",
}


class RunsServer:
    """`book` is what it answers from; `lines` says whether event streams and sockets get through.

    `refusal` answers every write, `failure` the list of runs, until they are None again.
    """

    def __init__(self) -> None:
        self._cut = 0
        self.book = RunBook()
        self.reset()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def reset(self) -> None:
        self.cut()
        self.book = RunBook()
        self.me = dict(ME)
        self.lines = True
        self.refusal: Json | None = None
        self.failure: Json | None = None

    def cut(self) -> None:
        """Ends every stream that is open now."""
        with self.book.changed:
            self._cut += 1
            self.book.changed.notify_all()

    def close(self) -> None:
        self.cut()
        self._http.shutdown()
        self._http.server_close()

    def follow(self) -> Callable[[Callable[[], bool]], bool]:
        """A wait that ends when something is ready; False once the line is cut."""
        book, cut = self.book, self._cut

        def wait(ready: Callable[[], bool]) -> bool:
            until = time.monotonic() + 10
            with book.changed:
                while not ready() and cut == self._cut and time.monotonic() < until:
                    book.changed.wait(0.5)
            return cut == self._cut

        return wait

    def _handler(self) -> type[_Handler]:
        class Handler(_Handler):
            server_of_runs = self

        return Handler


class _Handler(PageHandler):
    server_of_runs: RunsServer

    @property
    def book(self) -> RunBook:
        return self.server_of_runs.book

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        match [unquote(part) for part in url.path.strip("/").split("/")]:
            case ["agents", *_]:
                self._state()
            case ["api", "me"]:
                self.json(200, self.server_of_runs.me)
            case ["api", "sessions"]:
                self.json(200, {"sessions": [], "cursor": None})
            case ["api", "orchestrator", "approvals"]:
                self.json(200, {"approvals": self.book.approvals()})
            case ["api", "orchestrator", "session"]:
                self.json(200, {"sessions": self.book.sessions})
            case ["api", "orchestrator", "runs"]:
                self._list(query)
            case ["api", "orchestrator", "runs", run_id, *rest]:
                self._run(self.book.find(run_id), rest, query)
            case _:
                self.file(url.path)

    def do_POST(self) -> None:
        body, refusal = self.body(), self.server_of_runs.refusal
        key = self.headers.get("idempotency-key") or ""
        self.book.requests.append({"path": self.path, "body": body, "key": key})
        match self.path.strip("/").split("/")[1:]:
            case _ if refusal is not None:
                self.json(refusal["status"], refusal)
            case ["orchestrator"]:
                run = self.book.add(**body)
                if body.get("requireApproval"):
                    run.asks()
                self.json(202, {"runId": run.id, "status": "queued"})
            case ["orchestrator", "session"]:
                made = self.book.add_session(**body)
                self.json(201, {"sessionId": made["id"], "status": made["status"]})
            case ["orchestrator", "runs", run_id, action]:
                self._act(self.book.find(run_id), action, body)
            case _:
                self.problem(404, "not_found", "There is nothing here.")

    def do_DELETE(self) -> None:
        session_id = self.path.rsplit("/", 1)[1]
        for session in self.book.sessions:
            if session["id"] == session_id:
                session["status"] = "stopped"
        self.send(204, b"", "application/json")

    def _act(self, run: ScriptedRun | None, action: str, body: Json) -> None:
        if run is None:
            self.problem(404, "not_found", "There is no such run.")
        elif action == "restart":
            self.json(200, self.book.add(**run.snapshot["input"]).snapshot)
        elif run.act(action, body.get("reason") or ""):
            self.json(200, run.snapshot)
        else:
            self.problem(409, "conflict", "This was answered before.")

    def _list(self, query: dict[str, str]) -> None:
        failure = self.server_of_runs.failure
        if failure is not None:
            self.json(failure["status"], failure)
            return
        words, status = query.get("q", "").lower(), query.get("status")
        found = [
            run.summary()
            for run in self.book.runs
            if words in run.snapshot["title"].lower() and status in (None, run.snapshot["status"])
        ]
        start, limit = int(query.get("cursor", 0)), int(query.get("limit", 30))
        more = str(start + limit) if start + limit < len(found) else None
        self.json(200, {"runs": found[start : start + limit], "cursor": more})

    def _run(self, run: ScriptedRun | None, rest: list[str], query: dict[str, str]) -> None:
        since = int(str(self.headers.get("last-event-id") or query.get("since", "0")))
        match rest:
            case _ if run is None:
                self.problem(404, "not_found", "There is no such run.")
            case []:
                self.json(200, run.snapshot)
            case ["events"] if "event-stream" in self.headers.get("accept", ""):
                self._stream(run, since)
            case ["events"]:
                self.json(200, {"events": run.events[since:][:500], "next": len(run.events)})
            case ["output"]:
                text = "".join(event["data"].get("text", "") for event in run.events)
                self.send(200, text.encode(), "text/plain", attachment="output.txt")
            case ["artifacts", *path]:
                content = run.artifact_bytes["/".join(path)]
                self.send(200, content, "text/plain", attachment=path[-1])

    def _stream(self, run: ScriptedRun, since: int) -> None:
        """Events as they come, until the run has ended or the line is cut."""
        if not self.server_of_runs.lines:
            self.problem(503, "unavailable", "No streams now.")
            return
        self.close_connection = True
        self.head(200, {"content-type": "text/event-stream", "connection": "close"})
        wait = self.server_of_runs.follow()
        sent = since
        while True:
            for event in run.events[sent:]:
                line = f"id: {event['number']}\ndata: {json.dumps(event)}\n\n"
                if not self.write(line.encode()):
                    return
            sent = len(run.events) if run.events else sent
            if run.snapshot["status"] in ENDED and run.snapshot["lastEvent"] <= sent:
                return
            if not wait(lambda known=sent: len(run.events) > known):  # type: ignore[misc]
                return

    def _state(self) -> None:
        """Sends the agent's state whenever it changed; what the page says is not needed."""
        if not self.server_of_runs.lines:
            self.problem(503, "unavailable", "No sockets now.")
            return
        self.close_connection = True
        self.open_socket()
        wait, said = self.server_of_runs.follow(), ""
        while True:
            said = self.book.state_frame()
            if not self.write_frame(said):
                return
            if not wait(lambda known=said: self.book.state_frame() != known):  # type: ignore[misc]
                return
