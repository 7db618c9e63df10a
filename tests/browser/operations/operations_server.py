"""Owns a small server of the front end and of operations, answered by the real telemetry."""

from __future__ import annotations

import threading
import time
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from littoral.clock import SystemClock
from littoral.jsontext import dumps
from littoral.ops.observer import Observer
from littoral.ops.question import label_place, lines_of, step_ms
from littoral.ops.recorder import Recorder
from littoral.ops.summary import summary_of
from littoral.ops.tally import read_tally
from tests.browser.runs.page_server import PageHandler
from tests.fakes.telemetry_object import TelemetryObject

Json = dict[str, Any]

ME: Json = {
    "user": {"id": "usr_one", "kind": "account", "name": "Ada", "email": "ada@example.org"},
    "scopes": ["chat", "account"],
    "limits": {},
    "models": [],
    "version": "test",
    "signup": "open",
}
REFUSED: Json = {
    "status": 403,
    "code": "not_allowed",
    "detail": "This is for the operators of the deployment.",
    "nextStep": "An operator can add your account to the setting OPERATORS.",
    "retryable": False,
}


def up(**more: Any) -> Json:
    state = {"status": "ok", "latencyMs": 12.0, "ageMs": 3000, "needed": True, "detail": ""}
    return {**state, **more}


class OperationsServer:
    """``failure`` answers everything about operations until it is None again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()
        server = self

        class Handler(_Handler):
            operations = server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def reset(self, *, quiet: bool = False) -> None:
        """Everything anew; ``quiet`` when nothing has happened yet."""
        with self._lock:
            self.failure: Json | None = None
            self.dependencies = {"settings": up(latencyMs=0.0), "database": up(), "models": up()}
            self._telemetry = TelemetryObject(SystemClock())
        if not quiet:
            self.happen()

    def happen(self) -> None:
        """A request that an object answered after a model was asked, and one that failed."""
        recorder, clock = Recorder(), SystemClock()
        here = Observer(recorder, clock, share=1.0)
        for status, code in ((200, ""), (503, "dependency_unavailable")):
            request = here.begin()
            call = here.begin()
            here.model(
                model="@cf/meta/llama",
                begun_ms=clock.now_ms() - 40,
                breaker="closed",
                input_tokens=120,
                output_tokens=30,
            )
            here.work(
                agent="task-agent",
                work="turn",
                outcome="failed" if code else "completed",
                begun_ms=clock.now_ms() - 60,
                user="usr_one",
                code=code,
            )
            here.leave(call)
            here.call(call, agent="task-agent", method="chat.send", code=code)
            here.leave(request)
            here.request(
                request,
                method="POST",
                route="/api/chat",
                status=status,
                request_id="req_0123456789",
                user="usr_one",
                code=code,
            )
        self._ask("batch", {"id": str(time.time_ns()), "body": dumps(recorder.take().batch)})

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def newest_trace(self) -> str:
        """The id of a trace that begins with a request."""
        trace_id: str = self.traces({})["traces"][0]["traceId"]
        return trace_id

    # --- answers ---------------------------------------------------------------------------------

    def _ask(self, method: str, args: Json) -> Json:
        with self._lock:
            answer: Json = self._telemetry.contents.result(method, args)
            return answer

    def summary(self, minutes: int) -> Json:
        found = self._ask("window", {"minutes": minutes})
        down = any(each["status"] == "down" for each in self.dependencies.values())
        return {
            "minutes": minutes,
            "traceSample": 0.1,
            **summary_of(read_tally(found["tally"]), minutes=minutes),
            "status": "not_ready" if down else "ready",
            "dependencies": self.dependencies,
            "notes": {},
        }

    def series(self, query: dict[str, str]) -> Json:
        metric, minutes, by = query["metric"], int(query["minutes"]), query.get("by")
        asked = {
            "metric": metric,
            "minutes": minutes,
            "stepMs": step_ms(minutes),
            "group": None if by is None else label_place(metric, by),
            "labels": {},
        }
        found = self._ask("points", asked)
        return {"metric": metric, "by": by, "stepMs": found["stepMs"], "lines": lines_of(found)}

    def traces(self, query: dict[str, str]) -> Json:
        asked = {
            "limit": 50,
            "failed": query.get("failed") == "true",
            "slowest": query.get("slowest") == "true",
            "words": query.get("q", ""),
            "kind": query.get("kind", ""),
            "sinceMs": 0,
        }
        return self._ask("traces", asked)

    def trace(self, trace_id: str) -> Json:
        return self._ask("trace", {"traceId": trace_id})

    def log(self, query: dict[str, str]) -> Json:
        return self._ask("tail", {"since": int(query.get("since", 0)), "limit": 200})


class _Handler(PageHandler):
    operations: OperationsServer

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        operations = self.operations
        match url.path.strip("/").split("/"):
            case ["api", "me"]:
                self.json(200, ME)
            case ["api", "sessions"]:
                self.json(200, {"sessions": [], "cursor": None})
            case ["api", "operations", *_] if operations.failure is not None:
                self.json(operations.failure["status"], operations.failure)
            case ["api", "operations", "summary"]:
                self.json(200, operations.summary(int(query["minutes"])))
            case ["api", "operations", "series"]:
                self.json(200, operations.series(query))
            case ["api", "operations", "traces"]:
                self.json(200, operations.traces(query))
            case ["api", "operations", "traces", trace_id]:
                self.json(200, operations.trace(trace_id))
            case ["api", "operations", "log"]:
                self.json(200, operations.log(query))
            case _:
                self.file(url.path)
