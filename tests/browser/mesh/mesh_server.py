"""Owns a small server of the front end and of a scripted mesh: HTTP and the socket."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.browser.mesh.scripted_mesh import Json, MeshBook, now
from tests.browser.runs.page_server import PageHandler

ME: Json = {
    "user": {"id": "usr_one", "kind": "account", "name": "Ada", "email": "ada@example.org"},
    "scopes": ["chat", "mesh", "account"],
    "limits": {},
    "models": [],
    "version": "test",
    "signup": "open",
}


class MeshServer:
    """`book` is what it answers from; `lines` says whether sockets get through.

    `refusal` answers every write, `failure` every look, until they are None again. `does` moves a
    task along before its start is answered.
    """

    def __init__(self) -> None:
        self._cut = 0
        self.book = MeshBook()
        self.reset()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def reset(self) -> None:
        self.cut()
        self.book = MeshBook()
        self.me = dict(ME)
        self.lines = True
        self.refusal: Json | None = None
        self.failure: Json | None = None
        self.does: Callable[[Json], None] = lambda task: None

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
            mesh = self

        return Handler


class _Handler(PageHandler):
    mesh: MeshServer

    @property
    def book(self) -> MeshBook:
        return self.mesh.book

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        failure, book = self.mesh.failure, self.book
        match [unquote(part) for part in url.path.strip("/").split("/")]:
            case ["api", "me"]:
                self.json(200, self.mesh.me)
            case ["api", "sessions"]:
                self.json(200, {"sessions": [], "cursor": None})
            case ["agents", "mesh-agent", *_]:
                self._socket()
            case ["api", "mesh", *_] if failure is not None:
                self.json(failure["status"], failure)
            case ["api", "mesh", "agents"]:
                self.json(200, {"agents": list(book.agents.values())})
            case ["api", "mesh", "agents", name]:
                self._agent(name)
            case ["api", "mesh", "events"]:
                self._events(query)
            case ["api", "mesh", "tasks"]:
                status = query.get("status")
                found = [each for each in book.tasks if status in (None, each["status"])]
                self.json(200, {"tasks": [*map(book.summary, reversed(found))], "cursor": None})
            case ["api", "mesh", "tasks", task_id]:
                self._found(book.tasks, "taskId", task_id, lambda task: self.json(200, task))
            case ["api", "mesh", "permissions"]:
                self.json(200, {"rules": book.rules})
            case ["api", "mesh", "dead-letters"]:
                self.json(200, {"deadLetters": book.letters})
            case ["api", "mesh", ("watches" | "notifications" | "webhooks" | "breakers") as name]:
                self.json(200, {name: getattr(book, name)})
            case _:
                self.file(url.path)

    def do_POST(self) -> None:
        body, refusal, book = self.body(), self.mesh.refusal, self.book
        self._note(body)
        match self.path.strip("/").split("/")[2:]:
            case ["agents", name, "replay"]:
                self.json(200, book.replay(name, body.get("upTo")))
            case _ if refusal is not None:
                self.json(refusal["status"], refusal)
            case ["tasks"]:
                task = book.task(body["goal"], body.get("items") or ["one", "two"])
                self.mesh.does(task)
                answer = {name: task[name] for name in ("taskId", "correlationId", "status")}
                self.json(202, answer)
            case ["tasks", task_id, "cancel"]:
                self._found(book.tasks, "taskId", task_id, self._cancel)
            case ["projections", "rebuild"]:
                done = {"events": len(book.events), "tasks": len(book.tasks), "equal": True}
                self.json(200, done)
            case ["watches"]:
                self.json(201, book.watch(**body))
            case ["watches", watch_id, "look"]:
                self._found(book.watches, "id", watch_id, self._look)
            case ["notifications", "read"]:
                for each in book.notifications:
                    each["readAt"] = now()
                self.json(200, {"unread": 0})
            case ["notifications", note_id, "read"]:
                self._found(book.notifications, "id", note_id, self._read)
            case ["webhooks"]:
                hook = {"id": f"hok_{len(book.webhooks)}", **body, "status": "active"}
                book.webhooks.append({**hook, "deliveries": []})
                self.json(201, {**hook, "secret": "whsec_c2VhLXNhbHQ="})
            case ["webhooks", hook_id, "test"]:
                self._found(book.webhooks, "id", hook_id, self._test)
            case ["webhooks", hook_id, "enable"]:
                self._found(book.webhooks, "id", hook_id, self._enable)
            case ["dead-letters", letter_id, "replay" | "discard"]:
                self._found(book.letters, "id", letter_id, self._settle)
            case _:
                self.problem(404, "not_found", "There is nothing here.")

    def do_PATCH(self) -> None:
        body = self.body()
        self._note(body)
        self._found(self.book.watches, "id", self.path.rsplit("/", 1)[1], _change(self, body))

    def do_DELETE(self) -> None:
        self._note({})
        kind, item_id = self.path.rsplit("/", 2)[1:]
        kept = [each for each in getattr(self.book, kind) if each["id"] != item_id]
        setattr(self.book, kind, kept)
        self.send(204, b"", "application/json")

    def _note(self, body: Json) -> None:
        key = self.headers.get("idempotency-key") or ""
        asked = {"method": self.command, "path": self.path, "body": body, "key": key}
        self.book.requests.append(asked)

    def _found(
        self, items: list[Json], name: str, value: str, answer: Callable[[Json], None]
    ) -> None:
        found = next((each for each in items if each[name] == value), None)
        if found is None:
            self.problem(404, "not_found", "There is no such thing.")
        else:
            answer(found)

    def _cancel(self, task: Json) -> None:
        self.book.cancel(task)
        self.json(200, task)

    def _look(self, watch: Json) -> None:
        watch.update(lastLookAt=now(), looks=watch["looks"] + 1)
        self.json(202, watch)

    def _read(self, note: Json) -> None:
        note["readAt"] = now()
        self.json(200, note)

    def _test(self, hook: Json) -> None:
        sent = {"id": "del_1", "at": now(), "status": "delivered", "httpStatus": 204, "attempts": 1}
        hook["deliveries"].insert(0, {**sent, "error": None})
        self.json(202, {"deliveryId": sent["id"]})

    def _enable(self, hook: Json) -> None:
        hook.update(status="active", disabledBecause=None)
        self.json(200, hook)

    def _settle(self, letter: Json) -> None:
        self.book.letters.remove(letter)
        self.book.agent(letter["agent"])["deadLetters"] -= 1
        self.json(202, {"status": "sent"})

    def _agent(self, name: str) -> None:
        agent = self.book.agents.get(name)
        if agent is None:
            self.problem(404, "not_found", "There is no such agent.")
        else:
            self.json(200, {**agent, "state": self.book.replay(name, None)["state"]})

    def _events(self, query: dict[str, str]) -> None:
        limit = int(query.get("limit", 100))
        before = int(query.get("before", 10**9))
        named = {name: query[name] for name in ("agent", "type", "correlationId") if name in query}
        found = [
            event
            for event in self.book.events
            if event["position"] > int(query.get("since", 0))
            and event["position"] < before
            and all(event[name] == value for name, value in named.items())
        ]
        page = found[:limit] if "since" in query else found[-limit:]
        last = len(self.book.events)
        more = "since" in query and len(found) > limit
        following = page[-1]["position"] if more else last
        self.json(200, {"events": page, "next": following, "last": last})

    def _socket(self) -> None:
        """Sends every new event and notification; what the page says is not needed."""
        if not self.mesh.lines:
            self.problem(503, "unavailable", "No sockets now.")
            return
        self.close_connection = True
        self.open_socket()
        wait, book = self.mesh.follow(), self.book
        events, said = len(book.events), len(book.said)
        while wait(_longer(book, events, said)):
            frames: list[Any] = [
                {"type": "mesh-event", "event": each} for each in book.events[events:]
            ]
            frames += book.said[said:]
            events, said = len(book.events), len(book.said)
            if not all(self.write_frame(json.dumps(frame)) for frame in frames):
                return


def _longer(book: MeshBook, events: int, said: int) -> Callable[[], bool]:
    return lambda: len(book.events) > events or len(book.said) > said


def _change(handler: _Handler, body: Json) -> Callable[[Json], None]:
    def change(watch: Json) -> None:
        values = dict(body)
        if "paused" in values:
            values["status"] = "paused" if values.pop("paused") else "active"
        watch.update(values)
        handler.json(200, watch)

    return change
