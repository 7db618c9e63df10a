"""Owns a small server of the front end and of scripted functions: HTTP, event streams, socket."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.browser.functions.scripted_functions import ENDED, FunctionBook, Json, ScriptedJob
from tests.browser.runs.page_server import PageHandler

ME: Json = {
    "user": {"id": "usr_one", "kind": "account", "name": "Ada", "email": "ada@example.org"},
    "scopes": ["chat", "functions", "builds", "account"],
    "limits": {},
    "models": [],
    "version": "test",
    "signup": "open",
}


class FunctionsServer:
    """`book` is what it answers from; `lines` says whether sockets and streams get through.

    `refusal` answers every write, `failure` every look, until they are None again. `does` moves a
    job along before its call is answered.
    """

    def __init__(self) -> None:
        self._cut = 0
        self.book = FunctionBook()
        self.reset()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def reset(self) -> None:
        self.cut()
        self.book = FunctionBook()
        self.me = dict(ME)
        self.lines = True
        self.refusal: Json | None = None
        self.failure: Json | None = None
        self.does: Callable[[ScriptedJob], None] = lambda job: None

    def cut(self) -> None:
        """Ends every line that is open now."""
        self._cut += 1
        self.book.tell()

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
            functions = self

        return Handler


class _Handler(PageHandler):
    functions: FunctionsServer

    @property
    def book(self) -> FunctionBook:
        return self.functions.book

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        failure = self.functions.failure
        match [unquote(part) for part in url.path.strip("/").split("/")]:
            case ["api", "me"]:
                self.json(200, self.functions.me)
            case ["api", "sessions"]:
                self.json(200, {"sessions": [], "cursor": None})
            case ["agents", "function-agent", *_]:
                self._state()
            case ["fn", *_] if failure is not None:
                self.json(failure["status"], failure)
            case ["fn", "jobs"]:
                self._list(query)
            case ["fn", "jobs", job_id, *rest]:
                self._job(self.book.find(job_id), rest, query)
            case ["fn", "overrides"]:
                self.json(200, {"overrides": self.book.overrides})
            case ["fn", "human-tasks"]:
                tasks = self.book.waiting() if "status" in query else self.book.tasks
                self.json(200, {"tasks": tasks})
            case ["fn", "human-tasks", task_id]:
                self.json(200, self.book.task(task_id))
            case _:
                self.file(url.path)

    def do_POST(self) -> None:
        body, refusal = self.body(), self.functions.refusal
        key = self.headers.get("idempotency-key") or ""
        self.book.requests.append({"path": self.path, "body": body, "key": key})
        match self.path.strip("/").split("/"):
            case _ if refusal is not None:
                self.json(refusal["status"], refusal)
            case ["fn"]:
                self._execute(body)
            case ["fn", "classify"]:
                usage = {"inputTokens": 0, "outputTokens": 0}
                self.json(200, {**self.book.found, "degraded": False, "usage": usage})
            case ["fn", "overrides"]:
                known = {"key": f"key-{len(self.book.overrides)}", "at": "", **body}
                self.book.overrides.append(known)
                self.json(200, known)
            case ["fn", "jobs", job_id, action]:
                self._act(self.book.find(job_id), action, body)
            case ["fn", "human-tasks", task_id, action]:
                self._settle(self.book.task(task_id), action, body)
            case _:
                self.problem(404, "not_found", "There is nothing here.")

    def do_DELETE(self) -> None:
        key = unquote(self.path.rsplit("/", 1)[1])
        self.book.overrides = [each for each in self.book.overrides if each["key"] != key]
        self.send(204, b"", "application/json")

    def _execute(self, body: Json) -> None:
        job = self.book.add(**body)
        self.functions.does(job)
        answer = job.answer()
        if answer["status"] == "failed":
            error = {"detail": answer["error"]["message"], "code": answer["error"]["code"]}
            step = answer["error"]["nextStep"]
            self.json(422, {"status": 422, **error, "nextStep": step, "jobId": job.id})
        else:
            self.json(200 if answer["status"] == "completed" else 202, answer)

    def _act(self, job: ScriptedJob | None, action: str, body: Json) -> None:
        if job is None:
            self.problem(404, "not_found", "There is no such job.")
        elif action == "cancel":
            job.cancels(body.get("reason") or "")
            self.json(200, job.snapshot)
        else:
            asked = {name: job.snapshot[name] for name in ("description", "args", "options")}
            made = self.book.add(**asked)
            made.snapshot["replayOf"] = job.id
            self.json(202, made.answer())

    def _settle(self, task: Json | None, action: str, body: Json) -> None:
        if task is None or task["status"] != "waiting":
            self.problem(409, "conflict", "This task is completed already.")
        elif action == "complete":
            self.book.end_task(task, "completed", answer=body["answer"])
            self.json(200, task)
        else:
            self.book.end_task(task, "rejected", reason=body["reason"])
            self.json(200, task)

    def _list(self, query: dict[str, str]) -> None:
        words = query.get("q", "").lower()
        found = [
            job.summary()
            for job in reversed(self.book.jobs)
            if words in job.snapshot["description"].lower()
            and query.get("status") in (None, job.snapshot["status"])
            and query.get("type") in (None, job.snapshot["type"])
            and (job.snapshot["deadLetter"] or "deadLetter" not in query)
        ]
        start, limit = int(query.get("cursor", 0)), int(query.get("limit", 30))
        more = str(start + limit) if start + limit < len(found) else None
        self.json(200, {"jobs": found[start : start + limit], "cursor": more})

    def _job(self, job: ScriptedJob | None, rest: list[str], query: dict[str, str]) -> None:
        since = int(str(self.headers.get("last-event-id") or query.get("since", "0")))
        match rest:
            case _ if job is None:
                self.problem(404, "not_found", "There is no such job.")
            case []:
                self.json(200, job.snapshot)
            case ["events"] if "event-stream" in self.headers.get("accept", ""):
                self._stream(job, since)
            case ["events"]:
                ended = job.snapshot["status"] in ENDED
                page = {"events": job.events[since:], "next": len(job.events), "ended": ended}
                self.json(200, page)

    def _stream(self, job: ScriptedJob, since: int) -> None:
        """Events as they come, until the job has ended or the line is cut."""
        if not self.functions.lines:
            self.problem(503, "unavailable", "No streams now.")
            return
        self.close_connection = True
        self.head(200, {"content-type": "text/event-stream", "connection": "close"})
        wait, sent = self.functions.follow(), since
        while True:
            for event in job.events[sent:]:
                sent += 1
                line = f"id: {event['number']}\ndata: {json.dumps(event)}\n\n"
                if not self.write(line.encode()):
                    return
            if job.snapshot["status"] in ENDED:
                return
            if not wait(_longer(job.events, sent)):
                return

    def _state(self) -> None:
        """Sends the agent's state whenever it changed; what the page says is not needed."""
        if not self.functions.lines:
            self.problem(503, "unavailable", "No sockets now.")
            return
        self.close_connection = True
        self.open_socket()
        wait, said = self.functions.follow(), ""
        while True:
            said = self._frame()
            if not self.write_frame(said):
                return
            if not wait(self._news(said)):
                return

    def _frame(self) -> str:
        return json.dumps({"type": "cf_agent_state", "state": self.book.state()})

    def _news(self, said: str) -> Callable[[], bool]:
        return lambda: self._frame() != said


def _longer(events: list[Any], known: int) -> Callable[[], bool]:
    return lambda: len(events) > known
