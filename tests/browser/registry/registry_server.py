"""Owns a small server of the front end and of a scripted registry: HTTP, event streams, socket."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.browser.registry.scripted_registry import Json, RegistryBook, ScriptedExecution, now
from tests.browser.runs.page_server import PageHandler

ME: Json = {
    "user": {"id": "usr_one", "kind": "account", "name": "Ada", "email": "ada@example.org"},
    "scopes": ["chat", "agents", "account"],
    "limits": {},
    "models": {"default": "@cf/meta/llama-3.3-70b-instruct-fp8-fast", "fallbacks": []},
    "version": "test",
    "signup": "open",
}


class RegistryServer:
    """`book` is what it answers from; `lines` says whether sockets and streams get through.

    `refusal` answers every write, `failure` every look, until they are None again. `does` moves an
    execution along: before its call is answered, or beside it when it is streamed.
    """

    def __init__(self) -> None:
        self._cut = 0
        self.book = RegistryBook()
        self.reset()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def reset(self) -> None:
        self.cut()
        self.book = RegistryBook()
        self.me = dict(ME)
        self.lines = True
        self.refusal: Json | None = None
        self.failure: Json | None = None
        self.does: Callable[[ScriptedExecution], None] = lambda execution: None

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
            registry = self

        return Handler


class _Handler(PageHandler):
    registry: RegistryServer

    @property
    def book(self) -> RegistryBook:
        return self.registry.book

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        failure = self.registry.failure
        match [unquote(part) for part in url.path.strip("/").split("/")]:
            case ["api", "me"]:
                self.json(200, self.registry.me)
            case ["api", "sessions"]:
                self.json(200, {"sessions": [], "cursor": None})
            case ["agents", "registry-agent", *_]:
                self._state()
            case ["api", "agents" | "executions", *_] if failure is not None:
                self.json(failure["status"], failure)
            case ["api", "agents"]:
                archived = query.get("archived") == "true"
                found = [each for each in self.book.agents if each["archived"] == archived]
                self.json(200, {"agents": found[::-1], "cursor": None})
            case ["api", "agents", agent_id, *rest]:
                self._agent(self.book.find(agent_id), rest, query)
            case ["api", "executions"]:
                self._list(query)
            case ["api", "executions", execution_id, *rest]:
                self._execution(self.book.execution(execution_id), rest, query)
            case _:
                self.file(url.path)

    def do_POST(self) -> None:
        body = self._noted()
        match self.path.strip("/").split("/"):
            case _ if self.registry.refusal is not None:
                self.json(self.registry.refusal["status"], self.registry.refusal)
            case ["api", "agents"]:
                self.json(201, self.book.agent(**body))
            case ["api", "agents", agent_id, "restore"]:
                self._archive(agent_id, archived=False)
            case ["api", "agents", agent_id, "execute"]:
                self._execute(agent_id, body)
            case ["api", "agents", agent_id, "memory"]:
                document = self.book.document(agent_id, body["title"], body["text"])
                self.json(201, {**document, "documents": [document]})
            case ["api", "executions", execution_id, "cancel"]:
                execution = self.book.execution(execution_id)
                assert execution is not None
                execution.cancels()
                self.json(200, execution.snapshot)
            case _:
                self.problem(404, "not_found", "There is nothing here.")

    def do_PATCH(self) -> None:
        body, refusal = self._noted(), self.registry.refusal
        agent = self.book.find(self.path.rsplit("/", 1)[1])
        if refusal is not None:
            self.json(refusal["status"], refusal)
            return
        assert agent is not None
        if body.pop("version") != agent["version"]:
            self.problem(409, "conflict", "The agent has a newer version.")
            return
        agent.update(body, version=agent["version"] + 1, updatedAt=now())
        self.book.keep_version(agent)
        self.json(200, agent)

    def do_DELETE(self) -> None:
        match self.path.strip("/").split("/"):
            case ["api", "agents", agent_id]:
                self._archive(agent_id, archived=True)
            case ["api", "agents", agent_id, "memory", document_id]:
                kept = self.book.documents[agent_id]
                kept[:] = [each for each in kept if each["documentId"] != document_id]
                self.json(200, {"documentId": document_id, "removed": True})

    def _noted(self) -> Json:
        body = self.body()
        key = self.headers.get("idempotency-key") or ""
        self.book.requests.append({"path": self.path, "body": body, "key": key})
        return body

    def _archive(self, agent_id: str, *, archived: bool) -> None:
        agent = self.book.find(agent_id)
        assert agent is not None
        agent["archived"] = archived
        self.book.tell()
        self.json(200, agent)

    def _execute(self, agent_id: str, body: Json) -> None:
        agent = self.book.find(agent_id)
        assert agent is not None
        key, does = self.headers.get("idempotency-key") or "", self.registry.does
        known = self.book.by_key.get(key)
        execution = known or self.book.execute(agent, **body)
        self.book.by_key[key] = execution
        if body.get("mode") == "stream":
            if known is None:
                threading.Thread(target=does, args=(execution,), daemon=True).start()
            self._stream(execution, 0, _frame_of(execution))
            return
        does(execution)
        self.json(200 if execution.is_over else 202, execution.snapshot)

    def _agent(self, agent: Json | None, rest: list[str], query: dict[str, str]) -> None:
        match rest:
            case _ if agent is None:
                self.problem(404, "not_found", "There is no such agent.")
            case []:
                self.json(200, agent)
            case ["versions"]:
                self.json(200, {"versions": self.book.versions[agent["id"]]})
            case ["memory"] if "q" in query:
                self.json(200, {"passages": self._nearest(agent["id"], query["q"])})
            case ["memory"]:
                documents = self.book.documents.get(agent["id"], [])
                self.json(200, {"documents": documents, "cursor": None})

    def _nearest(self, agent_id: str, question: str) -> list[Json]:
        words = question.lower().split()
        return [
            {**each, "start": 0, "end": len(each["text"]), "score": 0.83}
            for each in self.book.documents.get(agent_id, [])
            if any(word in each["text"].lower() for word in words)
        ]

    def _list(self, query: dict[str, str]) -> None:
        words = query.get("q", "").lower()
        found = [
            each.snapshot
            for each in reversed(self.book.executions)
            if words in f"{each.snapshot['input']} {each.snapshot['output']}".lower()
            and query.get("agentId") in (None, each.snapshot["agentId"])
            and query.get("status") in (None, each.snapshot["status"])
            and query.get("location") in (None, each.snapshot["edgeLocation"])
        ]
        start, limit = int(query.get("cursor", 0)), int(query.get("limit", 30))
        more = str(start + limit) if start + limit < len(found) else None
        self.json(200, {"executions": found[start : start + limit], "cursor": more})

    def _execution(
        self, execution: ScriptedExecution | None, rest: list[str], query: dict[str, str]
    ) -> None:
        since = int(str(self.headers.get("last-event-id") or query.get("since", "0")))
        match rest:
            case _ if execution is None:
                self.problem(404, "not_found", "There is no such execution.")
            case []:
                self.json(200, execution.snapshot)
            case ["events"] if "event-stream" in self.headers.get("accept", ""):
                self._stream(execution, since)
            case ["events"]:
                page = {"events": execution.events[since:], "next": len(execution.events)}
                self.json(200, {**page, "ended": execution.is_over})

    def _stream(
        self,
        execution: ScriptedExecution,
        since: int,
        frame: Callable[[Json], Json] = lambda event: event,
    ) -> None:
        """Events as they come, until the execution has ended or the line is cut."""
        if not self.registry.lines:
            self.problem(503, "unavailable", "No streams now.")
            return
        self.close_connection = True
        self.head(200, {"content-type": "text/event-stream", "connection": "close"})
        wait, sent = self.registry.follow(), since
        while True:
            for event in execution.events[sent:]:
                sent += 1
                line = f"id: {event['number']}\ndata: {json.dumps(frame(event))}\n\n"
                if not self.write(line.encode()):
                    return
            if execution.is_over and sent == len(execution.events):
                return
            if not wait(_longer(execution.events, sent)):
                return

    def _state(self) -> None:
        """Sends the agent's state whenever it changed; what the page says is not needed."""
        if not self.registry.lines:
            self.problem(503, "unavailable", "No sockets now.")
            return
        self.close_connection = True
        self.open_socket()
        wait, said = self.registry.follow(), ""
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


def _frame_of(execution: ScriptedExecution) -> Callable[[Json], Json]:
    """What a caller in mode `stream` is told of an event."""

    def frame(event: Json) -> Json:
        if event["type"] == "execution.output":
            return {"type": "text-delta", "delta": event["data"]["text"]}
        started = {"status": "running"} if event["type"] == "execution.started" else {}
        return {"type": event["type"], "execution": {**execution.snapshot, **started}}

    return frame


def _longer(events: list[Any], known: int) -> Callable[[], bool]:
    return lambda: len(events) > known
